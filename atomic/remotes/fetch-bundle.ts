// Fetches what another side's channel has and ours lacks, and lands it.
// Rule: a patch that lies here already, in another channel or from a transfer that was cut off, is not fetched again. What
// has joined in the end comes to the root that the other side named, or nothing of it is kept.

import type { PatchNumber } from '../patches/facts.ts';
import { hashToBytes, type PatchHash } from '../patches/hash.ts';
import { rootOf, withoutPatch, withPatch, type TrieNode } from '../patches/state-root.ts';
import type { Repository } from '../repository/repository.ts';
import { PatchSet } from '../store/patch-set.ts';
import type { PatchStore, Transaction } from '../store/store.ts';
import { entriesIn } from './blocks.ts';
import { Fault } from 'kernel/basics';
import { frameMalformed, remoteChannelUnknown, remoteFellShort, remoteRootWrong } from './faults.ts';
import { landBundle, type Landed, type Landing } from './land-bundle.ts';
import { SHORTS_MAX, type ChannelState } from './message-parts.ts';
import { encodeMessage, type Message } from './messages.ts';
import { ask, nextOf, type Peer, type Traffic } from './peer.ts';
import { spoolBundle } from './receive-push.ts';
import type { ReceivePolicy } from './receive-policy.ts';
import { helloOf, welcomeOf } from './reconcile.ts';
import { shortOf, type Short } from './shorts.ts';
import { leftoversIn, Spool, type Leftovers } from './spool.ts';
import { decodeTags } from './tags.ts';

type Phase = 'sending' | 'receiving' | 'applying' | 'writing';
export type Report = (phase: Phase, done: number, total: number) => void;

export interface Fetch {
  /** On the other side, and here. */
  readonly channel: string;
  readonly into: string;
  readonly path: string | null;
  /** What was found of the other side; null: nothing yet, all of it is wanted. */
  readonly theirs: ChannelState | null;
  readonly lacking: ReadonlySet<Short> | 'all';
  /** Ours that the other side has not. */
  readonly extra: readonly Uint8Array[];
  /** Our trie that was compared. */
  readonly ours: TrieNode;
  readonly statements: ReadonlySet<Short>;
  /** Patches of which the attribution alone is missing here. */
  readonly attributions: readonly PatchHash[];
  readonly withAttribution: boolean;
  readonly withTags: boolean;
  /** Called first, inside of the transaction. */
  readonly prepare: (transaction: Transaction) => 'go-on' | 'moved';
  readonly policy: ReceivePolicy;
  readonly op: string;
  readonly args: unknown;
  readonly actor: string;
  readonly bringsFiles: boolean;
  readonly report: Report;
}

export type Fetched = (Extract<Landed, { kind: 'landed' }> & { readonly tags: number }) | { readonly kind: 'moved' };

export async function fetchBundle(
  repository: Repository,
  peer: Peer,
  fetch: Fetch,
  traffic: Traffic,
): Promise<Fetched> {
  const { store } = repository;
  const leftovers = leftoversIn(store.folder, (hash) => store.patches.has(hash));
  const here = localPatches(store, fetch.lacking);
  const spool = Spool.begin(store.folder);
  let isKept = true;
  try {
    const arrived = await receive(peer, { fetch, leftovers, here, spool }, traffic, store);
    if (arrived === 'moved') return { kind: 'moved' };
    const landed = landBundle(repository, landingOf(peer, { fetch, leftovers, here, spool }, arrived, store));
    isKept = landed.kind === 'moved';
    if (landed.kind === 'moved') return landed;
    leftovers.tidy((hash) => store.patches.has(hash), repository.clock.now());
    return { ...landed, tags: keepTags(repository, fetch, { arrived, landed }) };
  } catch (thrown) {
    isKept = !(thrown instanceof Fault) || RESUMABLE.has(thrown.code);
    throw thrown;
  } finally {
    spool.end(isKept);
  }
}

/** Faults after which what has arrived is still good. */
const RESUMABLE: ReadonlySet<string> = new Set([
  'ATOMIC_TRANSFER_CUT',
  'ATOMIC_REMOTE_SILENT',
  'ATOMIC_REMOTE_UNREACHABLE',
  'ATOMIC_REMOTE_COMMAND_FAILED',
  'ATOMIC_REMOTE_FELL_SHORT',
  'ATOMIC_CHANGES_IN_THE_WAY',
]);

/** Patches of the repository that may be among those that the channel lacks, by their short names. */
function localPatches(store: PatchStore, lacking: Fetch['lacking']): ReadonlyMap<Short, PatchNumber> {
  const found = new Map<Short, PatchNumber>();
  if (lacking === 'all' || lacking.size === 0) return found;
  for (let number = 1; number <= store.patches.count; number += 1) {
    const short = shortOf(store.patches.hashBytesOf(number));
    if (lacking.has(short)) found.set(short, number);
  }
  return found;
}

interface Plan {
  readonly fetch: Fetch;
  readonly leftovers: Leftovers;
  readonly here: ReadonlyMap<Short, PatchNumber>;
  readonly spool: Spool;
}

interface Arrived {
  readonly theirs: ChannelState;
  readonly tags: Uint8Array | null;
  readonly total: number;
}

