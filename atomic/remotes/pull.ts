// Pull: the patches of another repository's channel join ours, and the files follow.
// Rule: a union. What we have and they have not stays; nothing is done twice, and nothing to do is said as such.

import { EMPTY_TRIE } from '../patches/state-root.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { channelUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import { awaitedAttributions } from './awaited-attributions.ts';
import { attributionUnsupported, remoteMoved } from './faults.ts';
import { fetchBundle, type Report } from './fetch-bundle.ts';
import { noTraffic, type Peer, type Traffic } from './peer.ts';
import type { ReceivePolicy } from './receive-policy.ts';
import { reconcile } from './reconcile.ts';
import { statementsOf } from './statements.ts';

export interface ExchangeOptions {
  /** The same on both sides. */
  readonly channel: string;
  /** Only patches that touch this path, as a partial clone has them. */
  readonly path: string | null;
  readonly withAttribution: boolean;
  /** False: nothing is exchanged with a side that knows no attribution. */
  readonly fallsBack: boolean;
  readonly policy: ReceivePolicy;
  readonly actor: string;
  /** The other side as the audit log names it. */
  readonly remote: string;
  readonly report?: Report;
}

export interface Exchanged {
  /** Patches that joined, rising. */
  readonly added: readonly PatchNumber[];
  readonly attached: number;
  readonly reviews: number;
  readonly tags: number;
  /** Ours that the other side has not. */
  readonly ahead: number;
  readonly root: Uint8Array;
  /** Attribution was to be exchanged, and the other side knows none. */
  readonly isWithoutAttribution: boolean;
  readonly traffic: Traffic;
}

const TRIES_MAX = 5;

export async function pullFrom(repository: Repository, peer: Peer, options: ExchangeOptions): Promise<Exchanged> {
  const traffic = noTraffic();
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const outcome = await pullOnce(repository, peer, options, traffic);
    if (outcome !== 'moved') return outcome;
  }
  throw remoteMoved(peer.url);
}

async function pullOnce(
  repository: Repository,
  peer: Peer,
  options: ExchangeOptions,
  traffic: Traffic,
): Promise<Exchanged | 'moved'> {
  const { store } = repository;
  const { channel, path, policy, actor, remote } = options;
  const before = store.channels.get(channel);
  if (before === undefined)
    throw channelUnknown(
      channel,
      store.channels.list().map(({ name }) => name),
    );
  const patches = store.channels.trieOf(channel) ?? EMPTY_TRIE;
  const statements = statementsOf(store, before.set).trie;
  const found = await reconcile(peer, { access: 'read', channel, path }, { patches, statements }, traffic);
  const withAttribution = options.withAttribution && found.shared.has('attribution');
  if (options.withAttribution && !withAttribution && !options.fallsBack) throw attributionUnsupported(peer.url);
  const { lacking, extra } = found.patches;
  const fetched = await fetchBundle(
    repository,
    peer,
    {
      channel,
      into: channel,
      path,
      shared: found.shared,
      theirs: found.theirs,
      lacking,
      extra,
      ours: patches,
      statements: found.statements.lacking,
      attributions: withAttribution ? awaitedAttributions(store) : [],
      withAttribution,
      withTags: found.shared.has('tags') && path === null,
      policy,
      op: 'pull',
      args: { remote, channel },
      actor,
      bringsFiles: true,
      report: options.report ?? (() => undefined),
    },
    traffic,
  );
  if (fetched.kind === 'moved') return 'moved';
  const { added, attached, reviews, tags, root } = fetched;
  const isWithoutAttribution = options.withAttribution && !withAttribution;
  return { added, attached, reviews, tags, root, ahead: extra.length, isWithoutAttribution, traffic };
}
