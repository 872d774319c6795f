// The face of the store: where patches, channels and everything derived from them are kept durably.
// Rule: a write is one durable unit; after a crash at any point there is the old state or the new one, never between.
// Rule: here a patch is bytes with a name, and facts are bytes that belong to a file and a patch. What they mean is
// the engine's to know. Local numbers never leave the repository; a patch's dependencies have smaller numbers than it.
// Not here: the working copy's files, config.toml, keys. Decision 0014.

import type { Clock, Instant } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { Author, FileKind } from '../patches/patch.ts';
import type { TrieNode } from '../patches/state-root.ts';
import type { AuditEntry, AuditLine, AuditVerdict, ChannelChange } from './audit-face.ts';
import type { Disk } from './disk.ts';
import type { PatchSet, ReadonlyPatchSet } from './patch-set.ts';
import type { Finding, MendOutcome, Derive } from './verify-face.ts';

export interface StoreOptions {
  /** Opens without the right to write; also what works on a folder that this user may not write to. */
  readonly readOnly?: boolean;
  /** Times in the audit log. The system's by default. */
  readonly clock?: Clock;
  /** How long a write waits for another process before it gives up. 10 s by default. */
  readonly waitMsMax?: number;
  /** What this process is called where another one waits for it: `atomic record`. */
  readonly processName?: string;
  /** What pristine.db may grow to; without it, the disk alone says so. */
  readonly databaseBytesMax?: number;
  /** The file system. Tests fail the n-th call of it. */
  readonly disk?: Disk;
}

export interface PatchStore {
  /** The `.atomic` folder. */
  readonly folder: string;
  readonly readOnly: boolean;
  readonly patches: Patches;
  readonly channels: Channels;
  readonly files: Files;
  readonly attributions: Attributions;
  readonly audit: AuditLog;
  readonly names: Names;
  readonly cache: Cache;
  /** Everything read inside is of one moment, whatever other processes write meanwhile. */
  read<Result>(work: () => Result): Result;
  /**
   * One durable unit, alone among all processes: read the state inside of it and decide there. When `work` throws,
   * nothing has happened. `entry` is its line in the audit log; null only for what changes no channel.
   */
  write<Result>(entry: AuditEntry | null, work: (transaction: Transaction) => Result): Result;
  /** Moves loose patches into a pack, and small packs into larger ones; `all` makes one pack of everything. */
  pack(options?: { readonly all?: boolean }): { readonly packed: number; readonly packs: number };
  /** Removes the leftover files of crashed processes. */
  sweep(): { readonly removed: readonly string[] };
  /** Looks at everything. `derive` is the engine's: what a patch means. Without it, only bytes and names are checked. */
  verify(derive?: Derive): readonly Finding[];
  /** Rebuilds every derived table from the patches. */
  mend(derive: Derive): MendOutcome;
  close(): void;
}

// --- patches ---------------------------------------------------------------------------------------------------

export interface Signature {
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array;
  /** 64 bytes, over the patch's hash. */
  readonly signature: Uint8Array;
}

export interface AttributionBytes {
  readonly salt: Uint8Array;
  readonly blob: Uint8Array;
}

/** A patch as the store keeps it and as it is sent. */
export interface StoredPatch {
  readonly hash: PatchHash;
  /** Canonical hashed section: SHA-256('atomic.patch.v1\0' ‖ hashed) is the hash. */
  readonly hashed: Uint8Array;
  /** Its text. The SHA-256 of it is inside the hashed section. */
  readonly contents: Uint8Array;
  /** Detachable: it may come later, and be left out when sent. */
  readonly attribution: AttributionBytes | null;
  readonly signatures: readonly Signature[];
}

