// Whether a patch from elsewhere may be applied at all. Research C8.
// Rule: a patch is taken whole or not at all. Everything that it refers to must be there, inside an insertion of the same
// file; every name must be one that a file system can have and that cannot leave its folder. What is wrong is named.
// Not here: signatures and policies of a remote (../remotes), names that only this disk cannot tell apart (../working-copy).

import { HASH_BYTES, type PatchHash } from './hash.ts';
import { contentsHashOf } from './encode-patch.ts';
import { FILE_NAME_MAX } from './encode-atom.ts';
import type { Atom, AtomReference, ByteRange, InodeReference, Insert, NamedPatch, TextAtom } from './patch.ts';

/** What the patches that it depends on have. */
export interface ValidationQuestions {
  hasPatch(hash: PatchHash): boolean;
  /** The kind of the n-th file that a patch added, or undefined. */
  hasFile(hash: PatchHash, n: number): boolean;
  /** Whether the bytes lie inside one insertion of that patch into that file. */
  hasBytes(hash: PatchHash, range: { readonly start: number; readonly end: number }, file: FileName): boolean;
  /** What the atom of a patch is about, if it is a `locate` or a `set-meta`. */
  assertionOf(hash: PatchHash, atom: number): { readonly kind: 'locate' | 'set-meta'; readonly file: FileName } | null;
}

/** A file by the patch that added it. */
export interface FileName {
  readonly patch: PatchHash;
  readonly n: number;
}

export type Validity =
  | { readonly kind: 'valid' }
  | { readonly kind: 'missing-dependencies'; readonly missing: readonly PatchHash[] }
  | { readonly kind: 'invalid'; readonly why: string };

/** Year 9999: later is a mistake, or an attempt to stand last for ever. */
const AT_MAX = 253_402_300_799_999;
const ATOMS_MAX = 4_000_000;
const ZONE_MINUTES_MAX = 24 * 60;

export function validatePatch(patch: NamedPatch, contents: Uint8Array, ask: ValidationQuestions): Validity {
  const missing = patch.dependencies.filter((hash) => !ask.hasPatch(hash));
  if (missing.length > 0) return { kind: 'missing-dependencies', missing };
  const why = headerFlaw(patch) ?? contentsFlaw(patch, contents) ?? insertsFlaw(patch) ?? atomsFlaw(patch, ask);
  return why === null ? { kind: 'valid' } : { kind: 'invalid', why };
}

function headerFlaw({ header, dependencies, hash, atoms }: NamedPatch): string | null {
  if (!Number.isSafeInteger(header.at) || Math.abs(header.at) > AT_MAX) return 'its time is no time';
  if (Math.abs(header.zoneMinutes) > ZONE_MINUTES_MAX) return 'its time zone is no time zone';
  if (dependencies.includes(hash)) return 'it depends on itself';
  if (atoms.length > ATOMS_MAX) return `it says more than ${ATOMS_MAX} things`;
  return null;
}

function contentsFlaw({ contentsHash, contentsLength }: NamedPatch, contents: Uint8Array): string | null {
  if (contents.length !== contentsLength) {
    return `its text has ${contents.length} bytes where it says ${contentsLength}`;
  }
  if (contentsHash.length !== HASH_BYTES || Buffer.compare(contentsHash, contentsHashOf(contents)) !== 0) {
    return 'its text is not the one it was recorded with';
  }
  return null;
}

/** Insertions lie one after another in the contents, never empty, each parted from the next by a byte of nobody. */
function insertsFlaw({ atoms, contentsLength }: NamedPatch): string | null {
  const inserts = atoms.filter((atom): atom is Insert => atom.kind === 'insert').sort((a, b) => a.start - b.start);
  let free = 0;
  for (const { start, end, origins } of inserts) {
    if (start >= end) return 'it inserts nothing somewhere';
    if (start < free) return 'two of its insertions share bytes';
    if (end > contentsLength) return 'it inserts text that it does not have';
    free = end + 1;
    for (const { at, from } of origins) {
      if (at < start || at + from.end - from.start > end || from.start >= from.end)
        return 'an origin lies outside its text';
    }
  }
  return null;
}

function atomsFlaw(patch: NamedPatch, ask: ValidationQuestions): string | null {
  const check = new AtomCheck(patch, ask);
  for (const [index, atom] of patch.atoms.entries()) {
    const why = check.flawOf(atom, index);
    if (why !== null) return why;
  }
  return check.isEveryFilePlaced() ? null : 'it adds a file and says not where';
}

class AtomCheck {
  readonly #patch: NamedPatch;
  readonly #ask: ValidationQuestions;
  readonly #own: { readonly start: number; readonly end: number; readonly file: string }[];
  #filesAdded = 0;
  readonly #placed = new Set<number>();

