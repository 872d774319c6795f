// Rebuilds the derived tables of every patch from its bytes.
// Rule: one durable write; numbers, channels and attribution stay. A patch that cannot be read keeps what there is.

import type { PatchNumber } from '../patches/facts.ts';
import { hashToBytes } from '../patches/hash.ts';
import { localNumbers } from './compare-derived.ts';
import { decodeLinks, encodeLinks } from './number-lists.ts';
import type { StoreParts } from './parts.ts';
import type { StoredPatch, Transaction } from './store.ts';
import { storedOf, verifyStore } from './verify.ts';
import type { Derive, Derived, MendOutcome } from './verify-face.ts';
import type { Writing } from './writing.ts';

export function mendStore(parts: StoreParts, writing: Writing, derive: Derive): MendOutcome {
  const { database, numbers, ancestry, cache } = parts;
  let patches = 0;
  writing.write({ op: 'mend', args: null, actor: 'doctor' }, (transaction) => {
    // The reverse tables are made anew as a whole: they are not sorted by the patch that they speak of.
    for (const table of ['dependents', 'knowers']) database.run(`DELETE FROM ${table}`);
    for (let number = 1; number <= numbers.count; number += 1) {
      const patch = storedOf(parts, number, numbers.hashOf(number));
      const derived = readable(() => derive(patch));
      if (derived === undefined) keepLinks(parts, number);
      else mendPatch(parts, transaction, { number, patch, derived });
      patches += derived === undefined ? 0 : 1;
    }
  });
  ancestry.forgetAfter(0);
  cache.clear();
  return { patches, remaining: database.snapshot(() => verifyStore(parts, derive)) };
}

/** What cannot be read is named by the look afterwards. */
function readable(step: () => Derived): Derived | undefined {
  try {
    return step();
  } catch {
    return undefined;
  }
}

interface Mended {
  readonly number: PatchNumber;
  readonly patch: StoredPatch;
  readonly derived: Derived;
}

function mendPatch(parts: StoreParts, transaction: Transaction, { number, patch, derived }: Mended): void {
  if (patch.attribution !== null && derived.labels !== null) {
    transaction.attach(number, patch.attribution, derived.labels);
  }
  mendLinks(parts, number, derived);
  mendRow(parts, number, derived);
  const { database } = parts;
  const local = localNumbers(parts, number);
  for (const { n, kind } of derived.inodes) {
    const inode = local.inodeOf(number, n);
    if (inode === undefined) transaction.addInode(number, n, kind);
    else database.run('UPDATE inodes SET kind = ? WHERE inode = ?', kind, inode);
  }
  const wanted = new Set(derived.inodes.map(({ n }) => n));
  for (const row of database.rows('SELECT inode, n FROM inodes WHERE patch = ?', number)) {
    if (!wanted.has(database.number(row, 1)))
      database.run('DELETE FROM inodes WHERE inode = ?', database.number(row, 0));
  }
  const { texts, tree } = derived.facts(local);
  database.run('DELETE FROM facts WHERE patch = ?', number);
  database.run('DELETE FROM tree_facts WHERE patch = ?', number);
  for (const { inode, facts } of texts) transaction.putTextFacts(inode, number, facts);
  if (tree !== null) transaction.putTreeFacts(number, tree);
}

function mendRow({ database }: StoreParts, number: PatchNumber, { row }: Derived): void {
  const authors = JSON.stringify(row.authors.map(({ name, email }) => [name, email]));
  database.run('INSERT OR IGNORE INTO bylines (authors) VALUES (?)', authors);
  database.run(
    'UPDATE changes SET at = ?, zone = ?, flags = ?, message = ?, byline = (SELECT byline FROM bylines WHERE authors = ?) WHERE number = ?',
    row.at,
    row.zoneMinutes,
    row.flags,
    row.message,
    authors,
    number,
  );
}

function mendLinks(parts: StoreParts, number: PatchNumber, { row }: Derived): void {
  const { database, numbers } = parts;
  const dependencies = row.dependencies.flatMap((hash) => numbers.numberOf(hash) ?? []);
  const known = row.known.flatMap((hash) => numbers.numberOf(hash) ?? []);
  database.run('DELETE FROM awaited WHERE patch = ?', number);
  for (const hash of row.known) {
    if (numbers.numberOf(hash) === undefined)
      database.run('INSERT INTO awaited VALUES (?, ?)', hashToBytes(hash), number);
  }
  insertReverse(parts, number, { dependencies, known, bytes: row.dependencyBytes ?? [] });
  database.run(
    'UPDATE changes SET dependencies = ?, known = ? WHERE number = ?',
    encodeLinks(number, dependencies),
    encodeLinks(number, known),
    number,
  );
}

/** Of a patch that cannot be read, what its row says is believed. */
function keepLinks(parts: StoreParts, number: PatchNumber): void {
  const { database } = parts;
  const row = database.row('SELECT dependencies, known FROM changes WHERE number = ?', number);
  insertReverse(parts, number, {
    dependencies: decodeLinks(number, database.bytes(row, 0)),
    known: decodeLinks(number, database.bytes(row, 1)),
    bytes: [],
  });
}

interface Links {
  readonly dependencies: readonly PatchNumber[];
  readonly known: readonly PatchNumber[];
  readonly bytes: readonly number[];
}

function insertReverse({ database }: StoreParts, number: PatchNumber, { dependencies, known, bytes }: Links): void {
  for (const [index, dependency] of dependencies.entries()) {
    database.run('INSERT INTO dependents VALUES (?, ?, ?)', dependency, number, bytes[index] ?? 0);
  }
  for (const other of known) database.run('INSERT INTO knowers VALUES (?, ?)', other, number);
}