/** What is known of a patch without opening it. */
export interface PatchRow {
  readonly number: PatchNumber;
  readonly hash: PatchHash;
  readonly at: Instant;
  readonly zoneMinutes: number;
  readonly authors: readonly Author[];
  /** The first line. */
  readonly message: string;
  /** The writer's own bits, up to 32. */
  readonly flags: number;
  readonly contentsLength: number;
  readonly dependencies: readonly PatchNumber[];
  /** Those of its `known` patches that are in this repository. */
  readonly known: readonly PatchNumber[];
}

export type PrefixMatch =
  | { readonly kind: 'one'; readonly number: PatchNumber; readonly hash: PatchHash }
  | { readonly kind: 'none' }
  /** The first few of them. */
  | { readonly kind: 'several'; readonly hashes: readonly PatchHash[] };

export interface Patches {
  /** How many there are; numbers are 1 up to it. */
  readonly count: number;
  has(hash: PatchHash): boolean;
  numberOf(hash: PatchHash): PatchNumber | undefined;
  /** Throws ATOMIC_STORE_NUMBER_UNKNOWN for a number that is not given out. So do all that take numbers. */
  hashOf(number: PatchNumber): PatchHash;
  /** 32 bytes: a view, never written to. */
  hashBytesOf(number: PatchNumber): Uint8Array;
  /** The order by the bytes of the hashes: `History.compare`. */
  compare(a: PatchNumber, b: PatchNumber): number;
  rowOf(number: PatchNumber): PatchRow;
  /** `text`: the beginning of a hash, as people type it. */
  findByPrefix(text: string): PrefixMatch;
  patchBytes(number: PatchNumber): StoredPatch;
  hashedOf(number: PatchNumber): Uint8Array;
  /** A view into a cached block: never written to. */
  contentsOf(number: PatchNumber): Uint8Array;
  signaturesOf(number: PatchNumber): readonly Signature[];
  /** All of them, by number, then by key. */
  signatures(): readonly (Signature & { readonly patch: PatchNumber })[];
  dependenciesOf(number: PatchNumber): readonly PatchNumber[];
  /** `History.knows`: `owner` is in deps*(deleter), or one of deps*(deleter) or itself names it as known. Exact. */
  knows(deleter: PatchNumber, owner: PatchNumber): boolean;
  /** The patches and all that they depend on, directly or not. */
  closure(numbers: Iterable<PatchNumber>): PatchSet;
  /** The patches and all of `within` that depend on them, directly or not. */
  dependents(numbers: Iterable<PatchNumber>, within: ReadonlyPatchSet): PatchSet;
  /** Those of `within` that depend on one directly. */
  directDependents(number: PatchNumber, within: ReadonlyPatchSet): readonly PatchNumber[];
}

// --- channels --------------------------------------------------------------------------------------------------

/** A channel as it was when asked for; later writes don't change it. */
export interface Channel {
  readonly name: string;
  readonly set: ReadonlyPatchSet;
  /** 32 bytes: the root of ../patches/state-root.ts. Equal roots are equal sets, on every machine. */
  readonly root: Uint8Array;
}

export interface Channels {
  /** The names, sorted. */
  list(): readonly { readonly name: string; readonly size: number; readonly root: Uint8Array }[];
  current(): string;
  get(name: string): Channel | undefined;
  /** The trie of its state, for exchange. Its lower part is loaded as one walks down. */
  trieOf(name: string): TrieNode | undefined;
  /** Its patches from the last applied to the first. Lazy. */
  log(name: string): Generator<PatchNumber>;
}

// --- files -----------------------------------------------------------------------------------------------------

/** A file's or directory's local number. */
export type InodeNumber = number;

export interface InodeRow {
  readonly inode: InodeNumber;
  readonly patch: PatchNumber;
  readonly n: number;
  readonly kind: FileKind;
}

export interface FactsRow {
  readonly patch: PatchNumber;
  readonly facts: Uint8Array;
}

/** What was last seen on the disk at a path. */
export interface WorktreeRow {
  readonly path: string;
  readonly inode: InodeNumber;
  readonly mtimeNs: bigint;
  readonly size: number;
  /** The file system's own number of the file. */
  readonly ino: bigint;
  readonly mode: number;
  readonly contentHash: Uint8Array;
}

