// Patches as everybody asks for them: by name, by number, by prefix, with their bytes and their links.

import { instant } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import type { Author } from '../patches/patch.ts';
import type { Attributions } from './store.ts';
import type { Database } from './database.ts';
import { numberUnknown, patchGone, storeDamaged } from './faults.ts';
import { decodeLinks } from './number-lists.ts';
import type { StreamName } from './pack-format.ts';
import { PACKS, PRISTINE, type StoreParts } from './parts.ts';
import type { Patches, PatchRow, Signature } from './store.ts';

/** `refresh`: looks whether another process has written, before a count is answered. */
export function patchesOf(parts: StoreParts, attributions: Attributions, refresh: () => void): Patches {
  const { numbers, ancestry, database } = parts;
  const bytesOf = (number: PatchNumber, stream: StreamName): Uint8Array => requiredBytes(parts, number, stream);
  return {
    get count() {
      refresh();
      return numbers.count;
    },
    has: (hash) => numbers.numberOf(hash) !== undefined,
    numberOf: (hash) => numbers.numberOf(hash),
    hashOf: (number) => numbers.hashOf(number),
    hashBytesOf: (number) => numbers.bytesOf(number),
    compare: (a, b) => numbers.compare(a, b),
    rowOf: (number) => rowOf(parts, number),
    findByPrefix: (text) => numbers.findByPrefix(text),
    patchBytes: (number) => ({
      hash: numbers.hashOf(number),
      hashed: bytesOf(number, 'hashed'),
      contents: bytesOf(number, 'contents'),
      attribution: attributions.of(number),
      signatures: signaturesOf(database, number),
    }),
    hashedOf: (number) => bytesOf(number, 'hashed'),
    contentsOf: (number) => bytesOf(number, 'contents'),
    signaturesOf: (number) => signaturesOf(database, number),
    signatures: () =>
      database.rows('SELECT patch, key, signature FROM signatures ORDER BY patch, key').map((row) => ({
        patch: database.number(row, 0),
        key: database.bytes(row, 1),
        signature: database.bytes(row, 2),
      })),
    dependenciesOf: (number) => ancestry.dependenciesOf(number),
    knows: (deleter, owner) => ancestry.knows(deleter, owner),
    closure: (of) => ancestry.closure(of),
    dependents: (of, within) => ancestry.dependents(of, within),
    directDependents: (number, within) => ancestry.directDependents(number, within),
  };
}

function requiredBytes({ bytes, numbers, folder }: StoreParts, number: PatchNumber, stream: StreamName): Uint8Array {
  const found = bytes.find(number, stream);
  if (found === undefined) throw patchGone(numbers.hashOf(number), `${folder}/${PRISTINE} and ${folder}/${PACKS}`);
  return found;
}

const ROW = `SELECT at, zone, byline, flags, contents_length, dependencies, known, message
  FROM changes WHERE number = ?`;

function rowOf({ database, numbers, bylines }: StoreParts, number: PatchNumber): PatchRow {
  const row = database.row(ROW, number);
  if (row === undefined) throw numberUnknown(number);
  return {
    number,
    hash: numbers.hashOf(number),
    at: instant(database.number(row, 0)),
    zoneMinutes: database.number(row, 1),
    authors: authorsOf(database, bylines, database.number(row, 2)),
    flags: database.number(row, 3),
    contentsLength: database.number(row, 4),
    dependencies: decodeLinks(number, database.bytes(row, 5)),
    known: decodeLinks(number, database.bytes(row, 6)),
    message: database.text(row, 7),
  };
}

function authorsOf(database: Database, bylines: Map<number, readonly Author[]>, byline: number): readonly Author[] {
  const known = bylines.get(byline);
  if (known !== undefined) return known;
  const rows = database.rows(
    'SELECT author.value ->> 0, author.value ->> 1 FROM bylines, json_each(authors) AS author WHERE byline = ?',
    byline,
  );
  if (rows.length === 0 && database.row('SELECT 1 FROM bylines WHERE byline = ?', byline) === undefined) {
    throw storeDamaged(database.path);
  }
  const authors = rows.map((row) => ({ name: database.text(row, 0), email: database.text(row, 1) }));
  bylines.set(byline, authors);
  return authors;
}

const signaturesOf = (database: Database, number: PatchNumber): readonly Signature[] =>
  database
    .rows('SELECT key, signature FROM signatures WHERE patch = ? ORDER BY key', number)
    .map((row) => ({ key: database.bytes(row, 0), signature: database.bytes(row, 1) }));
