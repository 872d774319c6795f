// Runs rows of the benchmark again, in parts, and says which came out as recorded:
//   node tests/bench/breaking-updates/run.ts [7] [10-20]
//   node tests/bench/breaking-updates/run.ts --add NAME@VERSION …   tries each newer dependency of a package alone
// Rule: a package is taken in only when its suite is green as published; what it depends on is upgraded one by one.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { outputOf } from '../measuring/programs.ts';
import { isJson, note } from '../measuring/report.ts';
import { fetched, inBench } from './bench-ground.ts';
import { chosenRows, logFile, readRows, writeRows, type Row } from './rows.ts';
import { runSuite, type Bench } from './suite.ts';

const WORDS = process.argv.slice(2).filter((word) => word !== '--json');
/** What is kept of a log: its beginning and its end, where suites say what failed. */
const LOG_HEAD = 8_000;
const LOG_TAIL = 16_000;

await inBench(async (bench) => {
  if (WORDS[0] === '--add') for (const spec of WORDS.slice(1)) await addProject(bench, spec);
  else await runAgain(bench, chosenRows(readRows(), WORDS));
});

interface Published {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function addProject(bench: Bench, spec: string): Promise<void> {
  if (readRows().some(({ project }) => project === spec)) return note(`${spec}: has its rows already`);
  const source = await fetched(bench, spec);
  const before = await runSuite(bench, source, null);
  if (before.verdict !== 'green') return note(`${spec}: ${before.verdict} as published; not taken`);
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Published;
  for (const kind of ['dependencies', 'devDependencies'] as const) {
    for (const [dependency, range] of Object.entries(manifest[kind] ?? {})) {
      const from = before.installed.get(dependency);
      const to = await newestOf(dependency, range);
      if (from === undefined || to === undefined || from === to) continue;
      const result = await runSuite(bench, source, { kind, name: dependency, range: `^${to}` });
      const row = rowOf({ project: spec, dependency, kind, from, to, verdict: result.verdict });
      writeRows([...readRows(), row]);
      if (result.verdict !== 'green') writeFileSync(logFile(row.number), kept(result.log));
      note(`${row.number} ${spec}: ${dependency} ${from} → ${to}: ${result.verdict}`);
    }
  }
}

function rowOf(found: Pick<Row, 'project' | 'dependency' | 'kind' | 'from' | 'to' | 'verdict'>): Row {
  const number = Math.max(0, ...readRows().map((row) => row.number)) + 1;
  return { number, ...found, typed: null, cause: null, symbol: null, places: [], doctor: null };
}

/** The newest version, or undefined for what does not come from the registry. */
async function newestOf(name: string, range: string): Promise<string | undefined> {
  if (/[/:]/.test(range)) return undefined;
  const told = await outputOf(['npm', 'view', name, 'dist-tags.latest']).catch(() => '');
  return told === '' ? undefined : told;
}

async function runAgain(bench: Bench, rows: readonly Row[]): Promise<void> {
  const told = [];
  for (const row of rows) {
    const source = await fetched(bench, row.project);
    const range = row.to;
    const { verdict } = await runSuite(bench, source, { kind: row.kind, name: row.dependency, range });
    told.push({ number: row.number, recorded: row.verdict, verdict, same: verdict === row.verdict });
    note(
      `${row.number} ${row.project}: ${row.dependency} ${row.from} → ${row.to}: ${verdict}, recorded ${row.verdict}`,
    );
  }
  const same = told.filter((row) => row.same).length;
  if (isJson) console.log(JSON.stringify({ version: 1, bench: 'breaking-updates', rows: told }));
  else console.log(`breaking-updates: ${same} of ${told.length} rows came out as recorded`);
}

function kept(log: string): string {
  return log.length <= LOG_HEAD + LOG_TAIL ? log : `${log.slice(0, LOG_HEAD)}\n…\n${log.slice(-LOG_TAIL)}`;
}
