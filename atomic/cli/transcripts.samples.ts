// Transcripts for tests: a story of commands and files in a folder of its own, and what was printed, with everything that
// differs from run to run named instead.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { manualClock, type ManualClock } from 'kernel/basics';

import { openRepository } from '../repository/repository.ts';
import { runAtomic, type RanCommand, type RunOptions } from './run-atomic.ts';

export class Story {
  readonly folder: string;
  readonly clock: ManualClock;
  readonly #home: string;
  #text = '';

  constructor() {
    this.#home = mkdtempSync(join(tmpdir(), 'atomic-story-'));
    this.folder = join(this.#home, 'project');
    mkdirSync(this.folder);
    this.clock = manualClock();
  }

  /** Writes a file; what is null goes. */
  write(path: string, text: string | null): void {
    const target = join(this.folder, path);
    if (text === null) return rmSync(target, { recursive: true });
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }

  /** Runs a command line without telling it. */
  async quiet(args: readonly string[], options: Partial<RunOptions> = {}): Promise<RanCommand> {
    await this.clock.advance(1000);
    const env = { HOME: this.#home, ...options.env };
    return runAtomic(args, { cwd: this.folder, clock: this.clock, ...options, env });
  }

  /** `behind`: what stands behind the options. */
  async json(
    args: readonly string[],
    options: Partial<RunOptions> = {},
    behind: readonly string[] = [],
  ): Promise<Record<string, unknown>> {
    const { stdout, stderr } = await this.quiet([...args, '--json', ...behind], options);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Record<string, unknown>;
  }

  /** The hash of the patch that a record makes. */
  async record(message: string, ...flags: readonly string[]): Promise<string> {
    const { patch } = await this.json(['record', '--all', '-m', message, ...flags]);
    if (typeof patch !== 'string') throw new Error(`Nothing was recorded as "${message}".`);
    return patch;
  }

  /** Runs a command line as a person types it, and tells it. */
  async tell(...args: readonly string[]): Promise<RanCommand> {
    const ran = await this.quiet(args);
    const typed = args.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`)).join(' ');
    this.#text += `$ atomic ${typed}\n${ran.stdout}`;
    if (ran.stderr !== '') this.#text += ran.stderr.replaceAll(/^/gm, '! ').replace(/! $/, '');
    if (ran.code !== 0) this.#text += `(exit ${ran.code})\n`;
    return ran;
  }

  /** What was told. Hashes of patches are P1, P2 … in the order in which they came; states are STATE. */
  transcript(): string {
    const repository = openRepository(this.folder, { readOnly: true });
    let text = this.#text.replaceAll(this.#home, '~');
    const { patches } = repository.store;
    for (let number = 1; number <= patches.count; number += 1) {
      const hash = patches.hashOf(number);
      text = text.replaceAll(hash, `P${number}-whole`).replaceAll(hash.slice(0, 8), `P${number}`);
    }
    repository.close();
    return text
      .replaceAll(/\b[a-z2-7]{51}[aq]\b/g, 'STATE')
      .replaceAll(/(state |→ )[a-z2-7]{8}\b/g, '$1STATE')
      .replaceAll(/\b[a-z2-7]{8}( → STATE)/g, 'STATE$1');
  }

  end(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}
