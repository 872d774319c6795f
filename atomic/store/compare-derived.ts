// What the tables say of a patch against what the patch says of itself.

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchHash } from '../patches/hash.ts';
import { attributionsOf } from './attribution-tables.ts';
import { decodeLinks } from './number-lists.ts';
import type { StoreParts } from './parts.ts';
import type { AttributionLabels, StoredPatch } from './store.ts';
import type { Derive, Derived, Finding, LocalNumbers } from './verify-face.ts';

export function compareDerived(
  parts: StoreParts,
  number: PatchNumber,
  patch: StoredPatch,
  derive: Derive,
): readonly Finding[] {
  const derived = derive(patch);
  return [
    ...finding(rowProblem(parts, number, derived), patch.hash, 'index-wrong'),
    ...finding(linkProblem(parts, number, derived), patch.hash, 'index-wrong'),
    ...finding(inodeProblem(parts, number, derived), patch.hash, 'index-wrong'),
    ...finding(factProblem(parts, number, derived), patch.hash, 'facts-wrong'),
    ...finding(labelProblem(parts, number, derived), patch.hash, 'index-wrong'),
  ];
}

export function localNumbers({ numbers, database }: StoreParts, own: PatchNumber): LocalNumbers {
  return {
    own,
    numberOf: (hash) => numbers.numberOf(hash),
    inodeOf: (patch, n) => {
      const row = database.row('SELECT inode FROM inodes WHERE patch = ? AND n = ?', patch, n);
      return row === undefined ? undefined : database.number(row, 0);
    },
  };
}

const finding = (what: string | null, about: string, kind: Finding['kind']): readonly Finding[] =>
  what === null ? [] : [{ kind, about, what, cure: 'mend' }];

function rowProblem({ database }: StoreParts, number: PatchNumber, { row }: Derived): string | null {
  const found = database.row(
    'SELECT at, zone, authors, contents_length, message FROM changes JOIN bylines USING (byline) WHERE number = ?',
    number,
  );
  if (found === undefined) return 'Its authors are not in the table.';
  const authors = JSON.stringify(row.authors.map(({ name, email }) => [name, email]));
  const isSame =
    database.number(found, 0) === row.at &&
    database.number(found, 1) === row.zoneMinutes &&
    database.text(found, 2) === authors &&
    database.text(found, 4) === row.message;
  return isSame ? null : 'Its row has another time, author or message.';
}

function linkProblem({ database, numbers }: StoreParts, number: PatchNumber, { row }: Derived): string | null {
  const found = database.row('SELECT dependencies, known FROM changes WHERE number = ?', number);
  const here = (hashes: readonly PatchHash[]): readonly PatchNumber[] =>
    hashes.flatMap((hash) => numbers.numberOf(hash) ?? []);
  const dependencies = here(row.dependencies);
  const known = here(row.known);
  if (dependencies.length < row.dependencies.length) return 'A patch that it builds on is not here.';
  if (decodeLinks(number, database.bytes(found, 0)).join() !== dependencies.join()) {
    return 'Its dependencies are others than those it names.';
  }
  if (!isSameSet(decodeLinks(number, database.bytes(found, 1)), known)) return 'It knows others than those it names.';
  const reversed = (table: string, column: string): readonly PatchNumber[] =>
    [...new Set(dependencies.concat(known))].filter(
      (other) => database.row(`SELECT 1 FROM ${table} WHERE ${column} = ? AND patch = ?`, other, number) !== undefined,
    );
  if (!isSameSet(reversed('dependents', 'dependency'), dependencies)) return 'The index of dependents misses it.';
  return isSameSet(reversed('knowers', 'known'), known) ? null : 'The index of who knows whom misses it.';
}

function inodeProblem({ database }: StoreParts, number: PatchNumber, { inodes }: Derived): string | null {
  const found = database
    .rows('SELECT n, kind FROM inodes WHERE patch = ? ORDER BY n', number)
    .map((row) => `${database.number(row, 0)} ${database.text(row, 1)}`);
  const wanted = [...inodes].sort((a, b) => a.n - b.n).map(({ n, kind }) => `${n} ${kind}`);
  return found.join() === wanted.join() ? null : 'The files that it adds are others than those in the table.';
}

function factProblem(parts: StoreParts, number: PatchNumber, derived: Derived): string | null {
  const { database } = parts;
  const { texts, tree } = derived.facts(localNumbers(parts, number));
  const found = database.rows('SELECT inode, facts FROM facts WHERE patch = ? ORDER BY inode', number);
  const wanted = [...texts].sort((a, b) => a.inode - b.inode);
  const isSameText =
    found.length === wanted.length &&
    wanted.every(
      ({ inode, facts }, index) =>
        database.number(found[index], 0) === inode && isSameBytes(database.bytes(found[index], 1), facts),
    );
  if (!isSameText) return 'The facts of its text are others than those in the table.';
  const row = database.row('SELECT facts FROM tree_facts WHERE patch = ?', number);
  const stored = row === undefined ? null : database.bytes(row, 0);
  const isSameTree = stored === null || tree === null ? stored === tree : isSameBytes(stored, tree);
  return isSameTree ? null : 'Its facts of the file tree are others than those in the table.';
}

/** Labels follow from a blob that somebody can read; without one there is nothing to compare. */
function labelProblem(parts: StoreParts, number: PatchNumber, { labels }: Derived): string | null {
  const stored = labels === null ? null : attributionsOf(parts).labelsOf(number);
  if (labels === null || attributionsOf(parts).of(number) === null) return null;
  return stored !== null && labelsText(stored) === labelsText(labels)
    ? null
    : 'Its attribution is counted under other labels than it has.';
}

const labelsText = (labels: AttributionLabels): string =>
  JSON.stringify([
    [labels.actor, labels.provider, labels.model, labels.suggestion, labels.tool, labels.evidence],
    [labels.confidenceBp, labels.acceptanceBp, labels.tokensIn, labels.tokensOut, labels.costMicroUsd],
    labels.promptHash === null ? null : [...labels.promptHash],
  ]);

const isSameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function isSameSet(a: readonly PatchNumber[], b: readonly PatchNumber[]): boolean {
  const left = new Set(a);
  return left.size === new Set(b).size && b.every((number) => left.has(number));
}
