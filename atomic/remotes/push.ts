// Push: what our channel has and theirs lacks is sent, and joins their channel in one transaction over there.
// Rule: a union. Whatever somebody else pushed meanwhile stays; a channel that is not there begins as the current one there,
// as far as we have it.

import type { PatchNumber } from '../patches/facts.ts';
import { hashFromBytes } from '../patches/hash.ts';
import { EMPTY_TRIE } from '../patches/state-root.ts';
import { channelUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { Channel } from '../store/store.ts';
import { bundleEntries, type BundleContents } from './bundle-entries.ts';
import type { Statement } from './entries.ts';
import { attributionUnsupported, frameMalformed, remoteMoved, remoteRootWrong } from './faults.ts';
import type { Report } from './fetch-bundle.ts';
import { bundleMessages } from './messages-in.ts';
import { encodeMessage, type MessageOf } from './messages.ts';
import { ask, nextOf, noTraffic, type Peer, type Traffic } from './peer.ts';
import type { ExchangeOptions } from './pull.ts';
import { endOf, helloOf, reconcile, welcomeOf, type Question, type Reconciled } from './reconcile.ts';
import { shortOf } from './shorts.ts';
import { statementsOf, type KnownStatements } from './statements.ts';

export interface Pushed {
  /** Patches that their channel did not have, rising. */
  readonly sent: readonly PatchNumber[];
  /** Of these, how many lay about there already from a push that was cut off. */
  readonly resumed: number;
  readonly attached: number;
  readonly statements: number;
  /** Theirs that we have not. */
  readonly behind: number;
  readonly isNewChannel: boolean;
  readonly root: Uint8Array;
  readonly isWithoutAttribution: boolean;
  readonly traffic: Traffic;
}

const TRIES_MAX = 5;

export type PushOptions = Pick<ExchangeOptions, 'channel' | 'path' | 'withAttribution' | 'fallsBack' | 'report'> & {
  /** How many patches travel in one block; by default as many as half a MiB holds. */
  readonly batch?: number | undefined;
};

export async function pushTo(repository: Repository, peer: Peer, options: PushOptions): Promise<Pushed> {
  const traffic = noTraffic();
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const outcome = await pushOnce(repository, peer, options, traffic);
    if (outcome !== 'moved') return outcome;
  }
  throw remoteMoved(peer.url);
}

async function pushOnce(
  repository: Repository,
  peer: Peer,
  options: PushOptions,
  traffic: Traffic,
): Promise<Pushed | 'moved'> {
  const { store } = repository;
  const { channel: name, path } = options;
  const own = store.channels.get(name);
  if (own === undefined)
    throw channelUnknown(
      name,
      store.channels.list().map((each) => each.name),
    );
  const statements = statementsOf(store, own.set);
  const ours = { patches: store.channels.trieOf(name) ?? EMPTY_TRIE, statements: statements.trie };
  const question: Question = { access: 'write', channel: name, path };
  const found = await reconcile(peer, question, ours, traffic);
  const isWithoutAttribution = options.withAttribution && !found.shared.has('attribution');
  if (isWithoutAttribution && !options.fallsBack) throw attributionUnsupported(peer.url);
  const plan = planPush(repository, own, { found, statements, options });
  const behind = found.patches.lacking.size;
  const base = {
    sent: plan.sent,
    resumed: plan.resumed.length,
    behind,
    isNewChannel: plan.isNewChannel,
    isWithoutAttribution,
  };
  if (plan.isNothing) return { ...base, attached: 0, statements: 0, root: found.theirs.root, traffic };
  const ack = await send(
    repository,
    peer,
    { plan, found, question, report: options.report, batch: options.batch },
    traffic,
  );
  if (ack.outcome === 'moved') return 'moved';
  if (behind === 0 && Buffer.compare(ack.root, own.root) !== 0) {
    // Somebody else may have pushed at the same moment; but ours must be there.
    const again = await reconcile(peer, question, ours, traffic);
    if (again.patches.extra.length > 0) throw remoteRootWrong(peer.url);
  }
  return { ...base, attached: ack.attached, statements: plan.contents.statements.length, root: ack.root, traffic };
}

interface PushPlan {
  readonly sent: readonly PatchNumber[];
  readonly resumed: readonly string[];
  readonly isNewChannel: boolean;
  readonly isNothing: boolean;
  readonly contents: BundleContents;
}

function planPush(
  { store }: Repository,
  own: Channel,
  { found, statements, options }: { found: Reconciled; statements: KnownStatements; options: PushOptions },
): PushPlan {
  const numberOf = (hash: Uint8Array): PatchNumber | readonly [] => store.patches.numberOf(hashFromBytes(hash)) ?? [];
  const sent = found.patches.extra.flatMap(numberOf).sort((a, b) => a - b);
  const spooled = new Set(found.awaits.spooled);
  const shortName = (number: PatchNumber): string => shortOf(store.patches.hashBytesOf(number));
  const resumed = sent.map(shortName).filter((short) => spooled.has(short));
  const sending = new Set(sent.map((number) => store.patches.hashOf(number)));
  const later = found.statements.extra.flatMap((name): readonly Statement[] => {
    const statement = statements.byShort.get(shortOf(name));
    // Signatures of patches that are sent go with them.
    const isAlong = statement?.kind === 'signature' && sending.has(statement.patch);
    return statement === undefined || isAlong ? [] : [statement];
  });
  const awaited = new Set(found.awaits.attributions);
  const withAttribution = options.withAttribution && found.shared.has('attribution');
  const attributions =
    !withAttribution || awaited.size === 0
      ? []
      : [...own.set].filter((number) => awaited.has(shortName(number)) && store.attributions.of(number) !== null);
  const isNewChannel = found.theirs.name !== own.name;
  const patches = sent.filter((number) => !spooled.has(shortName(number)));
  return {
    sent,
    resumed,
    isNewChannel,
    isNothing: sent.length + later.length + attributions.length === 0 && !isNewChannel,
    contents: { patches, attributions, statements: later, withAttribution },
  };
}

interface Sending {
  readonly plan: PushPlan;
  readonly found: Reconciled;
  readonly question: Question;
  readonly report: Report | undefined;
  readonly batch: number | undefined;
}

async function send(
  { store }: Repository,
  peer: Peer,
  { plan, found, question, report, batch }: Sending,
  traffic: Traffic,
): Promise<MessageOf<'ack'>> {
  const { contents, isNewChannel, resumed } = plan;
  const request = function* request(): Generator<Uint8Array> {
    yield helloOf(question);
    const start = isNewChannel ? found.theirs.root : null;
    const without = isNewChannel ? [...found.patches.lacking] : [];
    yield encodeMessage({ kind: 'push', channel: question.channel, start, without, spooled: resumed });
    let done = 0;
    const entries = function* entries(): ReturnType<typeof bundleEntries> {
      for (const entry of bundleEntries(store, contents, found.shared)) {
        yield entry;
        report?.('sending', Math.min((done += 1), contents.patches.length), contents.patches.length);
      }
    };
    yield* bundleMessages(entries(), contents.patches.length, batch);
  };
  const messages = ask(peer, request(), traffic);
  await welcomeOf(peer, messages);
  const awaits = await nextOf(messages);
  const ack = await nextOf(messages);
  if (awaits.kind !== 'awaits' || ack.kind !== 'ack') throw frameMalformed('it does not say whether it took the push');
  await endOf(messages);
  return ack;
}
