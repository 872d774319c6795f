// Whether an upgrade to the very version that is installed already is ever refused, and how far verdicts waver: the same
// real project, whose tests look at the clock, is upgraded again and again. The floor is none at all.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { durationText } from 'kernel/basics';
import type { ModernizationResult } from 'modernizer/protocol';

import { fetchPackage, inFolder, ran, ROOT } from './measuring/programs.ts';
import { isJson, note, rounds } from './measuring/report.ts';

const SPEC = 'jsonwebtoken@5.7.0';
const RUNS = rounds(5);

interface Row {
  readonly run: number;
  readonly kept: number;
  readonly refused: number;
  /** Refusals of a version that was installed already: must be 0. */
  readonly installedRefused: number;
  /** Verdicts that are not those of the first run. */
  readonly differing: readonly string[];
  readonly wallMs: number;
}

async function modernized(project: string, home: string): Promise<ModernizationResult> {
  const env = { TANDEM_HOME: home };
  const { stdout, stderr } = await ran([join(ROOT, 'workbench/bin/tandem'), 'modernize', project, '--json'], { env });
  if (stdout.trim() === '') throw new Error(`tandem modernize printed no result: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as ModernizationResult;
}

const keptOrNot = ({ kept, refused }: ModernizationResult): ReadonlyMap<string, string> =>
  new Map([
    ...kept.map(({ name }) => [name, 'kept'] as const),
    ...refused.map(({ name }) => [name, 'refused'] as const),
  ]);

function differing(result: ModernizationResult, first: ModernizationResult): readonly string[] {
  const [here, there] = [keptOrNot(result), keptOrNot(first)];
  return [...new Set([...here.keys(), ...there.keys()])].filter((name) => here.get(name) !== there.get(name));
}

const rowOf = (run: number, result: ModernizationResult, first: ModernizationResult): Row => ({
  run,
  kept: result.kept.length,
  refused: result.refused.length,
  installedRefused: result.refused.filter(({ from, to }) => from === to).length,
  differing: differing(result, first),
  wallMs: result.wallMs,
});

const line = ({ run, kept, refused, installedRefused, differing: names, wallMs }: Row): string =>
  [run, kept, refused, installedRefused, names.join(' ') || '–', durationText(wallMs)].join(' | ');

await inFolder(async (folder) => {
  const project = await fetchPackage(SPEC, folder);
  const home = join(folder, 'home');
  mkdirSync(home);
  const results: ModernizationResult[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    const result = await modernized(project, home);
    if (result.status !== 'done') throw new Error(`Run ${run} ended as ${result.status}: ${result.reason}`);
    results.push(result);
    note(`run ${run} of ${RUNS}: ${result.kept.length} kept, ${result.refused.length} refused`);
  }
  const rows = results.map((result, index) => rowOf(index + 1, result, results[0] ?? result));
  const installedRefused = rows.reduce((sum, row) => sum + row.installedRefused, 0);
  if (isJson)
    return console.log(JSON.stringify({ version: 1, bench: 'installed-never-refused', installedRefused, rows }));
  console.log('run | kept | refused | refused though installed | other than in run 1 | took');
  for (const row of rows) console.log(line(row));
  const wavered = new Set(rows.flatMap((row) => row.differing)).size;
  console.log(
    `${SPEC}: ${installedRefused} refusals of an installed version in ${RUNS} runs; ${wavered} verdicts wavered`,
  );
});
