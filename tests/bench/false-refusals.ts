// Whether an upgrade is refused by mistake: a real project whose tests look at the clock is upgraded again and again, each
// time without any verdict of before. Refusing a version that is installed already is always a mistake: there must be
// none. Of other upgrades a refusal counts as mistaken where most of the runs keep it.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { durationText } from 'kernel/basics';
import type { ModernizationResult } from 'modernizer/protocol';

import { fetchPackage, inFolder, ran, ROOT } from './measuring/programs.ts';
import { isJson, note, rounds } from './measuring/report.ts';

const SPEC = 'jsonwebtoken@5.7.0';
const RUNS = rounds(20);

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

/** Refusals of what most runs keep. */
function mistakenIn(results: readonly ModernizationResult[]): number {
  const keptBy = (name: string): number => results.filter(({ kept }) => kept.some((each) => each.name === name)).length;
  return results.flatMap(({ refused }) => refused).filter(({ name }) => keptBy(name) > results.length / 2).length;
}

const line = ({ run, kept, refused, installedRefused, differing: names, wallMs }: Row): string =>
  [run, kept, refused, installedRefused, names.join(' ') || '–', durationText(wallMs)].join(' | ');

await inFolder(async (folder) => {
  const project = await fetchPackage(SPEC, folder);
  const home = join(folder, 'home');
  mkdirSync(home);
  const results: ModernizationResult[] = [];
  for (let run = 1; run <= RUNS; run += 1) {
    // What was installed before may be known, what was judged before may not.
    rmSync(join(home, 'cache/verdicts'), { recursive: true, force: true });
    const result = await modernized(project, home);
    if (result.status !== 'done') throw new Error(`Run ${run} ended as ${result.status}: ${result.reason}`);
    results.push(result);
    note(`run ${run} of ${RUNS}: ${result.kept.length} kept, ${result.refused.length} refused`);
  }
  const rows = results.map((result, index) => rowOf(index + 1, result, results[0] ?? result));
  const installedRefused = rows.reduce((sum, row) => sum + row.installedRefused, 0);
  const mistaken = mistakenIn(results);
  const upgrades = results.reduce((sum, { kept, refused }) => sum + kept.length + refused.length, 0);
  if (isJson)
    return console.log(
      JSON.stringify({ version: 1, bench: 'false-refusals', installedRefused, mistaken, of: upgrades, rows }),
    );
  console.log('run | kept | refused | refused though installed | other than in run 1 | took');
  for (const row of rows) console.log(line(row));
  const share = ((100 * mistaken) / upgrades).toFixed(2);
  console.log(
    `${SPEC}: ${installedRefused} refusals of an installed version in ${RUNS} runs; ` +
      `${mistaken} mistaken refusals among ${upgrades} verdicts (${share} %)`,
  );
});
