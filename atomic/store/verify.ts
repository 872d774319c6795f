// Looks at everything a store holds, and rebuilds what is derived.
// Rule: looking changes nothing and never stops at the first thing it finds. What is mended is only what follows from
// patches; a patch whose bytes are gone stays named until it is fetched again.

import { Fault } from 'kernel/basics';

import { nameOf } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { hashFromBytes, type PatchHash } from '../patches/hash.ts';
import { EMPTY_ROOT, rootOf, trieOf } from '../patches/state-root.ts';
import { verifyAuditOf } from './audit-table.ts';
import { compareDerived } from './compare-derived.ts';
import { leftoversOf } from './packing.ts';
import { PRISTINE, type StoreParts } from './parts.ts';
import type { StoredPatch } from './store.ts';
import type { Derive, Finding } from './verify-face.ts';

/** More are not listed: whoever has as many clones anew. */
const FINDINGS_MAX = 1000;

export function verifyStore(parts: StoreParts, derive?: Derive): readonly Finding[] {
  return [
    ...verifyDatabase(parts),
    ...verifyPatches(parts, derive),
    ...verifyPacks(parts),
    ...verifyChannels(parts),
    ...verifyAudit(parts),
    ...verifyLeftovers(parts),
  ].slice(0, FINDINGS_MAX);
}

function verifyDatabase({ database, folder }: StoreParts): readonly Finding[] {
  return guarded(`${folder}/${PRISTINE}`, 'database-damaged', 'restore', () =>
    database
      .rows('PRAGMA quick_check(10)')
      .map((row) => database.text(row, 0))
      .filter((text) => text !== 'ok')
      .map((what) => ({ kind: 'database-damaged', about: PRISTINE, what, cure: 'restore' })),
  );
}

function* verifyPatches(parts: StoreParts, derive: Derive | undefined): Generator<Finding> {
  const { database } = parts;
  const rows = database.rows('SELECT number, hash FROM changes ORDER BY number');
  for (const row of rows) {
    const number = database.number(row, 0);
    const hash = hashFromBytes(database.bytes(row, 1));
    yield* guarded(hash, 'patch-damaged', 'fetch', () => verifyPatch(parts, number, hash, derive));
  }
}

function verifyPatch(
  parts: StoreParts,
  number: PatchNumber,
  hash: PatchHash,
  derive: Derive | undefined,
): readonly Finding[] {
  const { bytes } = parts;
  const hashed = bytes.find(number, 'hashed');
  const contents = bytes.find(number, 'contents');
  if (hashed === undefined || contents === undefined) {
    return [{ kind: 'patch-missing', about: hash, what: 'Its bytes are in no pack and not loose.', cure: 'fetch' }];
  }
  if (nameOf(hashed) !== hash) {
    return [{ kind: 'patch-damaged', about: hash, what: 'Its bytes have another hash.', cure: 'fetch' }];
  }
  return [
    ...verifyLinks(parts, number, hash),
    ...(derive === undefined ? [] : compareDerived(parts, number, storedOf(parts, number, hash), derive)),
  ];
}

export function storedOf({ bytes, database }: StoreParts, number: PatchNumber, hash: PatchHash): StoredPatch {
  const row = database.row('SELECT salt, body FROM patch_attribution WHERE patch = ?', number);
  return {
    hash,
    hashed: bytes.find(number, 'hashed') ?? new Uint8Array(),
    contents: bytes.find(number, 'contents') ?? new Uint8Array(),
    attribution: row === undefined ? null : { salt: database.bytes(row, 0), blob: database.bytes(row, 1) },
    signatures: [],
  };
}

function verifyLinks({ ancestry, numbers }: StoreParts, number: PatchNumber, hash: PatchHash): readonly Finding[] {
  return ancestry
    .dependenciesOf(number)
    .filter((dependency) => dependency < 1 || dependency >= number || dependency > numbers.count)
    .map((dependency) => ({
      kind: 'dependency-missing',
      about: hash,
      what: `It depends on number ${dependency}, which is no earlier patch.`,
      cure: 'mend',
    }));
}

function verifyPacks({ bytes }: StoreParts): readonly Finding[] {
  return bytes
    .packs()
    .flatMap((pack) =>
      guarded(pack.path, 'pack-damaged', 'fetch', () =>
        pack.numbers().length === pack.row.patches
          ? []
          : [{ kind: 'pack-damaged', about: pack.path, what: 'It holds another number of patches.', cure: 'fetch' }],
      ),
    );
}

function verifyChannels(parts: StoreParts): readonly Finding[] {
  const { channels } = parts;
  channels.forget();
  return channels
    .list()
    .flatMap(({ name }) => guarded(name, 'channel-wrong', 'restore', () => verifyChannel(parts, name)));
}

function verifyChannel({ channels, numbers, ancestry }: StoreParts, name: string): readonly Finding[] {
  const { set, root, logLength } = channels.required(name);
  const wrong = (what: string): Finding => ({ kind: 'channel-wrong', about: name, what, cure: 'restore' });
  const members = [...set];
  const beyond = members.find((number) => number < 1 || number > numbers.count);
  if (beyond !== undefined) return [wrong(`It has the number ${beyond}, which no patch has.`)];
  const built = set.size === 0 ? EMPTY_ROOT : rootOf(trieOf(members.map((number) => numbers.bytesOf(number).slice())));
  const findings: Finding[] = [];
  if (Buffer.compare(built, root) !== 0) findings.push(wrong('Its root is not the root of its patches.'));
  const open = members.find((number) => ancestry.dependenciesOf(number).some((dependency) => !set.has(dependency)));
  if (open !== undefined) findings.push(wrong(`Patch ${numbers.hashOf(open)} is in it without what it builds on.`));
  const logged = [...channels.log(name)].length;
  if (logged !== set.size)
    findings.push(wrong(`Its log of ${logLength} lines leads to ${logged} of ${set.size} patches.`));
  return findings;
}

function verifyAudit({ database }: StoreParts): readonly Finding[] {
  return guarded('audit', 'audit-broken', 'restore', () => {
    const verdict = verifyAuditOf(database);
    if (verdict.kind === 'whole') return [];
    return [{ kind: 'audit-broken', about: `line ${verdict.n}`, what: verdict.why, cure: 'restore' }];
  });
}

function verifyLeftovers(parts: StoreParts): readonly Finding[] {
  return leftoversOf(parts).map((name) => ({
    kind: 'leftover-file',
    about: name,
    what: 'No patch is looked for in it: the process that wrote or replaced it has ended.',
    cure: 'sweep',
  }));
}

/** What a look itself stumbles over is a finding too. */
function guarded(
  about: string,
  kind: Finding['kind'],
  cure: Finding['cure'],
  look: () => readonly Finding[],
): readonly Finding[] {
  try {
    return look();
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    return [{ kind, about, what: thrown.message, cure }];
  }
}
