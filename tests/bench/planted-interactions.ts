// Whether the largest green subset is found where it is known: projects of three to twelve upgrades with planted
// breakages, conflicts, needs and sets that are green only together. Whole runs against a registry on loopback for a few,
// and the search alone, with the very same decisions, for many. The truth is found by trying every subset.
// `npm run bench planted-interactions 6` plays six whole runs; `--search=400` so many searches alone; `--alone` no runs.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { systemClock } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS } from 'kernel/journal';
import { openSandbox } from 'kernel/sandbox';
import { openStore, sqliteUrl } from 'kernel/store';
import { createWork, WORK_MIGRATIONS } from 'kernel/work';
import { createModernizer } from 'modernizer';
import { ModernizeOptions } from 'modernizer/protocol';

import { startLoopbackRegistry, type FixturePackage } from '../loopback-registry/index.ts';
import { plantedGreen, plantProject, trueMaximum, type Planted } from './measuring/planted.ts';
import { playSearch } from './measuring/play-search.ts';
import { inFolder } from './measuring/programs.ts';
import { isJson, note, rounds } from './measuring/report.ts';

/** `--alone` leaves the whole runs out. */
const RUNS = process.argv.includes('--alone') ? 0 : rounds(4);
const SEARCHES = Number(process.argv.find((word) => word.startsWith('--search='))?.split('=')[1] ?? 200);

interface Row {
  readonly upgrades: number;
  readonly maximum: number;
  readonly kept: number;
  readonly trials: number;
  /** 3·k·log2 n, where k upgrades are refused in truth. */
  readonly bound: number;
  readonly planted: string;
}

const boundOf = ({ size }: Planted, maximum: number): number =>
  Math.max(4, Math.ceil(3 * (size - maximum) * Math.log2(size)));

const described = ({ constraints }: Planted): string =>
  constraints.map(({ kind, members }) => `${kind} ${members.join('+')}`).join(', ') || 'nothing';

/** Packages whose version 2 looks at the installed versions of the others, as broken peers do. */
function packagesOf(planted: Planted): readonly FixturePackage[] {
  return Array.from({ length: planted.size }, (_, place) =>
    ['1.0.0', '2.0.0'].map((version) => pack(place, version)),
  ).flat();
}

const pack = (place: number, version: string): FixturePackage => ({
  name: `u${place}`,
  version,
  files: { 'index.js': `exports.version = ${version === '2.0.0' ? 2 : 1};` },
});

function writePlanted(folder: string, planted: Planted): void {
  const names = Array.from({ length: planted.size }, (_, place) => `u${place}`);
  const dependencies = Object.fromEntries(names.map((name) => [name, '^1.0.0']));
  const manifest = { name: 'planted', version: '1.0.0', scripts: { test: 'node test.js' }, dependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
  const test = [
    `const constraints = ${JSON.stringify(planted.constraints)};`,
    `const taken = ${JSON.stringify(names)}.map((name) => require(name).version === 2);`,
    `const green = (${plantedGreen.toString()});`,
    'const ok = green({ constraints, size: taken.length }, taken);',
    "console.log('TAP version 13\\n' + [1, 2, 3, 4].map((n) => (ok ? 'ok ' : 'not ok ') + n + ' - t' + n).join('\\n') + '\\n1..4');",
    'process.exit(ok ? 0 : 1);',
  ];
  writeFileSync(join(folder, 'test.js'), test.join('\n'));
}

async function wholeRun(planted: Planted, folder: string): Promise<Row> {
  const registry = await startLoopbackRegistry({ packages: packagesOf(planted) });
  const store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  await store.migrate([JOURNAL_MIGRATIONS, WORK_MIGRATIONS]);
  const journal = createJournal(store, systemClock);
  const modernizer = createModernizer({
    store,
    journal,
    work: createWork(store, systemClock),
    clock: systemClock,
    home: join(folder, 'home'),
    registry: registry.url,
    registryAuthorization: null,
    versions: { tandem: '0', node: process.versions.node, npm: '0' },
    holder: 'bench',
    trialsAtOnce: 2,
    // The packages are ours and harmless.
    openSandbox: (run) =>
      openSandbox({ registry: registry.url, scratch: join(folder, 'scratch', run), backEnd: 'unsafe-host' }),
  });
  try {
    const path = join(folder, 'project');
    mkdirSync(path);
    writePlanted(path, planted);
    const options = ModernizeOptions.parse({ tests: 'node test.js' });
    const started = await modernizer.start({
      project: { kind: 'path', path },
      options,
      owner: 'me',
      startedBy: 'command',
    });
    if (started.kind !== 'started') throw new Error(started.kind);
    const { signal } = new AbortController();
    await modernizer.execute(started.run, signal);
    const { kept, trials, trialsCached, status, reason } = await modernizer.result(started.run);
    if (status !== 'done') throw new Error(`The run ended as ${status}: ${reason ?? 'without a reason'}`);
    const maximum = trueMaximum(planted);
    // Without the baseline and the proof: they belong to every run.
    const searched = Math.max(0, trials + trialsCached - 2);
    const bound = boundOf(planted, maximum);
    return { upgrades: planted.size, maximum, kept: kept.length, trials: searched, bound, planted: described(planted) };
  } finally {
    await store.close();
    await registry.close();
  }
}

function searchAlone(planted: Planted): Row {
  const { kept, trials } = playSearch(planted);
  const maximum = trueMaximum(planted);
  const bound = boundOf(planted, maximum);
  return { upgrades: planted.size, maximum, kept, trials, bound, planted: described(planted) };
}

function summary(what: string, rows: readonly Row[]): string {
  const share = (found: readonly Row[]): string => `${((100 * found.length) / rows.length).toFixed(1)} %`;
  const best = rows.filter(({ kept, maximum }) => kept === maximum);
  const within = rows.filter(({ trials, bound }) => trials <= bound);
  const trials = rows.reduce((sum, row) => sum + row.trials, 0) / rows.length;
  return (
    `${what}: the true maximum in ${share(best)} of ${rows.length}; ${trials.toFixed(1)} trials on average; ` +
    `within 3·k·log2 n in ${share(within)}`
  );
}

const alone = Array.from({ length: SEARCHES }, (_, round) => searchAlone(plantProject(round + 1)));
const whole: Row[] = [];
for (let round = 0; round < RUNS; round += 1) {
  await inFolder(async (folder) => {
    const row = await wholeRun(plantProject(7000 + round), mkdtempSync(join(folder, 'run-')));
    note(`${row.upgrades} upgrades (${row.planted}): kept ${row.kept} of ${row.maximum} in ${row.trials} trials`);
    whole.push(row);
  });
}
if (isJson) {
  console.log(JSON.stringify({ version: 1, bench: 'planted-interactions', search: alone, runs: whole }));
} else {
  for (const row of alone.filter(({ kept, maximum }) => kept !== maximum)) {
    console.log(`missed: ${row.upgrades} upgrades (${row.planted}): kept ${row.kept} of ${row.maximum}`);
  }
  console.log(summary('searches alone', alone));
  if (whole.length > 0) console.log(summary('whole runs', whole));
}
