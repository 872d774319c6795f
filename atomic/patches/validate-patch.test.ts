import { instant } from 'kernel/basics';
import { expect, test } from 'vitest';

import { contentsHashOf, decodePatch, encodePatch } from './encode-patch.ts';
import { hashFromBytes, type PatchHash } from './hash.ts';
import type { Atom, NamedPatch, Patch } from './patch.ts';
import { nameFlaw, validatePatch, type ValidationQuestions } from './validate-patch.ts';

/** The patch that is here: it added file 0 at atom 1 and file 1 at atom 3, and wrote bytes 0 to 10 into file 0. */
const HERE = hashFromBytes(new Uint8Array(32).fill(1));
const OTHER = hashFromBytes(new Uint8Array(32).fill(2));
const ask: ValidationQuestions = {
  hasPatch: (hash) => hash === HERE,
  hasFile: (hash, n) => hash === HERE && n < 2,
  hasBytes: (hash, { start, end }, file) => hash === HERE && file.n === 0 && start >= 0 && end <= 10,
  assertionOf: (hash, atom) =>
    hash === HERE && (atom === 1 || atom === 3)
      ? { kind: 'locate', file: { patch: HERE, n: atom === 1 ? 0 : 1 } }
      : null,
};
const CONTENTS = Buffer.from('0123456789\0abc\0');
const file = { of: 1, n: 0 };
const insert = (start: number, end: number, rest: Partial<Atom & { kind: 'insert' }> = {}): Atom => ({
  kind: 'insert',
  inode: file,
  start,
  end,
  up: [{ of: 1, offset: 3 }],
  down: [],
  replaces: [],
  origins: [],
  ...rest,
});

function patchOf(atoms: readonly Atom[], rest: Partial<Patch> = {}): NamedPatch {
  const header = { message: 'm', description: '', at: instant(0), zoneMinutes: 0, authors: [] };
  const patch: Patch = {
    header,
    dependencies: [HERE],
    known: [],
    atoms,
    contentsHash: contentsHashOf(CONTENTS),
    contentsLength: CONTENTS.length,
    attributionCommitment: null,
    ...rest,
  };
  return decodePatch(encodePatch(patch));
}
const verdict = (atoms: readonly Atom[], rest: Partial<Patch> = {}, contents: Uint8Array = CONTENTS): string => {
  const found = validatePatch(patchOf(atoms, rest), contents, ask);
  return found.kind === 'invalid' ? found.why : found.kind;
};
const named = (name: string): readonly Atom[] => [
  { kind: 'add-file', n: 0, fileKind: 'text' },
  { kind: 'locate', inode: { of: 0, n: 0 }, at: { parent: null, name }, supersedes: [] },
];

test('a patch that says what can be true is valid', () => {
  expect(verdict([insert(0, 10), insert(11, 14)])).toBe('valid');
  expect(verdict([{ kind: 'delete', inode: file, ranges: [{ of: 1, start: 0, end: 10 }] }])).toBe('valid');
  expect(verdict(named('fine.txt'))).toBe('valid');
});

test('a patch whose dependencies are not here waits for them, by name', () => {
  const patch = patchOf([], { dependencies: [HERE, OTHER] });
  expect(validatePatch(patch, CONTENTS, ask)).toEqual({ kind: 'missing-dependencies', missing: [OTHER] });
});

test('text that is not what was recorded is refused', () => {
  expect(verdict([insert(0, 10)], {}, Buffer.from('0123456789\0abX\0'))).toContain('not the one it was recorded with');
  expect(verdict([insert(0, 10)], {}, CONTENTS.subarray(1))).toContain('bytes where it says');
});

test('insertions are not empty, share no bytes, touch nowhere, and lie inside the text', () => {
  expect(verdict([insert(3, 3)])).toContain('inserts nothing');
  expect(verdict([insert(0, 10), insert(9, 14)])).toContain('share bytes');
  expect(verdict([insert(0, 10), insert(10, 14)])).toContain('share bytes');
  expect(verdict([insert(0, 99)])).toContain('text that it does not have');
});

test('contexts, deletions and origins that dangle are refused', () => {
  expect(verdict([insert(0, 10, { up: [{ of: 1, offset: 10 }] })])).toContain('does not have');
  expect(verdict([insert(0, 10, { up: [{ of: 0, offset: 3 }] })])).toContain('its own text');
  expect(verdict([insert(0, 10, { down: [{ of: 7, offset: 3 }] })])).toContain('does not have');
  expect(verdict([insert(0, 10, { inode: { of: 1, n: 1 } })])).toContain('does not have');
  expect(verdict([insert(0, 10, { replaces: [{ of: 1, start: 5, end: 11 }] })])).toContain('does not have');
  expect(verdict([insert(0, 10, { origins: [{ at: 8, from: { of: 1, start: 0, end: 5 } }] })])).toContain('origin');
  expect(verdict([{ kind: 'delete', inode: file, ranges: [{ of: 1, start: 4, end: 4 }] }])).toContain('does not have');
  const undelete: Atom = { kind: 'undelete', inode: file, ranges: [{ of: 1, start: 0, end: 4 }], by: 0 };
  expect(verdict([undelete])).toContain('nobody did');
});

test('files that nobody added, that lie nowhere or are counted wrongly are refused', () => {
  expect(verdict([{ kind: 'locate', inode: { of: 1, n: 9 }, at: null, supersedes: [] }])).toContain('nobody added');
  expect(verdict([{ kind: 'add-file', n: 1, fileKind: 'text' }])).toContain('counted');
  expect(verdict([{ kind: 'add-file', n: 0, fileKind: 'text' }])).toContain('not where');
  const wrongFile: Atom = { kind: 'locate', inode: file, at: null, supersedes: [{ of: 1, atom: 3 }] };
  expect(verdict([wrongFile])).toContain('never said of this file');
});

test('names that leave their folder or belong to a repository are refused', () => {
  for (const name of [
    '',
    '.',
    '..',
    'a/b',
    '../../etc/passwd',
    'a\0b',
    '.atomic',
    '.Atomic',
    '.git',
    'x'.repeat(256),
  ]) {
    expect(nameFlaw(name), JSON.stringify(name)).not.toBeNull();
  }
  for (const name of ['...', '.gitignore', 'CON', 'ä'.normalize('NFD'), 'a\\b', ' ']) expect(nameFlaw(name)).toBeNull();
  expect(verdict(named('..'))).toContain('cannot be called');
});

test('times beyond all calendars are refused', () => {
  const header = { message: '', description: '', at: instant(253_402_300_800_000), zoneMinutes: 0, authors: [] };
  expect(verdict([], { header })).toContain('no time');
});

test('a patch never depends on itself', () => {
  const patch = patchOf([]);
  const hash: PatchHash = patch.hash;
  expect(validatePatch({ ...patch, dependencies: [hash] }, CONTENTS, { ...ask, hasPatch: () => true })).toMatchObject({
    why: 'it depends on itself',
  });
});
