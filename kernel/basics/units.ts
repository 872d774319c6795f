// Numbers with a unit, and how a person reads them.

declare const microdollarsBrand: unique symbol;

/** Money: whole millionths of a US dollar. */
export type Microdollars = number & { readonly [microdollarsBrand]: true };
export const microdollars = (whole: number): Microdollars => Math.round(whole) as Microdollars;

export const seconds = (count: number): number => count * 1000;
export const minutes = (count: number): number => count * 60_000;
export const mebibytes = (count: number): number => count * 1024 * 1024;

/** A length of time in words: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 10 min`. */
export function durationText(lengthMs: number): string {
  if (lengthMs < 9950) return `${(lengthMs / 1000).toFixed(1)} s`;
  const wholeSeconds = Math.round(lengthMs / 1000);
  if (wholeSeconds < 60) return `${wholeSeconds} s`;
  const wholeMinutes = Math.floor(wholeSeconds / 60);
  if (wholeMinutes < 60) return withRest(wholeMinutes, 'min', wholeSeconds % 60, 's');
  return withRest(Math.floor(wholeMinutes / 60), 'h', wholeMinutes % 60, 'min');
}

/** A size in binary units: `512 B`, `1.5 KiB`, `20 MiB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${units[unit] ?? 'B'}`;
}

/** `1 upgrade`, `2 upgrades`: for sentences in which the number matters. */
export const countText = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

const withRest = (whole: number, unit: string, rest: number, restUnit: string): string =>
  rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${restUnit}`;
