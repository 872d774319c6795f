// A patch: immutable facts about files, their bytes and their places, named by the hash of its canonical bytes.
// Rule: a patch refers only to itself and to patches it depends on; the state of a channel is a pure function of its
// *set* of patches, so nothing in here says where or when it is applied.
// Not here: how a patch is written as bytes (encode-patch.ts), what a set of patches means (oracle/, engine/).

import type { Instant } from 'kernel/basics';

import type { PatchHash } from './hash.ts';

/** A person or a machine as the header names it. Who is accountable, and which model helped, is attribution. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

export interface Header {
  /** The first line people read. */
  readonly message: string;
  /** The rest, or ''. */
  readonly description: string;
  readonly at: Instant;
  /** The author's distance from UTC, for showing the time as they saw it. */
  readonly zoneMinutes: number;
  readonly authors: readonly Author[];
}

/** Which patch is meant: 0 is the patch itself, n is `dependencies[n - 1]`. */
type PatchIndex = number;

/** One byte of the contents of one patch, for ever. */
export interface BytePosition {
  readonly of: PatchIndex;
  readonly offset: number;
}

/** Bytes `start` up to, without, `end`; all inside one insertion of that patch. */
export interface ByteRange {
  readonly of: PatchIndex;
  readonly start: number;
  readonly end: number;
}

/** A file or a directory: the n-th one that a patch added. */
export interface InodeReference {
  readonly of: PatchIndex;
  readonly n: number;
}

/** The n-th atom of a patch, where a later one takes its place. */
export interface AtomReference {
  readonly of: PatchIndex;
  readonly atom: number;
}

/** Where bytes of an insertion come from, when it repeats older ones (squash, cycle): credit goes to those. */
interface Origin {
  /** Offset in this patch's contents at which the repeated bytes begin. */
  readonly at: number;
  readonly from: ByteRange;
}

/** `gitlink`: the commit of a submodule, as git's trees have them; its text is that commit's name. */
export type FileKind = 'text' | 'binary' | 'symlink' | 'directory' | 'gitlink';
export const FILE_KINDS: readonly FileKind[] = ['text', 'binary', 'symlink', 'directory', 'gitlink'];

/** Properties of a file that are not its text. `executable` is 'yes' or 'no'; `kind` is a FileKind. */
export type MetaKey = 'executable' | 'kind';
export const META_KEYS: readonly MetaKey[] = ['executable', 'kind'];

interface AddFile {
  readonly kind: 'add-file';
  /** The count of `add-file` atoms before it in this patch. */
  readonly n: number;
  readonly fileKind: FileKind;
}

interface Locate {
  readonly kind: 'locate';
  readonly inode: InodeReference;
  /** `parent: null` is the top of the tree; `at: null` says that the file is deleted. */
  readonly at: { readonly parent: InodeReference | null; readonly name: string } | null;
  readonly supersedes: readonly AtomReference[];
}

interface SetMeta {
  readonly kind: 'set-meta';
  readonly inode: InodeReference;
  readonly key: MetaKey;
  readonly value: string;
  readonly supersedes: readonly AtomReference[];
}

export interface Insert {
  readonly kind: 'insert';
  readonly inode: InodeReference;
  /** Range in this patch's own contents; never empty. */
  readonly start: number;
  readonly end: number;
  /** The last byte before the text. Empty: the text begins the file. Several: the same bytes written twice (twins). */
  readonly up: readonly BytePosition[];
  /** The first byte after the text; of the run it replaces, if it replaces one. Empty: the text ends the file. */
  readonly down: readonly BytePosition[];
  /** The bytes that this text takes the place of. */
  readonly replaces: readonly ByteRange[];
  readonly origins: readonly Origin[];
}

interface Delete {
  readonly kind: 'delete';
  readonly inode: InodeReference;
  readonly ranges: readonly ByteRange[];
}

/** Takes back the deletions that the patch `by` made on these bytes. */
interface Undelete {
  readonly kind: 'undelete';
  readonly inode: InodeReference;
  readonly ranges: readonly ByteRange[];
  readonly by: PatchIndex;
}

/** Says that one byte comes before another. Text never overtakes along it, so opposite orders make a cycle. */
interface Order {
  readonly kind: 'order';
  readonly inode: InodeReference;
  readonly from: BytePosition;
  readonly to: BytePosition;
}

interface Unorder {
  readonly kind: 'unorder';
  readonly inode: InodeReference;
  readonly from: BytePosition;
  readonly to: BytePosition;
  readonly by: PatchIndex;
}

/** “I know that `by` deleted what stood around this text; keep it.” */
interface Acknowledge {
  readonly kind: 'acknowledge';
  readonly inode: InodeReference;
  readonly ranges: readonly ByteRange[];
  readonly by: PatchIndex;
}

export type TextAtom = Insert | Delete | Undelete | Order | Unorder | Acknowledge;
export type TreeAtom = AddFile | Locate | SetMeta;
export type Atom = TreeAtom | TextAtom;

/** A patch without its bytes of text. */
export interface Patch {
  readonly header: Header;
  /** Sorted by bytes, without repeats: every patch that an atom refers to. A patch applies only where these are. */
  readonly dependencies: readonly PatchHash[];
  /** Sorted: patches whose text stood beside what this one deletes. They never hinder applying it. */
  readonly known: readonly PatchHash[];
  readonly atoms: readonly Atom[];
  /** SHA-256 of the contents, and their length in bytes. Two insertions are parted by one 0x00 of nobody. */
  readonly contentsHash: Uint8Array;
  readonly contentsLength: number;
  /** SHA-256 of salt ‖ attribution, or null where nothing is known of who wrote it beyond the header. */
  readonly attributionCommitment: Uint8Array | null;
}

/** A patch as it is kept and sent. */
export interface NamedPatch extends Patch {
  readonly hash: PatchHash;
}
