// Writes a gzipped tarball in memory, as `npm pack` would.
// Not here: checks of the paths. A hostile fixture may carry `../` on purpose.

import { gzipSync } from 'node:zlib';

const BLOCK_BYTES = 512;
const NAME_BYTES_MAX = 100;
/** A fixed moment, so that equal contents give equal bytes and equal integrity. */
const MODIFIED_SECONDS = Date.UTC(2020, 0, 1) / 1000;

export interface TarEntry {
  readonly path: string;
  readonly content: string;
  /** Octal mode; 0o644 unless told. */
  readonly mode?: number;
  /** Makes the entry a symbolic link to this target; its content is left out. */
  readonly linkTo?: string;
}

export function tarball(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = Buffer.from(entry.linkTo === undefined ? entry.content : '');
    const padding = Buffer.alloc((BLOCK_BYTES - (content.length % BLOCK_BYTES)) % BLOCK_BYTES);
    return [headerOf(entry, content.length), content, padding];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * BLOCK_BYTES)]));
}

function headerOf(entry: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(entry.path) > NAME_BYTES_MAX) throw new RangeError(`The path ${entry.path} is too long.`);
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(entry.path, 0);
  header.write(octal(entry.mode ?? 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(MODIFIED_SECONDS, 11), 136);
  header.write('        ', 148);
  header.write(entry.linkTo === undefined ? '0' : '2', 156);
  header.write(entry.linkTo ?? '', 157, NAME_BYTES_MAX);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
