// How every bench tells its numbers: each beside the floor that was measured in the same run, as a ratio, since ratios
// travel from machine to machine and absolute times do not. `--json` prints the same as one document.

export interface Measured {
  readonly what: string;
  readonly value: number;
  /** Left out where the value is a ratio or a count already. */
  readonly floor?: number;
  /** What the floor is, such as `node -e 0`. */
  readonly floorName?: string;
  readonly unit: 'ms' | 'events/s' | 'records/s' | 'bytes' | '';
}

export const isJson = process.argv.includes('--json');

/** For what is said on the way: to standard error, so that standard output stays one document. */
export const note = (line: string): void => void process.stderr.write(`${line}\n`);

export function report(
  bench: string,
  measured: readonly Measured[],
  rest: Readonly<Record<string, unknown>> = {},
): void {
  const rows = measured.map((row) => ({ ...row, ratio: row.floor === undefined ? null : row.value / row.floor }));
  if (isJson) return console.log(JSON.stringify({ version: 1, bench, measured: rows, ...rest }));
  for (const { what, value, floor, floorName, unit, ratio } of rows) {
    const own = `${told(value)} ${unit}`.trimEnd();
    console.log(
      ratio === null || floor === undefined
        ? `${bench}: ${what}: ${own}`
        : `${bench}: ${what}: ${ratio.toFixed(2)} × ${floorName} (${own}, floor ${told(floor)} ${unit})`,
    );
  }
}

const told = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));

/** The count of rounds: the first argument that is a number, else `RUNS` of the environment, else the default. */
export function rounds(otherwise: number): number {
  const given = process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? process.env['RUNS'] ?? '';
  return /^[1-9]\d{0,5}$/.test(given) ? Number(given) : otherwise;
}

/** The value below which this share of all lie; the median by default. */
export function quantile(values: readonly number[], share = 0.5): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