async function receive(peer: Peer, plan: Plan, traffic: Traffic, store: PatchStore): Promise<Arrived | 'moved'> {
  const { fetch, spool } = plan;
  const messages = ask(peer, [helloOf({ ...fetch, access: 'read' }), ...wantsOf(plan, store)], traffic);
  const { channel: theirs } = await welcomeOf(peer, messages);
  if (theirs === null || theirs.name !== fetch.channel) throw remoteChannelUnknown(fetch.channel);
  if (fetch.theirs !== null && Buffer.compare(fetch.theirs.root, theirs.root) !== 0) {
    await drain(messages);
    return 'moved';
  }
  let tags: Uint8Array | null = null;
  if (fetch.withTags) {
    const said = await nextOf(messages);
    if (said.kind !== 'tags') throw frameMalformed('it says nothing of its tags');
    tags = said.bytes;
  }
  const bundle = await spoolBundle(spool, messages, (done, total) => fetch.report('receiving', done, total));
  return { theirs, tags, total: bundle.patches };
}

async function drain(messages: AsyncGenerator<Message, void>): Promise<void> {
  for await (const message of messages) if (message.kind === 'fault') return;
}

function* wantsOf({ fetch, leftovers, here }: Plan, store: PatchStore): Generator<Uint8Array> {
  const { lacking, withAttribution, statements, attributions } = fetch;
  if (fetch.withTags)
    yield encodeMessage({
      kind: 'want-tags',
      known: store.names
        .tags()
        .map(({ name }) => name)
        .sort(),
    });
  const spooled = new Set([...leftovers.hashes].map((hash) => shortOf(hashToBytes(hash))));
  const base = { kind: 'want', withAttribution } as const;
  if (lacking === 'all') {
    yield encodeMessage({ ...base, patches: 'all', attributions: [], statements: [] });
    return;
  }
  const patches = [...lacking].filter((short) => !spooled.has(short) && !here.has(short));
  const parts = {
    patches: inParts(patches),
    attributions: inParts(attributions.map((hash) => shortOf(hashToBytes(hash)))),
    statements: inParts([...statements]),
  };
  const count = Math.max(1, parts.patches.length, parts.attributions.length, parts.statements.length);
  for (let at = 0; at < count; at += 1) {
    yield encodeMessage({
      ...base,
      patches: parts.patches[at] ?? [],
      attributions: parts.attributions[at] ?? [],
      statements: parts.statements[at] ?? [],
    });
  }
}

/** A third of a frame each. */
const PART_MAX = Math.floor(SHORTS_MAX / 3);

function inParts(shorts: readonly Short[]): readonly (readonly Short[])[] {
  return Array.from({ length: Math.ceil(shorts.length / PART_MAX) }, (_, at) =>
    shorts.slice(at * PART_MAX, (at + 1) * PART_MAX),
  );
}

function landingOf(peer: Peer, { fetch, leftovers, here, spool }: Plan, arrived: Arrived, store: PatchStore): Landing {
  const { into, policy, op, args, actor, bringsFiles, lacking, prepare } = fetch;
  const isWanted = (hash: PatchHash): boolean => lacking === 'all' || lacking.has(shortOf(hashToBytes(hash)));
  return {
    before: leftovers.patches(isWanted),
    entries: entriesIn(spool.blocks()),
    channel: into,
    also: [...here.values()],
    prepare,
    verify: (joined, root) => verifyRoot(peer, store, { fetch, arrived, joined, root }),
    policy,
    op,
    args,
    actor,
    bringsFiles,
    each: (done) => fetch.report('applying', done, arrived.total),
  };
}

/** What they have is what we share, and what came: its root is the one that they named. */
function verifyRoot(
  peer: Peer,
  store: PatchStore,
  {
    fetch,
    arrived,
    joined,
    root,
  }: { fetch: Fetch; arrived: Arrived; joined: readonly PatchNumber[]; root: Uint8Array },
): void {
  const isSame = (other: Uint8Array): boolean => Buffer.compare(other, arrived.theirs.root) === 0;
  if (fetch.extra.length === 0 && isSame(root)) return;
  let trie = fetch.ours;
  for (const hash of fetch.extra) trie = withoutPatch(trie, hash);
  const missing = new Set(fetch.lacking === 'all' ? [] : fetch.lacking);
  for (const number of joined) {
    const hash = store.patches.hashBytesOf(number).slice();
    missing.delete(shortOf(hash));
    trie = withPatch(trie, hash);
  }
  if (missing.size > 0) throw remoteFellShort(peer.url, missing.size);
  if (!isSame(rootOf(trie))) throw remoteRootWrong(peer.url);
}

/** Tags of their channel that are new here. A damaged list costs its tags, never the patches: it throws after them. */
function keepTags(
  { store }: Repository,
  { extra, into }: Fetch,
  { arrived, landed }: { arrived: Arrived; landed: Extract<Landed, { kind: 'landed' }> },
): number {
  if (arrived.tags === null) return 0;
  const own = new Set(extra.map(shortOf));
  const all = store.channels.get(into)?.set ?? new PatchSet();
  const theirs = PatchSet.of([...all].filter((number) => !own.has(shortOf(store.patches.hashBytesOf(number)))));
  const tags = decodeTags(store, theirs, arrived.tags).filter(({ name }) => store.names.tag(name) === undefined);
  if (tags.length === 0 || landed.size === 0) return 0;
  store.write(null, (transaction) => {
    for (const tag of tags) transaction.putTag(tag);
  });
  return tags.length;
}
