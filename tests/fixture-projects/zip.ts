// Writes zip archives for tests, also such as no honest tool would write.

import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /** Type and permissions as Unix has them; a plain file unless told. */
  readonly mode?: number;
  /** The size that the archive claims, in place of the real one. */
  readonly claims?: number;
}

export const LINK = 0o120777;
export const DEVICE = 0o020666;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const MADE_ON_UNIX = (3 << 8) | VERSION;
const UTF8_NAMES = 0x0800;
const DEFLATED = 8;

export function zipOf(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const content = Buffer.from(entry.content ?? '');
    const packed = deflateRawSync(content);
    const sizes = [crc32(content), packed.length, entry.claims ?? content.length] as const;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(LOCAL, 0);
    writeShorts(local, 4, [VERSION, UTF8_NAMES, DEFLATED, 0, 0]);
    sizes.forEach((value, index) => local.writeUInt32LE(value, 14 + index * 4));
    writeShorts(local, 26, [name.length, 0]);
    const listed = Buffer.alloc(46);
    listed.writeUInt32LE(CENTRAL, 0);
    writeShorts(listed, 4, [MADE_ON_UNIX, VERSION, UTF8_NAMES, DEFLATED, 0, 0]);
    sizes.forEach((value, index) => listed.writeUInt32LE(value, 16 + index * 4));
    writeShorts(listed, 28, [name.length, 0, 0, 0, 0]);
    listed.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 38);
    listed.writeUInt32LE(offset, 42);
    parts.push(local, name, packed);
    central.push(listed, name);
    offset += local.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  writeShorts(end, 8, [entries.length, entries.length]);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

function writeShorts(buffer: Buffer, at: number, values: readonly number[]): void {
  values.forEach((value, index) => buffer.writeUInt16LE(value, at + index * 2));
}
