// What hooks last saw of files that are not as they were recorded: `.atomic/spool/known.json`.
// Rule: it is only a hint. Two hooks that write it at once lose one of the two; the file is then told once more.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { isTable } from '../attribution/table-reader.ts';
import type { DiskFile } from '../working-copy/scan.ts';
import { spoolFolder } from './spool.ts';

const FILE = 'known.json';
/** A file written this short a time ago may be written again in the same moment of the file system's clock. */
const GRAIN_MS = 20;
const NS_IN_MS = 1_000_000n;

export interface KnownFile {
  /** Modification time in nanoseconds, size and number in the file system, as one text; '' proves nothing. */
  readonly stamp: string;
  /** As `Sighting.hash`; an untaken one is like no text, which is then told once more. */
  readonly hash: string | null;
}

export type KnownFiles = ReadonlyMap<string, KnownFile>;

export function stampOf({ mtimeNs, size, ino }: DiskFile, nowMs: number): string {
  const isFresh = BigInt(nowMs) * NS_IN_MS - mtimeNs < BigInt(GRAIN_MS) * NS_IN_MS;
  return isFresh ? '' : `${mtimeNs} ${size} ${ino}`;
}

export const isAsKnown = (file: DiskFile, known: KnownFile | undefined): boolean =>
  known !== undefined && known.stamp === `${file.mtimeNs} ${file.size} ${file.ino}`;

/** Undefined for a stamp that proves nothing. */
export const sizeIn = (stamp: string): bigint | undefined =>
  /^\d+ \d+ \d+$/.test(stamp) ? BigInt(stamp.split(' ')[1] ?? '') : undefined;

export function readKnownFiles(inside: string): KnownFiles {
  const value = jsonAt(join(spoolFolder(inside), FILE));
  if (!isTable(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([path, entry]) => {
      if (!Array.isArray(entry)) return [];
      const [stamp, hash]: readonly unknown[] = entry;
      const isHash = hash === null || typeof hash === 'string';
      return typeof stamp === 'string' && isHash ? [[path, { stamp, hash }] as const] : [];
    }),
  );
}

export function writeKnownFiles(inside: string, files: KnownFiles): void {
  const folder = spoolFolder(inside);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const text = JSON.stringify(Object.fromEntries([...files].map(([path, { stamp, hash }]) => [path, [stamp, hash]])));
  const beside = join(folder, `known.${process.pid}`);
  writeFileSync(beside, text, { mode: 0o600 });
  renameSync(beside, join(folder, FILE));
}

function jsonAt(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Not there yet, or damaged: every file is told once more.
    return undefined;
  }
}
