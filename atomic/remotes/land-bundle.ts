// What has arrived joins the repository: validated, checked against the policy, applied, in one transaction.
// Rule: all of it or nothing. What the files on the disk would become is decided inside of the same transaction, so a
// person's own changes that are in the way stop it before anything has happened.

import { readdirSync } from 'node:fs';

import type { PatchNumber } from '../patches/facts.ts';
import { HASH_BYTES, type PatchHash } from '../patches/hash.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { NamedPatch } from '../patches/patch.ts';
import { labelsOfBlob } from '../repository/attribution-labels.ts';
import { checkCommitment, receivePatches } from '../repository/receive-patches.ts';
import { REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { PatchSet } from '../store/patch-set.ts';
import type { StoredPatch, Transaction } from '../store/store.ts';
import { planUpdate, updateFiles, type FilesUpdate } from '../working-copy/update-files.ts';
import { existsOnDisk } from '../working-copy/worktree-rows.ts';
import { awaitAttribution, awaitedAttributions, stopAwaiting } from './awaited-attributions.ts';
import type { Entry, Statement } from './entries.ts';
import { attributionMismatch, frameMalformed, pushRefused } from './faults.ts';
import { checkPatch, checkPrompt, type ReceivePolicy } from './receive-policy.ts';
import { isSignedBy, provenReview } from './statements.ts';

export interface Landing {
  /** Patches that were here before, loose or in a spool: in an order in which they can be added. */
  readonly before: Iterable<StoredPatch>;
  readonly entries: Iterable<Entry>;
  readonly channel: string;
  /** Patches of the repository that join the channel too. */
  readonly also?: readonly PatchNumber[];
  /** Called first, inside of the transaction: makes the channel, or finds that everything is different now. */
  readonly prepare?: (transaction: Transaction) => 'go-on' | 'moved';
  /** Called last, inside of the transaction, with what came or was named, and the root. Throws to take all of it back. */
  readonly verify?: (joined: readonly PatchNumber[], root: Uint8Array) => void;
  readonly policy: ReceivePolicy;
  readonly op: string;
  readonly args: unknown;
  readonly actor: string;
  /** Files are brought along where the channel is the current one. */
  readonly bringsFiles: boolean;
  /** Told how many patches have been added. */
  readonly each?: (done: number) => void;
}

export type Landed =
  | {
      readonly kind: 'landed';
      /** Patches that the channel did not have, rising. */
      readonly added: readonly PatchNumber[];
      readonly attached: number;
      readonly reviews: number;
      readonly root: Uint8Array;
      readonly size: number;
    }
  | { readonly kind: 'moved' };

/** Throws ATOMIC_PATCH_REFUSED, ATOMIC_PUSH_REFUSED, ATOMIC_CHANGES_IN_THE_WAY; then nothing has happened. */
export function landBundle(repository: Repository, landing: Landing): Landed {
  const { store } = repository;
  const { channel, op, args, actor } = landing;
  const outcome = store.write({ op, args, actor }, (transaction) => {
    if (landing.prepare?.(transaction) === 'moved') return null;
    const said = new Said(repository, transaction, landing.policy);
    let done = 0;
    const numbers = receivePatches(transaction, repository, said.patchesOf(landing.before, landing.entries), {
      check: (patch, stored) => said.check(patch, stored),
      each: () => landing.each?.((done += 1)),
    });
    said.attachAll();
    const before = transaction.channel(channel)?.set;
    if (before === undefined) throw frameMalformed('it speaks of a channel that is not there');
    const joining = rising([...numbers, ...(landing.also ?? [])]);
    const added = joining.filter((number) => !before.has(number));
    const follow = landing.bringsFiles ? followFiles(repository, channel, before.clone(), added) : null;
    if (added.length > 0) transaction.addToChannel(channel, added);
    const after = transaction.channel(channel);
    const root = after?.root ?? new Uint8Array(HASH_BYTES);
    landing.verify?.(joining, root);
    return { added, said, follow, root, size: after?.set.size ?? 0 };
  });
  if (outcome === null) return { kind: 'moved' };
  const { added, said, follow, root, size } = outcome;
  if (follow !== null) updateFiles(repository, follow.view, follow.update);
  return { kind: 'landed', added, attached: said.attached, reviews: said.reviews, root, size };
}

const rising = (numbers: readonly PatchNumber[]): readonly PatchNumber[] => [...new Set(numbers)].sort((a, b) => a - b);

interface Follow {
  readonly view: View;
  readonly update: FilesUpdate;
}

/** Null where no files are to follow: another channel, or a repository that never wrote its files. */
function followFiles(
  repository: Repository,
  channel: string,
  before: PatchSet,
  added: readonly PatchNumber[],
): Follow | null {
  const { store } = repository;
  if (added.length === 0 || store.channels.current() !== channel) return null;
  if (before.size > 0 && isBare(repository)) return null;
  const from = repository.viewOf(before);
  if (before.size > 0 && !hasFiles(repository, from)) return null;
  const after = before.clone();
  for (const number of added) after.add(number);
  const view = repository.viewOf(after);
  return { view, update: planUpdate(repository, from, view) };
}

/** Nothing lies in the folder but the repository itself. */
const isBare = ({ root }: Repository): boolean => readdirSync(root).every((name) => name === REPOSITORY_FOLDER);

/** Whether anything of the channel was ever written here. */
function hasFiles({ root, store }: Repository, view: View): boolean {
  if (store.files.worktree().length > 0) return true;
  return [...view.tree().entries.keys()].some((path) => existsOnDisk(root, path));
}

/** What is said of patches beside their bytes, taken in while the patches go by. */
class Said {
  attached = 0;
  reviews = 0;
  readonly #repository: Repository;
  readonly #transaction: Transaction;
  readonly #policy: ReceivePolicy;
  readonly #awaited: ReadonlySet<PatchHash>;
  readonly #later: Exclude<Entry, { kind: 'patch' }>[] = [];
  readonly #promptOf = new Map<string, PatchHash>();

  constructor(repository: Repository, transaction: Transaction, policy: ReceivePolicy) {
    this.#repository = repository;
    this.#transaction = transaction;
    this.#policy = policy;
    this.#awaited = new Set(awaitedAttributions(repository.store));
  }

  /** The patches of a bundle; whatever else is in it is kept for later. */
  *patchesOf(before: Iterable<StoredPatch>, entries: Iterable<Entry>): Generator<StoredPatch> {
    const { patches } = this.#repository.store;
    yield* before;
    for (const entry of entries) {
      if (entry.kind === 'patch') {
        if (patches.has(entry.patch.hash)) this.#lateParts(entry.patch);
        yield entry.patch;
      } else this.#later.push(entry);
    }
  }

  check(patch: NamedPatch, stored: StoredPatch): void {
    checkPatch(this.#policy, patch, stored);
    if (stored.attribution !== null) this.#notePrompt(patch.hash, stored.attribution.blob);
    else if (patch.attributionCommitment !== null) awaitAttribution(this.#transaction, patch.hash);
  }

  attachAll(): void {
    for (const entry of this.#later) {
      switch (entry.kind) {
        case 'attribution':
          this.#attach(entry.patch, entry.attribution);
          break;
        case 'prompt':
          this.#keepPrompt(entry.prompt);
          break;
        default:
          this.#state(entry);
      }
    }
  }

  /** A patch that is here already may come with what was missing of it. */
  #lateParts({ hash, attribution, signatures }: StoredPatch): void {
    if (attribution !== null && this.#awaited.has(hash))
      this.#later.push({ kind: 'attribution', patch: hash, attribution });
    for (const signature of signatures) this.#later.push({ kind: 'signature', patch: hash, signature });
  }

  #attach(hash: PatchHash, attribution: NonNullable<StoredPatch['attribution']>): void {
    const { patches, attributions } = this.#repository.store;
    const number = patches.numberOf(hash);
    if (number === undefined) return;
    const patch = decodePatch(patches.hashedOf(number));
    try {
      checkCommitment(patch, attribution);
    } catch {
      throw attributionMismatch(hash);
    }
    if (attributions.of(number) !== null) return;
    this.#transaction.attach(number, attribution, labelsOfBlob(attribution.blob));
    stopAwaiting(this.#transaction, hash);
    this.#notePrompt(hash, attribution.blob);
    this.attached += 1;
  }

  #notePrompt(patch: PatchHash, blob: Uint8Array): void {
    const prompt = labelsOfBlob(blob)?.promptHash ?? null;
    if (prompt !== null) this.#promptOf.set(Buffer.from(prompt).toString('hex'), patch);
  }

  /** Only one that a patch of this bundle refers to, and that is not here yet. */
  #keepPrompt(prompt: Omit<Parameters<Transaction['putPrompt']>[0], never>): void {
    const patch = this.#promptOf.get(Buffer.from(prompt.hash).toString('hex'));
    if (patch === undefined) return;
    checkPrompt(this.#policy, prompt, patch);
    const isKept = this.#repository.store.attributions.prompts().some(({ hash }) => isSame(hash, prompt.hash));
    if (!isKept) this.#transaction.putPrompt(prompt);
  }

  #state(statement: Statement): void {
    const { patches, attributions } = this.#repository.store;
    if (statement.kind === 'signature') {
      const number = patches.numberOf(statement.patch);
      if (number === undefined) return;
      if (!isSignedBy(statement.signature, statement.patch)) {
        throw pushRefused(`A signature of patch ${statement.patch}`, 'It does not fit the patch.');
      }
      const isKnown = patches.signaturesOf(number).some(({ key }) => isSame(key, statement.signature.key));
      if (!isKnown) this.#transaction.addSignature(number, statement.signature);
      return;
    }
    const { patch, verdict, ms, linesShown, at, signature } = provenReview(statement);
    const number = patches.numberOf(patch);
    if (number === undefined) return;
    const isKnown = attributions.reviewsOf(number).some((known) => isSame(known.signature, signature));
    if (isKnown) return;
    const reviewer = statement.key;
    this.#transaction.putReview({ patch: number, reviewer, verdict, durationMs: ms, linesShown, at, signature });
    this.reviews += 1;
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
