// What `npm-check-updates --doctor -u` says to the same upgrades, kept in the rows beside ours:
//   node tests/bench/breaking-updates/doctor.ts [1-10]        the projects of these rows, each once
// Rule: it runs confined as our trials are, with the registry as its only network; what it does not end in time it
// has not judged.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { note } from '../measuring/report.ts';
import { fetched, inBench } from './bench-ground.ts';
import { chosenRows, readRows, writeRows, type Row } from './rows.ts';
import { LIMITS, type Bench } from './suite.ts';

const DOCTOR = 'npm-check-updates@22.2.9';
/** It installs and tests once for each dependency; the slowest project of the rows needs half of this. */
const DOCTOR_MS_MAX = 420_000;

await inBench(async (bench) => {
  const rows = chosenRows(readRows(), process.argv.slice(2)).filter(({ doctor }) => doctor === null);
  for (const project of new Set(rows.map((row) => row.project))) {
    const ranges = await doctored(bench, project);
    if (ranges === null) {
      note(`${project}: the doctor gave no verdict`);
      continue;
    }
    writeRows(readRows().map((row) => (row.project === project ? judged(row, ranges) : row)));
    const all = readRows().filter((row) => row.project === project);
    note(`${project}: the doctor keeps ${all.filter(({ doctor }) => doctor === 'kept').length} of ${all.length}`);
  }
});

type Ranges = Readonly<Record<string, string>>;

/** The ranges of the manifest that it leaves behind; null when it gave up over the project as published, or never ended. */
async function doctored(bench: Bench, project: string): Promise<Ranges | null> {
  const tree = await fetched(bench, project);
  for (const name of ['package-lock.json', 'npm-shrinkwrap.json', 'node_modules']) {
    rmSync(join(tree, name), { recursive: true, force: true });
  }
  const published = readFileSync(join(tree, 'package.json'), 'utf8');
  const outcome = await bench.sandbox.run({
    phase: 'install',
    project: tree,
    argv: ['npx', '--yes', DOCTOR, '--doctor', '-u', '--packageManager', 'npm'],
    env: { CI: '1' },
    cache: bench.cache,
    limits: { ...LIMITS, wallMs: DOCTOR_MS_MAX },
  });
  const text = readFileSync(join(tree, 'package.json'), 'utf8');
  const gaveUp = outcome.kind !== 'exited' || (outcome.code !== 0 && text === published);
  if (gaveUp) {
    note(`${project}: ${outcome.kind}: ${outcome.output.trim().slice(-300)}`);
    return null;
  }
  const manifest = JSON.parse(text) as Readonly<Record<string, Ranges>>;
  return { ...manifest['devDependencies'], ...manifest['dependencies'] };
}

/** Kept means that the range it leaves asks for the version of the row. */
function judged(row: Row, ranges: Ranges): Row {
  const range = ranges[row.dependency] ?? '';
  return { ...row, doctor: range.replace(/^[\^~>=v ]+/, '') === row.to ? 'kept' : 'refused' };
}
