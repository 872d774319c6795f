// A clone without attribution, and its proof later: the patches have the same names with and without it, and what comes
// afterwards is believed only where it matches what was committed to when they were recorded.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `atomic` in a folder; what it prints. */
export type Atomic = (
  folder: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stdout: string }>;

export async function provenLater(print: (line: string) => void, atomic: Atomic): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-example-'));
  const [here, there] = [join(folder, 'here'), join(folder, 'there')] as const;
  const ask = async (place: string, ...args: readonly string[]): Promise<string> => {
    const { code, stdout } = await atomic(place, args);
    if (code !== 0) throw new Error(`atomic ${args.join(' ')} ended with ${code}: ${stdout}`);
    return stdout;
  };
  const rootOf = async (place: string): Promise<string> =>
    (JSON.parse(await ask(place, 'state', '--json')) as { root: string }).root;
  const actorsOf = async (place: string): Promise<string> => {
    const { patches } = JSON.parse(await ask(place, 'log', '--json')) as {
      patches: { attribution: { actor: string } }[];
    };
    return patches.map(({ attribution }) => attribution.actor).join(', ');
  };
  try {
    mkdirSync(here);
    await ask(here, 'init');
    writeFileSync(join(here, 'poem.txt'), 'Roses are red\n');
    const ai = ['--ai-assisted', '--ai-provider', 'anthropic', '--ai-model', 'claude-sonnet-4-5'];
    await ask(here, 'record', '--all', '-m', 'A first line', ...ai);
    await ask(folder, 'clone', here, there, '--skip-attribution');
    print(`the states are ${(await rootOf(here)) === (await rootOf(there)) ? 'the same' : 'different'}`);
    print(`here: ${await actorsOf(here)}; there: ${await actorsOf(there)}`);

    await ask(there, 'pull', '--with-attribution');
    print(`after a pull with attribution, there: ${await actorsOf(there)}`);
    await ask(there, 'audit', 'verify');
    print('and it is what was committed to');

    writeFileSync(join(there, 'poem.txt'), 'Roses are red\nViolets are blue\n');
    await ask(there, 'record', '-m', 'A second line', '--no-ai-assisted');
    await ask(there, 'push');
    await ask(here, 'reset', '--force');
    print(`pushed back, the states are ${(await rootOf(here)) === (await rootOf(there)) ? 'the same' : 'different'}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The command of this checkout, by itself. */
const command: Atomic = async (cwd, args) => {
  const { status, stdout } = spawnSync(join(import.meta.dirname, '../../atomic/bin/atomic'), args, {
    cwd,
    encoding: 'utf8',
  });
  return { code: status ?? 1, stdout };
};

if (import.meta.main) await provenLater((line) => void process.stdout.write(`${line}\n`), command);
