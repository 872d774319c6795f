// Patches applied in different orders, picked one by one, and taken out: the same set is the same channel, each time.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs `atomic` in a folder; what it prints. */
export type Atomic = (
  folder: string,
  args: readonly string[],
) => Promise<{ readonly code: number; readonly stdout: string }>;

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

export async function applyInAnyOrder(print: (line: string) => void, atomic: Atomic): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'atomic-example-'));
  const ask = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout } = await atomic(folder, args);
    if (code !== 0) throw new Error(`atomic ${args.join(' ')} ended with ${code}: ${stdout}`);
    return stdout;
  };
  const record = async (lines: readonly string[], message: string): Promise<string> => {
    writeFileSync(join(folder, 'count.txt'), lines.map((line) => `${line}\n`).join(''));
    return (JSON.parse(await ask('record', '--all', '-m', message, '--json')) as { patch: string }).patch;
  };
  const rootOf = async (channel: string): Promise<string> =>
    (JSON.parse(await ask('state', '--channel', channel, '--json')) as { root: string }).root;
  try {
    await ask('init');
    await record(LINES, 'Count');
    await ask('channel', 'fork', 'backwards');
    await ask('channel', 'fork', 'picked');
    const changed = [...LINES];
    const patches: string[] = [];
    for (const at of [0, 3, 6]) {
      changed[at] = (changed[at] ?? '').toUpperCase();
      patches.push(await record(changed, `Shout ${LINES[at]}`));
    }
    for (const patch of patches.toReversed()) await ask('apply', patch, '--channel', 'backwards');
    const isSame = (await rootOf('main')) === (await rootOf('backwards'));
    print(`three patches in either order: ${isSame ? 'the same state' : 'different states'}`);

    const [first = '', second = ''] = patches;
    await ask('apply', second, '--channel', 'picked');
    const { patches: picked } = JSON.parse(await ask('log', '--channel', 'picked', '--json')) as {
      patches: { hash: string }[];
    };
    print(`a patch that was picked: ${picked.some(({ hash }) => hash === second) ? 'the very same one' : 'a copy'}`);

    await ask('unrecord', first);
    await ask('unrecord', first, '--channel', 'backwards');
    const isStillSame = (await rootOf('main')) === (await rootOf('backwards'));
    print(`the first one taken out of both: ${isStillSame ? 'the same state again' : 'different states'}`);
    await ask('apply', first);
    await ask('apply', first);
    const { patches: all } = JSON.parse(await ask('log', '--json')) as { patches: unknown[] };
    print(`put back, twice: ${all.length} patches`);
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

if (import.meta.main) await applyInAnyOrder((line) => void process.stdout.write(`${line}\n`), command);
