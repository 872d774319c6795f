// What a write does to patches, facts and attribution.
// Rule: a patch is stored only under the name that its bytes have, and after all that it depends on, so that a
// dependency always has the smaller number.

import { CONTENTS_MAX, nameOf } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { hashToBytes, type PatchHash } from '../patches/hash.ts';
import type { Author, FileKind } from '../patches/patch.ts';
import { sourceOf } from './attribution-tables.ts';
import { dependencyMissing, limitPassed, numberUnknown, patchRefused } from './faults.ts';
import { decodeLinks, encodeLinks } from './number-lists.ts';
import type { StoreParts } from './parts.ts';
import type {
  Added,
  AttributionBytes,
  AttributionLabels,
  InodeNumber,
  PatchDraft,
  Signature,
  StoredPatch,
} from './store.ts';

/** A hashed section names every line that a patch touches; 256 MiB of text are far fewer. */
const HASHED_MAX = 256 * 1024 * 1024;
const FACTS_MAX = 512 * 1024 * 1024;
const ATTRIBUTION_MAX = 16 * 1024 * 1024;
/** While somebody waits. */
const LEVEL = 3;

export class PatchWrites {
  readonly #parts: StoreParts;
  readonly #bylines = new Map<string, number>();
  readonly #sources = new Map<string, number>();

  constructor(parts: StoreParts) {
    this.#parts = parts;
  }

  /** A write failed: rows that were made in it are gone. */
  reset(): void {
    this.#bylines.clear();
    this.#sources.clear();
  }

  addPatch(draft: PatchDraft): Added {
    const { patch } = draft;
    const { numbers, ancestry, bytes } = this.#parts;
    const present = numbers.numberOf(patch.hash);
    if (present !== undefined) return { kind: 'present', number: present };
    refuseWrong(patch);
    const dependencies = this.#dependencies(draft);
    const known = draft.known.map((hash) => ({ hash, number: numbers.numberOf(hash) }));
    const here = known.flatMap(({ number }) => (number === undefined ? [] : [number]));
    const number = numbers.count + 1;
    bytes.writer(LEVEL).add(number, patch.hashed, patch.contents);
    this.#insertRow(number, draft, { dependencies, known: here });
    numbers.add(number, patch.hash);
    ancestry.add(number, dependencies, here);
    const absent = known.filter((each) => each.number === undefined);
    this.#insertLinks(number, { dependencies, known: here, absent: absent.map(({ hash }) => hash) }, draft);
    this.#joinAwaiting(number, patch.hash);
    if (patch.attribution !== null) this.attach(number, patch.attribution, draft.labels);
    for (const signature of patch.signatures) this.addSignature(number, signature);
    return { kind: 'added', number };
  }

  addInode(patch: PatchNumber, n: number, kind: FileKind): InodeNumber {
    this.#refuseUnknown(patch);
    const { database } = this.#parts;
    const row = database.row('INSERT INTO inodes (patch, n, kind) VALUES (?, ?, ?) RETURNING inode', patch, n, kind);
    return database.number(row, 0);
  }

  putTextFacts(inode: InodeNumber, patch: PatchNumber, facts: Uint8Array): void {
    refuseLarge(`What patch number ${patch} says of a file`, facts, FACTS_MAX);
    this.#parts.database.run('INSERT OR REPLACE INTO facts VALUES (?, ?, ?)', inode, patch, facts);
  }

  putTreeFacts(patch: PatchNumber, facts: Uint8Array): void {
    refuseLarge(`What patch number ${patch} says of the file tree`, facts, FACTS_MAX);
    this.#parts.database.run('INSERT OR REPLACE INTO tree_facts VALUES (?, ?)', patch, facts);
  }