export interface Files {
  inodeOf(patch: PatchNumber, n: number): InodeNumber | undefined;
  inodeRow(inode: InodeNumber): InodeRow;
  /** All facts of one file's text, by number, of all channels: whoever asks leaves out what is not in its set. */
  textFacts(inode: InodeNumber): readonly FactsRow[];
  /** The numbers of the patches that say something of the file's text. */
  touching(inode: InodeNumber): readonly PatchNumber[];
  /** The files of whose text a patch says something. */
  touchedBy(patch: PatchNumber): readonly InodeNumber[];
  textFactsOf(inode: InodeNumber, patch: PatchNumber): Uint8Array | undefined;
  /** The facts of all patches about the file tree, by number. */
  treeFacts(): readonly FactsRow[];
  treeFactsOf(patch: PatchNumber): Uint8Array | undefined;
  worktree(): readonly WorktreeRow[];
}

// --- attribution -----------------------------------------------------------------------------------------------

/** What reports count, taken out of an attribution's blob by whoever can read it. */
export interface AttributionLabels {
  readonly actor: 'ai' | 'human' | 'mixed' | 'untracked';
  readonly provider: string | null;
  readonly model: string | null;
  readonly suggestion: string | null;
  readonly tool: string | null;
  readonly evidence: string;
  /** 0 … 10000. */
  readonly confidenceBp: number | null;
  readonly acceptanceBp: number | null;
  readonly promptHash: Uint8Array | null;
  readonly tokensIn: number | null;
  readonly tokensOut: number | null;
  readonly costMicroUsd: number | null;
}

export interface Prompt {
  readonly hash: Uint8Array;
  readonly level: 'hash' | 'redacted' | 'encrypted' | 'full';
  readonly body: Uint8Array | null;
  /** How many patches name it. Derived. */
  readonly references: number;
}

export interface Review {
  readonly patch: PatchNumber;
  /** The reviewer's Ed25519 public key, 32 bytes: what the signature is checked with, wherever the review goes. */
  readonly reviewer: Uint8Array;
  readonly verdict: 'accept' | 'edit' | 'reject';
  readonly durationMs: number;
  readonly linesShown: number | null;
  readonly at: Instant;
  readonly signature: Uint8Array;
}

export interface Attributions {
  of(patch: PatchNumber): AttributionBytes | null;
  labelsOf(patch: PatchNumber): AttributionLabels | null;
  /** Counted over a set: how many patches have each combination of labels. */
  tally(set: ReadonlyPatchSet): readonly (AttributionTally & { readonly patches: number })[];
  prompts(): readonly Prompt[];
  reviewsOf(patch: PatchNumber): readonly Review[];
  reviews(): readonly Review[];
  /** The share of a patch's context and deleted bytes that each of its dependencies owns, in basis points. */
  weightsOf(patch: PatchNumber): readonly { readonly dependency: PatchNumber; readonly weightBp: number }[];
}

export type AttributionTally = Pick<
  AttributionLabels,
  'actor' | 'provider' | 'model' | 'suggestion' | 'tool' | 'evidence'
> & { readonly tokensIn: number; readonly tokensOut: number; readonly costMicroUsd: number };

// --- names, notes, cache ---------------------------------------------------------------------------------------

export interface Tag {
  readonly name: string;
  readonly root: Uint8Array;
  readonly set: ReadonlyPatchSet;
  readonly at: Instant;
  readonly message: string;
  readonly signature: Uint8Array | null;
}

export interface GitCommit {
  /** 20 or 32 bytes. */
  readonly commit: Uint8Array;
  /** The patch that it became; null where it changed nothing. */
  readonly patch: PatchNumber | null;
  readonly tree: Uint8Array;
}

