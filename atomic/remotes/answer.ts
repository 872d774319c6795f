// One request, answered: what a repository that is reached from elsewhere does, over any transport.
// Rule: the right to write is looked at before anything is read that would be written. Whatever goes wrong is told as a
// fault, never as silence; what nobody expected is told without its details.
// Not here: bytes and connections (serve-*.ts), whether a bundle may be applied (land-bundle.ts).

import { Fault } from 'kernel/basics';

import { hashToBytes } from '../patches/hash.ts';
import { EMPTY_TRIE } from '../patches/state-root.ts';
import { numbersOf, readHello, requiredPart, type Asked, type Host } from './asked.ts';
import { awaitedAttributions } from './awaited-attributions.ts';
import { bundleEntries } from './bundle-entries.ts';
import { CAPABILITIES } from './capabilities.ts';
import { frameMalformed, remoteFailed, remoteLimit } from './faults.ts';
import type { Frame } from './frames.ts';
import { bundleMessages, messagesIn } from './messages-in.ts';
import type { ChannelState } from './message-parts.ts';
import { encodeMessage, PROTOCOL, type Message, type MessageOf } from './messages.ts';
import { receivePush } from './receive-push.ts';
import { shortOf } from './shorts.ts';
import { leftoversIn } from './spool.ts';
import { statementsOf, type KnownStatements } from './statements.ts';
import { encodeTags } from './tags.ts';
import { answerPlace } from './walk-trie.ts';

/** A request has a hello and a few lists; more is no request. */
const MESSAGES_MAX = 10_000;

/** The answer to one request, as frames. `frames` is read up to the request's `end`, or as far as it made sense. */
export async function* answer(host: Host, frames: AsyncIterator<Frame, unknown>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* answered(host, messagesIn(frames));
  } catch (thrown) {
    yield encodeMessage({ kind: 'fault', fault: thrown instanceof Fault ? thrown : remoteFailed(thrown) });
  }
  yield encodeMessage({ kind: 'end' });
}

async function* answered(host: Host, messages: AsyncGenerator<Message, void>): AsyncGenerator<Uint8Array, void> {
  const first = await messages.next();
  if (first.done === true || first.value.kind !== 'hello') throw frameMalformed('it does not begin with a hello');
  const asked = readHello(host, first.value);
  yield encodeMessage(welcomeOf(host, asked));
  if (asked.hello.access === 'write') yield encodeMessage(awaitsOf(host));
  const wanted: MessageOf<'want'>[] = [];
  const statements = onceStatements(host, asked);
  let count = 0;
  for await (const message of messages) {
    if ((count += 1) > MESSAGES_MAX) throw remoteLimit('A request', `${MESSAGES_MAX} messages`);
    switch (message.kind) {
      case 'walk':
        yield* nodesOf(asked, message, statements);
        break;
      case 'want':
        wanted.push(message);
        break;
      case 'want-tags': {
        const bytes = encodeTags(host.repository.store, requiredPart(asked).set, message.known);
        yield encodeMessage({ kind: 'tags', bytes });
        break;
      }
      case 'push':
        yield encodeMessage(await receivePush(host, asked, message, messages));
        return;
      default:
        throw frameMalformed(`a ${message.kind} is nothing to ask`);
    }
  }
  if (wanted.length > 0) yield* bundleOf(host, asked, wanted, statements);
}

function welcomeOf({ repository, capabilities = CAPABILITIES }: Host, { hello, part }: Asked): Message {
  const { channels } = repository.store;
  const list = hello.channel === null ? channels.list() : [];
  const states: readonly ChannelState[] = list.map(({ name, root, size }) => ({ name, root, size }));
  const channel = part?.channel ?? null;
  return {
    kind: 'welcome',
    protocol: PROTOCOL,
    capabilities: [...capabilities],
    current: channels.current(),
    channel,
    channels: states,
  };
}

/** What a push need not send, and what it may send beyond. */
function awaitsOf({ repository }: Host): Message {
  const { store } = repository;
  const leftovers = leftoversIn(store.folder, (hash) => store.patches.has(hash));
  const shorts = (hashes: Iterable<Parameters<typeof hashToBytes>[0]>): readonly string[] =>
    [...hashes].slice(0, AWAITED_MAX).map((hash) => shortOf(hashToBytes(hash)));
  return { kind: 'awaits', spooled: shorts(leftovers.hashes), attributions: shorts(awaitedAttributions(store)) };
}

/** A megabyte of names for each; what is beyond comes at the next push. */
const AWAITED_MAX = 65_536;

function onceStatements({ repository }: Host, asked: Asked): () => KnownStatements {
  let known: KnownStatements | null = null;
  return () => (known ??= statementsOf(repository.store, requiredPart(asked).set));
}

function* nodesOf(
  asked: Asked,
  { trie: name, places }: MessageOf<'walk'>,
  statements: () => KnownStatements,
): Generator<Uint8Array, void> {
  const canStatements = asked.shared.has('signatures') || asked.shared.has('reviews');
  const part = requiredPart(asked);
  const trie = name === 'patches' ? part.trie : canStatements ? statements().trie : EMPTY_TRIE;
  for (const place of places) {
    yield encodeMessage({ kind: 'nodes', trie: name, path: place.path, answer: answerPlace(trie, place) });
  }
}

function* bundleOf(
  { repository }: Host,
  asked: Asked,
  wanted: readonly MessageOf<'want'>[],
  statements: () => KnownStatements,
): Generator<Uint8Array, void> {
  const { set, trie } = requiredPart(asked);
  const isAll = wanted.some(({ patches }) => patches === 'all');
  const named = wanted.flatMap(({ patches }) => (patches === 'all' ? [] : numbersOf(repository, trie, patches)));
  const patches = isAll ? [...set] : [...new Set(named)].sort((a, b) => a - b);
  const entries = bundleEntries(
    repository.store,
    {
      patches,
      attributions: wanted.flatMap(({ attributions }) => numbersOf(repository, trie, attributions)),
      // Signatures go along with their patches.
      statements: isAll
        ? [...statements().byShort.values()].filter(({ kind }) => kind === 'review')
        : wanted.flatMap((want) => want.statements.flatMap((short) => statements().byShort.get(short) ?? [])),
      withAttribution: wanted.every(({ withAttribution }) => withAttribution),
    },
    asked.shared,
  );
  yield* bundleMessages(entries, patches.length);
}
