// What an agent waits for: `atomic hook AGENT EVENT` as agents start it, cold, beside Node that does nothing. A tool that
// names its file, and a tool that may have touched any of 394 (the size of fastify), with nothing changed and with one
// file changed. ATOMIC_BENCH_REPOSITORY, a git folder, gives the tree instead of a generated one.

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { note, quantile, report, rounds, type Measured } from './measuring/report.ts';

const ROUNDS = rounds(100);
const FILES = 394;
const FOLDERS = 37;
const LINES_PER_FILE = 120;
const ATOMIC = join(ROOT, 'atomic/bin/atomic');
const env = { ...process.env, ATOMIC_AUTHOR: 'Bench <bench@example.com>', ATOMIC_SOURCE: '' };

async function treeIn(folder: string): Promise<void> {
  const given = process.env['ATOMIC_BENCH_REPOSITORY'];
  mkdirSync(folder);
  if (given !== undefined) {
    await outputOf(['sh', '-c', `git -C "$1" archive HEAD | tar x -C "$2"`, 'sh', given, folder]);
    return;
  }
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\n*.log\ndist/\n');
  for (let file = 1; file < FILES; file += 1) {
    const path = join(folder, `part-${file % FOLDERS}`, file % 3 === 0 ? 'inside' : '.', `file-${file}.ts`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, textOf(file));
  }
}

const textOf = (file: number): string =>
  Array.from({ length: LINES_PER_FILE }, (_, line) => `export const name${line} = ${file * line};\n`).join('');

interface Event {
  readonly what: string;
  readonly name: string;
  readonly payload: object;
  readonly before?: (round: number) => void;
}

function once({ name, payload }: Event, cwd: string): number {
  const startedAt = performance.now();
  const ended = spawnSync(ATOMIC, ['hook', 'claude-code', name], { cwd, env, input: JSON.stringify(payload) });
  if (ended.status !== 0 || ended.stdout.length > 0) throw new Error(`The hook said something: ${ended.stderr}`);
  return performance.now() - startedAt;
}

function bareNode(cwd: string): number {
  const startedAt = performance.now();
  spawnSync(process.execPath, ['-e', '0'], { cwd, env, input: '{}' });
  return performance.now() - startedAt;
}

await inFolder(async (folder) => {
  const root = join(folder, 'tree');
  await treeIn(root);
  await outputOf([process.execPath, join(ROOT, 'scripts/build-atomic.mjs')]);
  for (const args of [['init'], ['add', '.'], ['record', '-m', 'All of it']] as const)
    await outputOf([ATOMIC, ...args], { cwd: root, env: { ATOMIC_AUTHOR: 'Bench <bench@example.com>' } });
  const edited = join(root, 'bench-edited.ts');
  writeFileSync(edited, textOf(1));
  const common = { session_id: 's', cwd: root, tool_use_id: 't', permission_mode: 'default' };
  const bash = { ...common, tool_name: 'Bash', tool_input: { command: 'npm run build' } };
  const write = (round: number): void => writeFileSync(edited, `${textOf(1)}// ${round}\n`);
  const events: readonly Event[] = [
    {
      what: 'a tool that names its file',
      name: 'PostToolUse',
      payload: { ...common, tool_name: 'Edit', tool_input: { file_path: edited } },
      before: write,
    },
    { what: 'a command, nothing changed', name: 'PreToolUse', payload: bash },
    { what: 'a command that changed a file', name: 'PostToolUse', payload: bash, before: write },
  ];
  const times = events.map((): number[] => []);
  const floors: number[] = [];
  // The first rounds compile and fill caches: agents call hooks all day.
  for (let round = -5; round < ROUNDS; round += 1) {
    const floor = bareNode(root);
    if (round >= 0) floors.push(floor);
    for (const [index, event] of events.entries()) {
      event.before?.(round);
      const tookMs = once(event, root);
      if (round >= 0) times[index]?.push(tookMs);
    }
  }
  note(`${ROUNDS} rounds`);
  const measured = events.flatMap(({ what }, index): Measured[] => {
    const own = times[index] ?? [];
    const floor = quantile(floors);
    return [
      { what: `${what}, p50`, value: quantile(own), floor, floorName: 'node -e 0', unit: 'ms' },
      { what: `${what}, p99`, value: quantile(own, 0.99), unit: 'ms' },
    ];
  });
  report('atomic-hooks', measured);
});
