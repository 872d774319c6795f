// How many refused upgrades of packages with types get a cause that names the symbol and a place in the project: over
// the rows of breaking-updates/ whose suite is red, from the logs that were kept. The floor is what the log alone says.
//   node tests/bench/causes.ts [7] [10-20] [--write]      --write keeps what was named in the rows

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { diagnose, npmRegistry, type Diagnosis, type DiagnosisPorts } from 'modernizer/diagnosing';

import { fetched, inBench, registryUrl } from './breaking-updates/bench-ground.ts';
import { chosenRows, logFile, readRows, writeRows, type Row } from './breaking-updates/rows.ts';
import type { Bench } from './breaking-updates/suite.ts';
import { isJson, note } from './measuring/report.ts';

const WRITES = process.argv.includes('--write');

interface Looked {
  readonly row: Row;
  readonly diagnosis: Diagnosis | null;
  readonly reason: string | null;
}

const isRed = ({ verdict }: Row): boolean => verdict === 'broken' || verdict === 'timed-out';

async function look(bench: Bench, row: Row, ports: DiagnosisPorts): Promise<Looked> {
  const project = await fetched(bench, row.project);
  const log = readFileSync(logFile(row.number), 'utf8');
  const { dependency: name, from, to } = row;
  const found = await diagnose(ports, { name, from, to, log, project });
  if (found?.kind === 'diagnosed') return { row, diagnosis: found.diagnosis, reason: null };
  return { row, diagnosis: null, reason: found?.reason ?? 'it was stopped' };
}

function withCause({ row, diagnosis }: Looked): Row {
  const typed = diagnosis?.difference?.source === 'types';
  if (diagnosis === null || diagnosis.cause.kind === 'not-known') {
    return { ...row, typed, cause: 'not-known', symbol: null, places: [] };
  }
  const { symbol, change, places } = diagnosis.cause;
  return { ...row, typed, cause: change, symbol, places };
}

function line({ row, diagnosis, reason }: Looked): string {
  const cause = diagnosis?.cause;
  const told =
    cause === undefined
      ? (reason ?? '')
      : cause.kind === 'not-known'
        ? `not known: ${cause.looked.join(' ')}`
        : `${cause.change}: ${cause.symbol} at ${cause.places.join(', ')} (${cause.proof}); ${cause.printed ?? ''}`;
  return `${row.number} ${row.project}: ${row.dependency} ${row.from} → ${row.to} [${diagnosis?.difference?.source ?? 'no API'}]: ${told}`;
}

await inBench(async (bench) => {
  const ports = {
    registry: npmRegistry(registryUrl()),
    sandbox: bench.sandbox,
    cache: bench.cache,
    scratch: join(bench.scratch, 'look'),
    signal: new AbortController().signal,
  };
  const rows = chosenRows(readRows(), process.argv.slice(2)).filter(isRed);
  const looked: Looked[] = [];
  for (const row of rows) {
    const found = await look(bench, row, ports);
    looked.push(found);
    note(line(found));
    if (WRITES)
      writeRows(readRows().map((each) => (each.number === row.number ? withCause({ ...found, row: each }) : each)));
  }
  tell(looked);
});

function tell(looked: readonly Looked[]): void {
  const typed = looked.filter(({ diagnosis }) => diagnosis?.difference?.source === 'types');
  const named = (some: readonly Looked[]): number =>
    some.filter(({ diagnosis }) => diagnosis?.cause.kind === 'named' && diagnosis.cause.places.length > 0).length;
  const figures = {
    refused: looked.length,
    named: named(looked),
    typed: typed.length,
    typedNamed: named(typed),
  };
  if (isJson) return console.log(JSON.stringify({ version: 1, bench: 'causes', ...figures }));
  const share = (some: number, all: number): string => (all === 0 ? '–' : `${Math.round((100 * some) / all)} %`);
  console.log(
    `causes: ${figures.typedNamed} of ${figures.typed} refused typed upgrades name a symbol and a place (${share(figures.typedNamed, figures.typed)}); of all refused ${figures.named} of ${figures.refused} (${share(figures.named, figures.refused)})`,
  );
}
