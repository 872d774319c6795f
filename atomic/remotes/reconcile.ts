// Finds out what another repository's channel has and ours lacks, and the other way round.
// Rule: a few round trips, whatever the number of patches: of each trie only the parts that differ are walked, all of them
// at once. If the channel changes on the other side meanwhile, it is begun anew, a few times.

import type { TrieNode } from '../patches/state-root.ts';
import { CAPABILITIES, NEEDED, sharedCapabilities, type Capability } from './capabilities.ts';
import { frameMalformed, protocolUnknown, remoteAnsweredOther, remoteChannelUnknown, remoteMoved } from './faults.ts';
import { PLACES_MAX, type ChannelState, type Place, type TrieName } from './message-parts.ts';
import { encodeMessage, PROTOCOL, type Message, type MessageOf } from './messages.ts';
import { ask, nextOf, type Peer, type Traffic } from './peer.ts';
import { compareNode, placeOf, type Differences } from './walk-trie.ts';

export interface Question {
  readonly access: 'read' | 'write';
  readonly channel: string;
  readonly path: string | null;
}

/** Ours to compare with. `statements`: null where they are not exchanged. */
export interface Ours {
  readonly patches: TrieNode;
  readonly statements: TrieNode | null;
}

export interface Reconciled {
  readonly shared: ReadonlySet<Capability>;
  /** The channel on the other side; another than the one asked for where that is not there. */
  readonly theirs: ChannelState;
  readonly patches: Differences;
  readonly statements: Differences;
  /** Of a push: what it need not send, and whose attribution it may send. */
  readonly awaits: Pick<MessageOf<'awaits'>, 'spooled' | 'attributions'>;
}

/** Trips after which a walk is no walk any more: 32 steps of two lead to the end of any hash. */
const TRIPS_MAX = 64;
const TRIES_MAX = 5;
const NO_PATH = new Uint8Array();

export const helloOf = ({
  access,
  channel,
  path,
}: Omit<Question, 'channel'> & { channel: string | null }): Uint8Array =>
  encodeMessage({ kind: 'hello', protocol: PROTOCOL, capabilities: CAPABILITIES, access, channel, path });

/** Throws what the other side tells, and ATOMIC_REMOTE_MOVED. */
export async function reconcile(peer: Peer, question: Question, ours: Ours, traffic: Traffic): Promise<Reconciled> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const found = await walk(peer, question, ours, traffic);
    if (found !== 'moved') return found;
  }
  throw remoteMoved(peer.url);
}

const TRIES: readonly TrieName[] = ['patches', 'statements'];

interface Walk {
  readonly trie: TrieName;
  readonly place: Place;
}

async function walk(peer: Peer, question: Question, ours: Ours, traffic: Traffic): Promise<Reconciled | 'moved'> {
  const patches: Differences = { lacking: new Set(), extra: [] };
  const statements: Differences = { lacking: new Set(), extra: [] };
  let open: Walk[] = [{ trie: 'patches', place: placeOf(ours.patches, NO_PATH) }];
  if (ours.statements !== null) open.push({ trie: 'statements', place: placeOf(ours.statements, NO_PATH) });
  let first: Greeting | null = null;
  for (let trip = 1; open.length > 0; trip += 1) {
    if (trip > TRIPS_MAX) throw frameMalformed('its trie has no end');
    // Patches first, as they are asked for.
    const now = open.splice(0, PLACES_MAX).sort((a, b) => TRIES.indexOf(a.trie) - TRIES.indexOf(b.trie));
    const messages = ask(peer, [helloOf(question), ...walkMessages(now)], traffic);
    const greeting = await greetingOf(peer, question, messages);
    first ??= greeting;
    if (Buffer.compare(first.theirs.root, greeting.theirs.root) !== 0) return 'moved';
    for (const { trie, place } of now) {
      const nodes = await nextOf(messages);
      if (nodes.kind !== 'nodes' || nodes.trie !== trie || Buffer.compare(nodes.path, place.path) !== 0)
        throw frameMalformed('it answers what was not asked');
      const own = trie === 'patches' ? ours.patches : (ours.statements ?? ours.patches);
      const next = compareNode(own, place.path, nodes.answer, trie === 'patches' ? patches : statements);
      open.push(...next.map((each) => ({ trie, place: each })));
    }
    await endOf(messages);
  }
  if (first === null) throw frameMalformed('it said nothing');
  return { ...first, patches, statements };
}

function* walkMessages(walks: readonly Walk[]): Generator<Uint8Array> {
  for (const trie of TRIES) {
    const places = walks.filter((each) => each.trie === trie).map(({ place }) => place);
    if (places.length > 0) yield encodeMessage({ kind: 'walk', trie, places });
  }
}

type Greeting = Pick<Reconciled, 'shared' | 'theirs' | 'awaits'>;

const NOTHING_AWAITED = { spooled: [], attributions: [] };

async function greetingOf(
  peer: Peer,
  { access, channel }: Question,
  messages: AsyncIterator<Message, unknown>,
): Promise<Greeting> {
  const welcome = await welcomeOf(peer, messages);
  const theirs = welcome.channel;
  if (theirs === null || (access === 'read' && theirs.name !== channel)) throw remoteChannelUnknown(channel);
  const shared = sharedCapabilities(CAPABILITIES, welcome.capabilities);
  if (access === 'read') return { shared, theirs, awaits: NOTHING_AWAITED };
  const awaits = await nextOf(messages);
  if (awaits.kind !== 'awaits') throw frameMalformed('it says nothing of what it awaits');
  return { shared, theirs, awaits };
}

/** The welcome that begins every answer. */
export async function welcomeOf(peer: Peer, messages: AsyncIterator<Message, unknown>): Promise<MessageOf<'welcome'>> {
  const welcome = await nextOf(messages);
  if (welcome.kind !== 'welcome') throw frameMalformed('its answer does not begin with a welcome');
  if (welcome.protocol !== PROTOCOL) throw protocolUnknown(welcome.protocol, PROTOCOL);
  const shared = sharedCapabilities(CAPABILITIES, welcome.capabilities);
  if (!NEEDED.every((each) => shared.has(each))) throw remoteAnsweredOther(peer.url, 'without what an exchange needs');
  return welcome;
}

/** Reads an answer to its end, where nothing more may stand. */
export async function endOf(messages: AsyncIterator<Message, unknown>): Promise<void> {
  const next = await messages.next();
  if (next.done !== true) throw frameMalformed('it says more than it was asked');
}
