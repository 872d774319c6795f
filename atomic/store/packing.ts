// Moving loose patches into packs, and small packs into larger ones.
// Rule: a pack is durable and has its name before the database speaks of it, and is removed only after the database
// no longer does. Whoever reads a moment that is past has its packs open.

import { join } from 'node:path';

import type { PatchNumber } from '../patches/facts.ts';
import { attemptDisk } from './disk-faults.ts';
import { patchGone } from './faults.ts';
import type { PackRow } from './pack-reader.ts';
import { packName } from './pack-writer.ts';
import { PACKS, type StoreParts } from './parts.ts';

/** More loose patches than this are packed by themselves: about a megabyte of small ones. */
const LOOSE_MAX = 1000;
/** What a record waits for at most while packs are merged. Larger packs are merged only when asked. */
const MERGED_BYTES_MAX = 16 * 1024 * 1024;
/** Every look for a patch asks each pack; a record of much text makes a pack of its own. */
const PACKS_MAX = 32;
/** Nobody waits for these: they are as small as zstd makes them in reasonable time. */
const LEVEL_ALL = 12;
const LEVEL_LOOSE = 6;

export interface Packing {
  /** Rising. */
  readonly numbers: readonly PatchNumber[];
  readonly replaced: readonly PackRow[];
  readonly level: number;
}

/** Whether packing pays. */
export function isPackingDue({ bytes }: StoreParts): boolean {
  if (bytes.looseCount > LOOSE_MAX) return true;
  const packs = bytes.packs();
  return packs.length > PACKS_MAX && smallestOf(packs.map(({ row }) => row)).length > 1;
}

/** What to put into one pack now. Packs that are not larger than what comes before them go along: each patch is
 *  rewritten a logarithmic number of times. */
export function planPacking(parts: StoreParts, all: boolean): Packing {
  const rows = parts.bytes.rows();
  const loose = looseNumbers(parts.database);
  if (all) {
    const isOnePack = loose.length === 0 && rows.length <= 1;
    return isOnePack ? NOTHING : planOf(parts, loose, rows, LEVEL_ALL);
  }
  if (rows.length > PACKS_MAX) return planOf(parts, loose, smallestOf(rows), LEVEL_LOOSE);
  if (loose.length === 0) return NOTHING;
  const replaced: PackRow[] = [];
  let count = loose.length;
  for (const row of smallestOf(rows)) {
    if (row.patches > count) break;
    replaced.push(row);
    count += row.patches;
  }
  return planOf(parts, loose, replaced, LEVEL_LOOSE);
}

/** The smallest packs, as many as may be merged while somebody waits. */
function smallestOf(rows: readonly PackRow[]): readonly PackRow[] {
  let bytes = 0;
  return [...rows]
    .sort((a, b) => a.patches - b.patches || a.size - b.size)
    .filter((row) => (bytes += row.size) <= MERGED_BYTES_MAX);
}

const NOTHING: Packing = { numbers: [], replaced: [], level: LEVEL_LOOSE };

/** Inside of a write. The caller commits. */
export function executePacking(parts: StoreParts, { numbers, replaced, level }: Packing): void {
  const { bytes, database } = parts;
  const writer = bytes.packWriter(level);
  try {
    for (const number of numbers) {
      const hashed = bytes.find(number, 'hashed');
      const contents = bytes.find(number, 'contents');
      if (hashed === undefined || contents === undefined) throw patchGone(parts.numbers.hashOf(number), PACKS);
      writer.add(number, hashed, contents);
    }
    insertPack(parts, numbers, writer.finish());
  } catch (thrown) {
    writer.abandon();
    throw thrown;
  }
  for (const { id } of replaced) database.run('DELETE FROM packs WHERE pack = ?', id);
  database.run('DELETE FROM loose');
}

export function insertPack({ database }: StoreParts, numbers: readonly PatchNumber[], size: number): void {
  database.run(
    'INSERT INTO packs (patches, first, last, size) VALUES (?, ?, ?, ?)',
    numbers.length,
    numbers[0] ?? 0,
    numbers.at(-1) ?? 0,
    size,
  );
}

/** Files in the folder of packs of which the database does not speak. Only to be believed by whoever may write. */
export function leftoversOf({ bytes, disk, folder }: StoreParts): readonly string[] {
  const spokenOf = new Set(bytes.rows().map(({ id }) => packName(id)));
  return attemptDisk(join(folder, PACKS), () => disk.list(join(folder, PACKS))).filter((name) => !spokenOf.has(name));
}

export function removeLeftovers(parts: StoreParts, names: readonly string[]): void {
  for (const name of names) {
    const path = join(parts.folder, PACKS, name);
    attemptDisk(path, () => parts.disk.remove(path));
  }
}

function planOf(
  parts: StoreParts,
  loose: readonly PatchNumber[],
  replaced: readonly PackRow[],
  level: number,
): Packing {
  const chosen = new Set(replaced.map(({ id }) => id));
  const packed = parts.bytes.packs().flatMap((pack) => (chosen.has(pack.row.id) ? [...pack.numbers()] : []));
  return { numbers: [...loose, ...packed].sort((a, b) => a - b), replaced, level };
}

const looseNumbers = (database: StoreParts['database']): readonly PatchNumber[] =>
  database.rows('SELECT number FROM loose ORDER BY number').map((row) => database.number(row, 0));
