// Any patch that can be written down, for properties. What it says need not be true of any repository.

import fc from 'fast-check';
import { instant } from 'kernel/basics';

import { HASH_BYTES, hashFromBytes, compareHashes } from './hash.ts';
import { FILE_KINDS, META_KEYS, type Atom, type Patch } from './patch.ts';

const bytes32 = fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES });
const hashes = fc
  .array(bytes32.map(hashFromBytes), { maxLength: 4 })
  .map((list) => [...new Set(list)].sort(compareHashes));
const number = fc.nat(0xffff_ffff);
const of = fc.nat(4);
const inode = fc.record({ of, n: number });
const position = fc.record({ of, offset: number });
const range = fc
  .tuple(of, number, fc.nat(9999))
  .map(([index, start, length]) => ({ of: index, start, end: start + length }));
const ranges = fc.array(range, { maxLength: 3 });
const positions = fc.array(position, { maxLength: 3 });
const assertions = fc.array(fc.record({ of, atom: number }), { maxLength: 2 });
const name = fc.string({ unit: 'binary', maxLength: 20 });

const atom: fc.Arbitrary<Atom> = fc.oneof(
  fc.record({ kind: fc.constant('add-file' as const), n: number, fileKind: fc.constantFrom(...FILE_KINDS) }),
  fc.record({
    kind: fc.constant('locate' as const),
    inode,
    at: fc.option(fc.record({ parent: fc.option(inode), name })),
    supersedes: assertions,
  }),
  fc.record({
    kind: fc.constant('set-meta' as const),
    inode,
    key: fc.constantFrom(...META_KEYS),
    value: name,
    supersedes: assertions,
  }),
  fc
    .record({
      kind: fc.constant('insert' as const),
      inode,
      start: number,
      up: positions,
      down: positions,
      replaces: ranges,
      origins: fc.array(fc.record({ at: number, from: range }), { maxLength: 2 }),
      length: fc.nat(9999),
    })
    .map(({ length, ...insert }) => ({ ...insert, end: insert.start + length })),
  fc.record({ kind: fc.constant('delete' as const), inode, ranges }),
  fc.record({ kind: fc.constantFrom('undelete' as const, 'acknowledge' as const), inode, ranges, by: of }),
  fc.record({ kind: fc.constant('order' as const), inode, from: position, to: position }),
  fc.record({ kind: fc.constant('unorder' as const), inode, from: position, to: position, by: of }),
);

export const arbitraryPatch: fc.Arbitrary<Patch> = fc.record({
  header: fc.record({
    message: name,
    description: name,
    at: fc.integer({ min: -253_402_300_799_999, max: 253_402_300_799_999 }).map(instant),
    zoneMinutes: fc.integer({ min: -1440, max: 1440 }),
    authors: fc.array(fc.record({ name, email: name }), { maxLength: 2 }),
  }),
  dependencies: hashes,
  known: hashes,
  atoms: fc.array(atom, { maxLength: 6 }),
  contentsHash: bytes32,
  contentsLength: fc.nat(1 << 28),
  attributionCommitment: fc.option(bytes32),
});
