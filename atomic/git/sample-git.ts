// A git repository made by git itself in a temporary folder, with times that never change: for tests.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const PERSON = { name: 'Ada Lovelace', email: 'ada@example.org' };
const FIRST_SECOND = 1_700_000_000;
/** After each commit git starts a process that looks whether something is to be tidied up. */
const QUICK = {
  GIT_CONFIG_COUNT: '2',
  GIT_CONFIG_KEY_0: 'maintenance.auto',
  GIT_CONFIG_VALUE_0: 'false',
  GIT_CONFIG_KEY_1: 'core.fsync',
  GIT_CONFIG_VALUE_1: 'none',
};

export class SampleGit {
  readonly folder: string;
  #seconds = FIRST_SECOND;

  constructor(folder = mkdtempSync(join(tmpdir(), 'atomic-git-'))) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
    this.run('init', '-q', '-b', 'main', '--template=');
  }

  run(...args: readonly string[]): string {
    return this.runWith({}, ...args);
  }

  runWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): string {
    return this.#spawn('git', args, env);
  }

  #spawn(program: string, args: readonly string[], env: Readonly<Record<string, string>>): string {
    const date = `${this.#seconds} +0130`;
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: this.folder,
        GIT_CONFIG_NOSYSTEM: '1',
        ...QUICK,
        GIT_AUTHOR_NAME: PERSON.name,
        GIT_AUTHOR_EMAIL: PERSON.email,
        GIT_COMMITTER_NAME: PERSON.name,
        GIT_COMMITTER_EMAIL: PERSON.email,
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
        ...env,
      },
    });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  write(path: string, content: string | Uint8Array, mode = 0o644): void {
    const target = join(this.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    rmSync(target, { force: true });
    writeFileSync(target, content);
    chmodSync(target, mode);
  }

  link(path: string, to: string): void {
    rmSync(join(this.folder, path), { force: true, recursive: true });
    symlinkSync(to, join(this.folder, path));
  }

  remove(path: string): void {
    rmSync(join(this.folder, path), { recursive: true, force: true });
  }

  /** Commits all that lies in the folder, a minute after the last time. Gives the commit's name. */
  commit(message: string, env: Readonly<Record<string, string>> = {}): string {
    this.#seconds += 60;
    // In one process of ours: starting one takes longer than all that git does.
    const script = 'git add -A && git commit -q --allow-empty --no-verify -m "$1" && git rev-parse HEAD';
    return this.#spawn('sh', ['-c', script, 'sh', message], env).trim();
  }

  /** Files with these texts, committed. */
  commitFiles(message: string, files: Readonly<Record<string, string>>): string {
    for (const [path, text] of Object.entries(files)) this.write(path, text);
    return this.commit(message);
  }

  head(): string {
    return this.run('rev-parse', 'HEAD').trim();
  }

  /** Merges, taking what lies in the folder where git does not know better. */
  merge(message: string, others: readonly string[], resolve: () => void = () => {}): string {
    this.#seconds += 60;
    try {
      this.run('merge', '-q', '--no-ff', '--no-commit', ...others);
    } catch {
      // Git asks for a person: `resolve` is one.
    }
    resolve();
    return this.commit(message);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
