// Pull: the patches of another repository's channel join ours, and the files follow.
// Rule: a union. What we have and they have not stays; nothing is done twice, and nothing to do is said as such.

import { EMPTY_TRIE } from '../patches/state-root.ts';
import type { PatchNumber } from '../patches/facts.ts';
import { hashFromBytes } from '../patches/hash.ts';
import { channelUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { PatchStore, Transaction } from '../store/store.ts';
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
  /** What it is called in the audit log: `pull` by default. */
  readonly op?: string;
  /** The channel that a new one begins as; the current one by default. */
  readonly startsAs?: string;
  /** Whether the files of the current channel follow. True by default. */
  readonly bringsFiles?: boolean;
}

export interface Exchanged {
  /** Patches that joined, rising. */
  readonly added: readonly PatchNumber[];
  readonly attached: number;
  readonly reviews: number;
  readonly tags: number;
  /** Ours that the other side has not. */
  readonly ahead: number;
  /** The channel was not here before. */
  readonly isNewChannel: boolean;
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
  const { channel, path, op = 'pull', remote, bringsFiles = true } = options;
  const own = store.channels.get(channel);
  const start = own ?? store.channels.get(options.startsAs ?? store.channels.current());
  if (start === undefined) throw channelUnknown(channel, namesOf(store));
  const patches = store.channels.trieOf(start.name) ?? EMPTY_TRIE;
  const statements = statementsOf(store, start.set).trie;
  const found = await reconcile(peer, { access: 'read', channel, path }, { patches, statements }, traffic);
  const withAttribution = options.withAttribution && found.shared.has('attribution');
  if (options.withAttribution && !withAttribution && !options.fallsBack) throw attributionUnsupported(peer.url);
  const { lacking, extra } = found.patches;
  const fetched = await fetchBundle(
    repository,
    peer,
    {
      ...options,
      into: channel,
      theirs: found.theirs,
      lacking,
      extra,
      ours: patches,
      statements: found.statements.lacking,
      attributions: withAttribution ? awaitedAttributions(store) : [],
      withAttribution,
      withTags: found.shared.has('tags') && path === null,
      prepare: own === undefined ? fork(store, start.name, { to: channel, without: extra }) : () => 'go-on',
      op,
      args: { remote, channel },
      bringsFiles,
      report: options.report ?? (() => undefined),
    },
    traffic,
  );
  if (fetched.kind === 'moved') return 'moved';
  const { added, attached, reviews, tags, root } = fetched;
  const isWithoutAttribution = options.withAttribution && !withAttribution;
  const ahead = own === undefined ? 0 : extra.length;
  return {
    added,
    attached,
    reviews,
    tags,
    root,
    ahead,
    isNewChannel: own === undefined,
    isWithoutAttribution,
    traffic,
  };
}

const namesOf = (store: PatchStore): readonly string[] => store.channels.list().map(({ name }) => name);

/** A channel that is new here begins as another one, without what theirs has not. */
function fork(
  store: PatchStore,
  from: string,
  { to, without }: { readonly to: string; readonly without: readonly Uint8Array[] },
): (transaction: Transaction) => 'go-on' {
  const gone = without.flatMap((hash): number | readonly [] => store.patches.numberOf(hashFromBytes(hash)) ?? []);
  return (transaction) => {
    transaction.forkChannel(from, to);
    transaction.removeFromChannel(to, gone);
    return 'go-on';
  };
}
