// The rows of the benchmark: one upgrade of one dependency of one published package, and what came of it.
// Rule: a row names exact versions that the registry never changes, so whoever runs it again meets the same upgrade.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type RowVerdict = 'green' | 'flaky' | 'broken' | 'resolver-conflict' | 'timed-out';

export interface Row {
  readonly number: number;
  /** The package whose tests judge, as published, such as `jsonwebtoken@5.7.0`. */
  readonly project: string;
  readonly dependency: string;
  readonly kind: 'dependencies' | 'devDependencies';
  /** Installed at the baseline. */
  readonly from: string;
  readonly to: string;
  /** What running the suite said with this upgrade alone. */
  readonly verdict: RowVerdict;
  /** Whether either version, or its `@types` package, declares types; null until it was looked at. */
  readonly typed: boolean | null;
  /** What kind of cause was named; null for what is green or was not looked at. */
  readonly cause: string | null;
  readonly symbol: string | null;
  /** Where the project uses it, as `file:line:column`. */
  readonly places: readonly string[];
  /** What `npm-check-updates --doctor -u` said to the same upgrade; null where it was not run. */
  readonly doctor: 'kept' | 'refused' | null;
}

const FOLDER = import.meta.dirname;
const ROWS = join(FOLDER, 'rows.json');

export const readRows = (): readonly Row[] =>
  existsSync(ROWS) ? (JSON.parse(readFileSync(ROWS, 'utf8')) as readonly Row[]) : [];

export function writeRows(rows: readonly Row[]): void {
  const text = JSON.stringify(
    rows.toSorted((a, b) => a.number - b.number),
    null,
    2,
  );
  writeFileSync(ROWS, `${text.replaceAll(/ {4}"places": \[[^\]]+\]/g, onOneLine)}\n`);
}

/** As the formatter writes a list that fits in a line, so that both agree. */
function onOneLine(list: string): string {
  const line = `    ${list
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ')
    .replace('[ ', '[')
    .replace(' ]', ']')}`;
  return line.length < LINE_LENGTH_MAX ? line : list;
}

const LINE_LENGTH_MAX = 120;

/** What the suite of a refused row printed, as it was kept. */
export const logFile = (number: number): string => join(FOLDER, 'logs', `${String(number).padStart(3, '0')}.txt`);

/** Rows by the numbers of the command line: `7`, `10-20`, nothing for all. */
export function chosenRows(rows: readonly Row[], words: readonly string[]): readonly Row[] {
  const ranges = words
    .map((word) => /^(\d+)(?:-(\d+))?$/.exec(word))
    .filter((match) => match !== null)
    .map(([, first = '', last = first]) => [Number(first), Number(last)] as const);
  if (ranges.length === 0) return rows;
  return rows.filter(({ number }) => ranges.some(([first, last]) => number >= first && number <= last));
}