  /** Labels are null where nobody can read the blob. */
  attach(patch: PatchNumber, { salt, blob }: AttributionBytes, labels: AttributionLabels | null): void {
    this.#refuseUnknown(patch);
    refuseLarge(`The attribution of patch number ${patch}`, blob, ATTRIBUTION_MAX);
    const { database } = this.#parts;
    database.run(
      'INSERT OR REPLACE INTO patch_attribution VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      patch,
      labels === null ? null : sourceOf(database, this.#sources, labels),
      salt,
      blob,
      labels?.confidenceBp ?? null,
      labels?.acceptanceBp ?? null,
      labels?.promptHash ?? null,
      labels?.tokensIn ?? null,
      labels?.tokensOut ?? null,
      labels?.costMicroUsd ?? null,
    );
  }

  addSignature(patch: PatchNumber, { key, signature }: Signature): void {
    this.#refuseUnknown(patch);
    this.#parts.database.run('INSERT OR REPLACE INTO signatures VALUES (?, ?, ?)', patch, key, signature);
  }

  #refuseUnknown(patch: PatchNumber): void {
    if (patch < 1 || patch > this.#parts.numbers.count) throw numberUnknown(patch);
  }

  #dependencies({ patch, dependencies }: PatchDraft): readonly PatchNumber[] {
    const { numbers } = this.#parts;
    const found = dependencies.map((hash) => ({ hash, number: numbers.numberOf(hash) }));
    const missing = found.filter(({ number }) => number === undefined);
    if (missing.length > 0)
      throw dependencyMissing(
        patch.hash,
        missing.map(({ hash }) => hash),
      );
    return found.flatMap(({ number }) => (number === undefined ? [] : [number]));
  }

  #insertRow(number: PatchNumber, draft: PatchDraft, links: Links): void {
    this.#parts.database.run(
      'INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      number,
      hashToBytes(draft.patch.hash),
      draft.at,
      draft.zoneMinutes,
      this.#byline(draft.authors),
      draft.flags,
      draft.patch.contents.length,
      encodeLinks(number, links.dependencies),
      encodeLinks(number, links.known),
      draft.message,
    );
  }

  #insertLinks(number: PatchNumber, links: Links & { readonly absent: readonly PatchHash[] }, draft: PatchDraft): void {
    const { database } = this.#parts;
    for (const [index, dependency] of links.dependencies.entries()) {
      const bytes = draft.dependencyBytes?.[index] ?? 0;
      database.run('INSERT INTO dependents VALUES (?, ?, ?)', dependency, number, bytes);
    }
    for (const known of links.known) database.run('INSERT INTO knowers VALUES (?, ?)', known, number);
    for (const hash of links.absent) database.run('INSERT INTO awaited VALUES (?, ?)', hashToBytes(hash), number);
  }

  /** Patches that came before and name this one as known. */
  #joinAwaiting(number: PatchNumber, hash: PatchHash): void {
    const { database, ancestry } = this.#parts;
    const bytes = hashToBytes(hash);
    const waiting = database.rows(
      'SELECT patch, known FROM awaited JOIN changes ON number = patch WHERE awaited.hash = ?',
      bytes,
    );
    if (waiting.length === 0) return;
    for (const row of waiting) {
      const patch = database.number(row, 0);
      const known = [...decodeLinks(patch, database.bytes(row, 1)), number];
      database.run('INSERT INTO knowers VALUES (?, ?)', number, patch);
      database.run('UPDATE changes SET known = ? WHERE number = ?', encodeLinks(patch, known), patch);
    }
    database.run('DELETE FROM awaited WHERE hash = ?', bytes);
    ancestry.forgetKnowers();
  }

  #byline(authors: readonly Author[]): number {
    const text = JSON.stringify(authors.map(({ name, email }) => [name, email]));
    const known = this.#bylines.get(text);
    if (known !== undefined) return known;
    const { database } = this.#parts;
    database.run('INSERT OR IGNORE INTO bylines (authors) VALUES (?)', text);
    const byline = database.number(database.row('SELECT byline FROM bylines WHERE authors = ?', text), 0);
    this.#bylines.set(text, byline);
    return byline;
  }
}

interface Links {
  readonly dependencies: readonly PatchNumber[];
  readonly known: readonly PatchNumber[];
}

function refuseWrong({ hash, hashed, contents }: StoredPatch): void {
  if (contents.length > CONTENTS_MAX) throw limitPassed(`The text of patch ${hash}`, '256 MiB');
  refuseLarge(`Patch ${hash}`, hashed, HASHED_MAX);
  if (nameOf(hashed) !== hash) throw patchRefused(hash, 'Its bytes have another hash than its name says.');
}

function refuseLarge(what: string, bytes: Uint8Array, max: number): void {
  if (bytes.length > max) throw limitPassed(what, `${max >> 20} MiB`);
}
