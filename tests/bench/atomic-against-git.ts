// The atomic command beside git and, where it is installed, darcs: cold one-line records on a file of 10,000 lines, who
// wrote which line, a local clone, and a real history's import and size. The repository for the import is named by
// ATOMIC_BENCH_REPOSITORY (a git folder); without it this checkout's own history is taken.

import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { changedLine, manyLines } from './atomic-histories/independent-patches.ts';
import { inFolder, outputOf, ran, ROOT } from './measuring/programs.ts';
import { note, quantile, report, rounds, timed, type Measured } from './measuring/report.ts';

const RECORDS = rounds(200);
const LINES = 10_000;
const ATOMIC = join(ROOT, 'atomic/bin/atomic');
const NAME = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.com'] as const;
const env = {
  ATOMIC_AUTHOR: 'Bench <bench@example.com>',
  DARCS_EMAIL: 'bench@example.com',
  GIT_CONFIG_NOSYSTEM: '1',
};

interface Tool {
  readonly name: string;
  readonly begin: readonly (readonly [string, ...string[]])[];
  readonly record: (message: string) => readonly [string, ...string[]];
  readonly who: readonly [string, ...string[]];
  readonly clone: readonly [string, ...string[]];
}

const TOOLS: readonly Tool[] = [
  {
    name: 'git',
    begin: [
      ['git', 'init', '-q'],
      ['git', 'add', 'file.txt'],
    ],
    record: (message) => ['git', ...NAME, 'commit', '-q', '-a', '-m', message],
    who: ['git', 'blame', '-s', 'file.txt'],
    clone: ['git', 'clone', '-q', '--no-hardlinks', '.', '../git-clone'],
  },
  {
    name: 'atomic',
    begin: [
      [ATOMIC, 'init'],
      [ATOMIC, 'add', 'file.txt'],
    ],
    record: (message) => [ATOMIC, 'record', '-m', message],
    who: [ATOMIC, 'credit', 'file.txt'],
    clone: [ATOMIC, 'clone', '.', '../atomic-clone'],
  },
  {
    name: 'darcs',
    begin: [
      ['darcs', 'initialize', '-q'],
      ['darcs', 'add', '-q', 'file.txt'],
    ],
    record: (message) => ['darcs', 'record', '-q', '-a', '-m', message],
    who: ['darcs', 'annotate', 'file.txt'],
    clone: ['darcs', 'clone', '-q', '.', '../darcs-clone'],
  },
];

interface Times {
  readonly recordMs: number;
  readonly whoMs: number;
  readonly cloneMs: number;
}

async function historyWith(tool: Tool, folder: string): Promise<Times | null> {
  const cwd = join(folder, tool.name);
  mkdirSync(cwd);
  const lines = manyLines(LINES);
  const write = (): void => writeFileSync(join(cwd, 'file.txt'), lines.join(''));
  write();
  try {
    for (const argv of tool.begin) await outputOf(argv, { cwd, env });
  } catch (cause) {
    note(`${tool.name}: left out, because it cannot be run here (${String(cause).slice(0, 80)})`);
    return null;
  }
  await outputOf(tool.record('base'), { cwd, env });
  const records: number[] = [];
  for (let round = 0; round < RECORDS; round += 1) {
    lines[changedLine(lines, round)] = `changed in round ${round}\n`;
    write();
    records.push(await timed(() => outputOf(tool.record(`round ${round}`), { cwd, env })));
  }
  const whos: number[] = [];
  for (let round = 0; round < 5; round += 1) whos.push(await timed(() => ran(tool.who, { cwd, env })));
  const cloneMs = await timed(() => outputOf(tool.clone, { cwd, env }));
  return { recordMs: quantile(records), whoMs: quantile(whos), cloneMs };
}

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('cache.db'))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

/** A real history: how long its import takes, whether each commit is git's, how large it is, and how long a clone takes. */
async function realHistory(folder: string): Promise<readonly Measured[]> {
  const from = process.env['ATOMIC_BENCH_REPOSITORY'] ?? ROOT;
  const bare = join(folder, 'real.git');
  await outputOf(['git', 'clone', '-q', '--bare', '--single-branch', '--no-hardlinks', from, bare], { env });
  await outputOf(['git', '--git-dir', bare, 'gc', '-q', '--aggressive', '--prune=now'], { env });
  const imported = join(folder, 'imported');
  const importMs = await timed(() => outputOf([ATOMIC, 'git', 'import', bare, '--into', imported], { env }));
  const verified = await ran([ATOMIC, 'git', 'import', bare, '--verify'], { cwd: imported, env });
  if (verified.code !== 0) throw new Error(`The import is not git's: ${verified.stderr}`);
  const cloneMs = await timed(() => outputOf([ATOMIC, 'clone', imported, join(folder, 'real-clone')], { env }));
  const gitCloneMs = await timed(() =>
    outputOf(['git', 'clone', '-q', '--no-hardlinks', bare, join(folder, 'real-git')], { env }),
  );
  const commits = (await outputOf(['git', '--git-dir', bare, 'rev-list', '--count', 'HEAD'], { env })).trim();
  return [
    { what: `import of ${commits} commits`, value: importMs, unit: 'ms' },
    { what: 'local clone of it', value: cloneMs, floor: gitCloneMs, floorName: 'git clone', unit: 'ms' },
    {
      what: 'its size',
      value: sizeOf(join(imported, '.atomic')),
      floor: sizeOf(join(bare, 'objects')),
      floorName: 'git gc’d',
      unit: 'bytes',
    },
  ];
}

await inFolder(async (folder) => {
  const times = new Map<string, Times>();
  for (const tool of TOOLS) {
    const found = await historyWith(tool, folder);
    if (found !== null) times.set(tool.name, found);
  }
  const own = times.get('atomic');
  const measured: Measured[] = [];
  for (const [name, peer] of times) {
    if (own === undefined || name === 'atomic') continue;
    measured.push(
      { what: 'cold record of one line, p50', value: own.recordMs, floor: peer.recordMs, floorName: name, unit: 'ms' },
      { what: `who wrote ${LINES} lines, cold`, value: own.whoMs, floor: peer.whoMs, floorName: name, unit: 'ms' },
      { what: 'local clone', value: own.cloneMs, floor: peer.cloneMs, floorName: name, unit: 'ms' },
    );
  }
  report('atomic-against-git', [...measured, ...(await realHistory(folder))]);
});
