// How soon a question is answered that was asked before: a whole run of a project that did not change, and in it the
// median trial, from the verdict that was kept. Beside them what the first run took.
// A number sets how often it is asked again; a spec of the registry as argument takes another project.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import type { ModernizationResult } from 'modernizer/protocol';

import { fetchPackage, inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { note, quantile, report, rounds } from './measuring/report.ts';

const SPEC = process.argv.slice(2).find((word) => word.includes('@')) ?? 'csv-write-stream@2.0.0';
const AGAIN = rounds(5);

async function modernized(project: string, home: string): Promise<ModernizationResult> {
  const command = [join(ROOT, 'workbench/bin/tandem'), 'modernize', project, '--engines', 'ignore', '--json'] as const;
  return JSON.parse(await outputOf([...command], { env: { TANDEM_HOME: home } })) as ModernizationResult;
}

/** How long each trial of a run took from its question to its answer, in ms. */
function trialsOf(home: string, run: string): readonly number[] {
  const database = new DatabaseSync(join(home, 'tandem.db'), { readOnly: true });
  const kind = 'trial-finished';
  const rows = database.prepare('select data from events where run = ? and kind = ?').all(run, kind);
  database.close();
  return rows.map(({ data }) => (JSON.parse(String(data)) as { readonly wallMs: number }).wallMs);
}

await inFolder(async (folder) => {
  const project = await fetchPackage(SPEC, folder);
  const home = join(folder, 'home');
  mkdirSync(home);
  const first = await modernized(project, home);
  note(`${SPEC}: the first run took ${first.wallMs} ms, ${first.trials} trials`);
  const again: { run: number; trial: number }[] = [];
  for (let round = 0; round < AGAIN; round += 1) {
    const { run, wallMs, trials } = await modernized(project, home);
    if (trials > 0) note(`round ${round + 1} ran ${trials} trials that were not known`);
    again.push({ run: wallMs, trial: quantile(trialsOf(home, run)) });
  }
  const firstTrial = quantile(trialsOf(home, first.run));
  const what = `${SPEC} (median of ${AGAIN})`;
  report('asked-before', [
    {
      what: `a whole run that was run before, ${what}`,
      value: quantile(again.map(({ run }) => run)),
      floor: first.wallMs,
      floorName: 'the first run',
      unit: 'ms',
    },
    {
      what: `a trial that was asked before, ${what}`,
      value: quantile(again.map(({ trial }) => trial)),
      floor: firstTrial,
      floorName: 'the trial itself',
      unit: 'ms',
    },
  ]);
});