export interface Names {
  tags(): readonly Tag[];
  tag(name: string): Tag | undefined;
  remotes(): readonly { readonly name: string; readonly url: string }[];
  gitCommit(commit: Uint8Array): GitCommit | undefined;
  gitCommits(): readonly GitCommit[];
  /** Small durable texts and bytes of the other parts (sessions, checkpoints), by kind and key. */
  note(kind: string, key: string): Uint8Array | undefined;
  notes(kind: string): readonly { readonly key: string; readonly body: Uint8Array }[];
}

/** What can be computed again at any time. Writing never fails a command: a cache that cannot be written is empty. */
export interface Cache {
  get(kind: string, key: Uint8Array): Uint8Array | undefined;
  put(kind: string, key: Uint8Array, body: Uint8Array): void;
  clear(): void;
}

export interface AuditLog {
  /** From the last to the first, or only those before `before`. */
  lines(options?: { readonly before?: number; readonly limit?: number }): readonly AuditLine[];
  line(n: number): AuditLine | undefined;
  /** Follows the chain of hashes from the first line; names the first bad one. */
  verify(): AuditVerdict;
}

// --- writing ---------------------------------------------------------------------------------------------------

export interface PatchDraft {
  readonly patch: StoredPatch;
  readonly at: Instant;
  readonly zoneMinutes: number;
  readonly authors: readonly Author[];
  readonly message: string;
  readonly flags: number;
  /** All must be here already. */
  readonly dependencies: readonly PatchHash[];
  /** Bytes of each dependency that this patch touches, in their order, for weights; may be left out. */
  readonly dependencyBytes?: readonly number[];
  /** May be missing: they are joined to it when they come. */
  readonly known: readonly PatchHash[];
  readonly labels: AttributionLabels | null;
}

export type Added = { readonly kind: 'added' | 'present'; readonly number: PatchNumber };

export interface Transaction {
  /** Throws where the name does not fit the bytes or a dependency is missing. A patch that is here stays as it is. */
  addPatch(draft: PatchDraft): Added;
  addInode(patch: PatchNumber, n: number, kind: FileKind): InodeNumber;
  putTextFacts(inode: InodeNumber, patch: PatchNumber, facts: Uint8Array): void;
  putTreeFacts(patch: PatchNumber, facts: Uint8Array): void;
  /** Attribution that came later. Replaces one that is there. Labels are null where nobody here can read the blob. */
  attach(patch: PatchNumber, attribution: AttributionBytes, labels: AttributionLabels | null): void;
  addSignature(patch: PatchNumber, signature: Signature): void;

  createChannel(name: string): void;
  /** A channel with the same patches, in time that does not depend on their number. */
  forkChannel(from: string, to: string): void;
  renameChannel(from: string, to: string): void;
  deleteChannel(name: string): void;
  switchChannel(name: string): void;
  /** Adds patches, in this order, for the log. Dependencies must be in the channel before or among them. */
  addToChannel(name: string, numbers: Iterable<PatchNumber>): void;
  /** Takes patches out. Refused where one that stays depends on one that goes. */
  removeFromChannel(name: string, numbers: Iterable<PatchNumber>): void;
  /** The channel with what this transaction has changed so far. */
  channel(name: string): Channel | undefined;
  /** Takes back what a line of the audit log did to channels. Throws where a channel is not as that line left it. */
  undo(change: ChannelChange): void;

  putTag(tag: Tag): void;
  deleteTag(name: string): void;
  putRemote(name: string, url: string): void;
  deleteRemote(name: string): void;
  putGitCommit(commit: GitCommit): void;
  putWorktree(row: WorktreeRow): void;
  deleteWorktree(path: string): void;
  clearWorktree(): void;
  putPrompt(prompt: Omit<Prompt, 'references'>): void;
  putReview(review: Review): void;
  putNote(kind: string, key: string, body: Uint8Array): void;
  deleteNote(kind: string, key: string): void;
}