  constructor(patch: NamedPatch, ask: ValidationQuestions) {
    this.#patch = patch;
    this.#ask = ask;
    this.#own = patch.atoms.flatMap((atom) =>
      atom.kind === 'insert' ? [{ start: atom.start, end: atom.end, file: `${atom.inode.of}/${atom.inode.n}` }] : [],
    );
  }

  isEveryFilePlaced(): boolean {
    return this.#placed.size === this.#filesAdded;
  }

  flawOf(atom: Atom, index: number): string | null {
    if (atom.kind === 'add-file') {
      this.#filesAdded += 1;
      return atom.n === this.#filesAdded - 1 ? null : 'its files are not counted in order';
    }
    if (!this.#hasFile(atom.inode)) return 'it speaks of a file that nobody added';
    switch (atom.kind) {
      case 'locate': {
        if (atom.inode.of === 0) this.#placed.add(atom.inode.n);
        const { at } = atom;
        const why = at === null ? null : nameFlaw(at.name);
        if (why !== null) return why;
        if (at !== null && at.parent !== null && !this.#hasFile(at.parent)) return 'it places a file in no directory';
        return this.#assertionsFlaw(atom.supersedes, 'locate', atom.inode, index);
      }
      case 'set-meta':
        return this.#assertionsFlaw(atom.supersedes, 'set-meta', atom.inode, index);
      default:
        return this.#textFlaw(atom);
    }
  }

  #textFlaw(atom: TextAtom): string | null {
    const ranges: ByteRange[] = [];
    const byte = ({ of, offset }: { of: number; offset: number }): void =>
      void ranges.push({ of, start: offset, end: offset + 1 });
    switch (atom.kind) {
      case 'insert':
        [...atom.up, ...atom.down].forEach(byte);
        if (ranges.some(({ of }) => of === 0)) return 'it stands beside its own text';
        ranges.push(...atom.replaces);
        break;
      case 'order':
      case 'unorder':
        [atom.from, atom.to].forEach(byte);
        break;
      default:
        ranges.push(...atom.ranges);
    }
    if ('by' in atom && (atom.by < 1 || atom.by > this.#patch.dependencies.length))
      return 'it takes back what nobody did';
    if (!ranges.every((range) => this.#hasBytes(range, atom.inode))) {
      return 'it speaks of bytes that its file does not have';
    }
    // Origins may lie in another file: text that was moved.
    const origins = atom.kind === 'insert' ? atom.origins : [];
    return origins.every(({ from }) => this.#hashOf(from.of) !== undefined) ? null : 'its text comes from nowhere';
  }

  #assertionsFlaw(
    supersedes: readonly AtomReference[],
    kind: 'locate' | 'set-meta',
    inode: InodeReference,
    index: number,
  ): string | null {
    const file = this.#fileName(inode);
    const isRight = supersedes.every(({ of, atom }) => {
      const hash = this.#hashOf(of);
      if (hash === undefined || file === null) return false;
      if (of === 0) return atom < index;
      const assertion = this.#ask.assertionOf(hash, atom);
      return assertion?.kind === kind && assertion.file.patch === file.patch && assertion.file.n === file.n;
    });
    return isRight ? null : 'it takes the place of something that was never said of this file';
  }

  #hashOf(of: number): PatchHash | undefined {
    return of === 0 ? this.#patch.hash : this.#patch.dependencies[of - 1];
  }

  #fileName({ of, n }: InodeReference): FileName | null {
    const patch = this.#hashOf(of);
    return patch === undefined ? null : { patch, n };
  }

  #hasFile(inode: InodeReference): boolean {
    if (inode.of === 0) return inode.n < this.#filesAdded;
    const hash = this.#hashOf(inode.of);
    return hash !== undefined && this.#ask.hasFile(hash, inode.n);
  }

  #hasBytes({ of, start, end }: ByteRange, inode: InodeReference): boolean {
    if (start >= end) return false;
    if (of === 0) {
      const file = `${inode.of}/${inode.n}`;
      return this.#own.some((own) => own.start <= start && end <= own.end && own.file === file);
    }
    const hash = this.#hashOf(of);
    const file = this.#fileName(inode);
    return hash !== undefined && file !== null && this.#ask.hasBytes(hash, { start, end }, file);
  }
}

/** Why a file may not be called this, or null. */
export function nameFlaw(name: string): string | null {
  const isPath = name.includes('/') || name.includes('\0');
  if (name === '' || name === '.' || name === '..' || isPath) return `a file cannot be called ${JSON.stringify(name)}`;
  if (Buffer.byteLength(name) > FILE_NAME_MAX) return 'the name of a file is longer than file systems allow';
  const folded = name.normalize('NFC').toLowerCase();
  if (folded === '.atomic' || folded === '.git')
    return `nothing may be called ${JSON.stringify(name)}: that is a repository's own`;
  return null;
}
