// Which Node releases are maintained, as data with a date, and what an `engines.node` range means against them.

import semver from 'semver';
import * as z from 'zod';

import table from './node-releases.json' with { type: 'json' };

const Table = z.object({
  asOf: z.iso.date(),
  source: z.string(),
  releases: z.array(z.object({ line: z.number(), newest: z.string(), endOfLife: z.iso.date() })),
});

export const NODE_RELEASES = Table.parse(table);

export interface NodeLine {
  readonly line: number;
  /** The newest release of the line that the table knows. */
  readonly newest: string;
}

/** The release lines that are maintained at the date (ISO), oldest first. */
export const maintainedLines = (onDate: string): readonly NodeLine[] =>
  NODE_RELEASES.releases.filter((release) => release.endOfLife >= onDate);

/** The lowest release of a line that a range allows, or undefined when it allows none of the line. */
export function lowestInLine(range: string, line: number): string | undefined {
  const intersects = semver.validRange(range) !== null && semver.intersects(range, `${line}.x`);
  if (!intersects) return undefined;
  const candidates = range
    .split('||')
    .map((part) => semver.minVersion(part.trim()))
    .filter((lowest) => lowest !== null)
    .map((lowest) => (lowest.major < line ? `${line}.0.0` : lowest.version))
    .filter((lowest) => semver.major(lowest) === line && semver.satisfies(lowest, range));
  return candidates.sort(semver.compare)[0];
}
