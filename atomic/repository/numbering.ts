// Hashes, local numbers, files and bytes of one repository, as the pure parts ask for them.

import type { History, PatchNumber, Range } from '../patches/facts.ts';
import type { InodeNumber } from '../patches/file-tree.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { Numbering } from '../patches/patch-facts.ts';
import { DRAFT } from '../patches/record-text.ts';
import type { LabelOf } from '../patches/print-layout.ts';
import type { PatchStore } from '../store/store.ts';
import { fileUnknown, patchUnknown } from './faults.ts';

/** How much of a hash people are shown, and what stands in markers and in names of files that lie apart. */
export const SHORT_HASH = 8;
const LABEL_MESSAGE_MAX = 60;

export interface DraftPatch {
  /** What it depends on or saw: it knows these and all that they know. */
  readonly knows: ReadonlySet<PatchNumber>;
  readonly contents: Uint8Array;
}

/** The history of a repository, in which for a while a patch may stand that is only being recorded. */
export interface DraftHistory extends History {
  /** Within `work`, DRAFT is this patch: nobody knows it, and it is last. */
  during<Result>(draft: DraftPatch, work: () => Result): Result;
  /** A transaction that failed takes its numbers back, and other patches get them. */
  forget(): void;
}

/** Contents looked at lately are kept at hand: a text is read run by run, and a long one has thousands. */
const CONTENTS_BYTES_MAX = 64 * 1024 * 1024;

export function historyOf(store: PatchStore): DraftHistory {
  let draft: DraftPatch | null = null;
  const { patches } = store;
  const atHand = new Map<PatchNumber, Uint8Array>();
  let bytes = 0;
  const contentsOf = (patch: PatchNumber): Uint8Array => {
    const known = atHand.get(patch);
    if (known !== undefined) return known;
    const contents = patches.contentsOf(patch);
    if (bytes > CONTENTS_BYTES_MAX) {
      atHand.clear();
      bytes = 0;
    }
    atHand.set(patch, contents);
    bytes += contents.length;
    return contents;
  };
  return {
    compare: (a, b) => (a === b ? 0 : a === DRAFT ? 1 : b === DRAFT ? -1 : patches.compare(a, b)),
    knows(deleter, owner) {
      if (owner === DRAFT) return false;
      if (deleter !== DRAFT) return patches.knows(deleter, owner);
      const known = draft?.knows ?? new Set<PatchNumber>();
      return known.has(owner) || [...known].some((each) => patches.knows(each, owner));
    },
    text: ({ patch, start, end }: Range) =>
      (patch === DRAFT ? (draft?.contents ?? new Uint8Array()) : contentsOf(patch)).subarray(start, end),
    during(next, work) {
      const before = draft;
      draft = next;
      try {
        return work();
      } finally {
        draft = before;
      }
    },
    forget() {
      atHand.clear();
      bytes = 0;
    },
  };
}

export const numberingOf = (store: PatchStore): Numbering => ({
  hashOf: (patch) => store.patches.hashOf(patch),
  numberOf(hash: PatchHash) {
    const number = store.patches.numberOf(hash);
    if (number === undefined) throw patchUnknown(hash);
    return number;
  },
  addedBy(inode: InodeNumber) {
    const { patch, n } = store.files.inodeRow(inode);
    return { patch, n };
  },
  inodeOf(patch, n) {
    const inode = store.files.inodeOf(patch, n);
    if (inode === undefined) throw fileUnknown(store.patches.hashOf(patch), n);
    return inode;
  },
});

/** `kq3vabcd alice: title`, from hashed data only, so that every machine prints the same. */
export const labelsOf =
  (store: PatchStore): LabelOf =>
  (patch) => {
    if (patch === DRAFT) return 'not recorded yet';
    const { hash, authors, message } = store.patches.rowOf(patch);
    const title = (message.split('\n')[0] ?? '').slice(0, LABEL_MESSAGE_MAX);
    return `${hash.slice(0, SHORT_HASH)} ${authors[0]?.name ?? 'nobody'}: ${title}`.replaceAll(/[\r\n]/g, ' ');
  };
