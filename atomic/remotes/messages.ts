// What two repositories say to each other. A request is a hello and what is asked, an answer is a welcome and what is
// answered; both end with `end`, so that one which was cut off is never taken for a whole one.
// Rule: a message has one form; reading refuses every other, and nothing that is read is longer than its limit.
// Not here: bytes of patches (bundle.ts), frames (frames.ts), which faults may be told (fault-message.ts).

import { unreachable, type Fault } from 'kernel/basics';

import { ByteReader, ByteWriter } from '../patches/bytes.ts';
import { HASH_BYTES } from '../patches/hash.ts';
import { readFault, writeFault } from './fault-message.ts';
import { frameMalformed } from './faults.ts';
import { encodeFrame, type Frame } from './frames.ts';
import {
  NAME_MAX,
  readAnswer,
  readStart,
  readChannels,
  readOptional,
  readPath,
  readPlaces,
  readShorts,
  readTexts,
  readTrie,
  writeAnswer,
  writeChannels,
  writeOptional,
  writePlaces,
  writeTexts,
  writeTrie,
  type ChannelState,
  type NodeAnswer,
  type Place,
  type TrieName,
} from './message-parts.ts';
import { readStrictly } from './read-strictly.ts';
import { joinShorts, type Short } from './shorts.ts';

/** The version of all that is in here. A peer of another one is refused before anything else is read. */
export const PROTOCOL = 1;

export type Message =
  | {
      readonly kind: 'hello';
      readonly protocol: number;
      /** Sorted, without repeats. Ones that are not known are passed over. */
      readonly capabilities: readonly string[];
      readonly access: 'read' | 'write';
      /** Null: the list of channels is asked for. */
      readonly channel: string | null;
      /** Only patches that touch this path, and what they need. */
      readonly path: string | null;
    }
  | {
      readonly kind: 'welcome';
      readonly protocol: number;
      readonly capabilities: readonly string[];
      /** The current channel there. */
      readonly current: string;
      /** The one that was asked for; the current one instead where that is not there. */
      readonly channel: ChannelState | null;
      readonly channels: readonly ChannelState[];
    }
  | { readonly kind: 'walk'; readonly trie: TrieName; readonly places: readonly Place[] }
  | { readonly kind: 'nodes'; readonly trie: TrieName; readonly path: Uint8Array; readonly answer: NodeAnswer }
  /** What a receiver of a push has lain about already, and of which patches it misses the attribution. */
  | { readonly kind: 'awaits'; readonly spooled: readonly Short[]; readonly attributions: readonly Short[] }
  | {
      readonly kind: 'want';
      readonly patches: 'all' | readonly Short[];
      readonly withAttribution: boolean;
      readonly attributions: readonly Short[];
      readonly statements: readonly Short[];
    }
  | { readonly kind: 'tags'; readonly bytes: Uint8Array }
  | { readonly kind: 'want-tags'; readonly known: readonly string[] }
  /** So many patches follow in blocks, and what is said of patches. */
  | { readonly kind: 'bundle'; readonly patches: number }
  | { readonly kind: 'block'; readonly payload: Uint8Array }
  /**
   * `start`: the channel is new there, and begins as the current one at this root, without some. `spooled`: what lies about
   * there from a push that was cut off, and belongs to this one.
   */
  | {
      readonly kind: 'push';
      readonly channel: string;
      readonly start: Uint8Array | null;
      readonly without: readonly Short[];
      readonly spooled: readonly Short[];
    }
  | {
      readonly kind: 'ack';
      readonly outcome: 'done' | 'moved';
      readonly root: Uint8Array;
      readonly size: number;
      /** Patches that the channel did not have. */
      readonly added: number;
      readonly attached: number;
    }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'end' };

type MessageKind = Message['kind'];
export type MessageOf<Kind extends MessageKind> = Extract<Message, { kind: Kind }>;

/** The place in this list, from 1, is the number on the wire. Never changed, never used again for something else. */
const KINDS: readonly MessageKind[] = [
  'hello',
  'welcome',
  'walk',
  'nodes',
  'awaits',
  'want',
  'bundle',
  'block',
  'push',
  'ack',
  'fault',
  'end',
  'want-tags',
  'tags',
];
const typeOf = (kind: MessageKind): number => KINDS.indexOf(kind) + 1;

const CAPABILITIES_MAX = 64;
const CAPABILITY_MAX = 64;
const TAGS_MAX = 4 * 1024 * 1024;
const PATH_TEXT_MAX = 4096;
const NAMES_MAX = 100_000;

export function encodeMessage(message: Message): Uint8Array {
  if (message.kind === 'block') return encodeFrame({ type: typeOf('block'), payload: message.payload });
  const out = new ByteWriter();
  write(out, message);
  return encodeFrame({ type: typeOf(message.kind), payload: out.finish() });
}

/** Throws ATOMIC_FRAME_MALFORMED. */
export function decodeMessage({ type, payload }: Frame): Message {
  const kind = KINDS[type - 1];
  if (kind === undefined) throw frameMalformed(`there is no message ${type}`);
  if (kind === 'block') return { kind, payload };
  const input = new ByteReader(payload);
  return readStrictly(`a ${kind}`, () => {
    const message = read(kind, input);
    input.end();
    return message;
  });
}

function write(out: ByteWriter, message: Exclude<Message, { kind: 'block' }>): void {
  switch (message.kind) {
    case 'hello':
      out.number(message.protocol);
      writeTexts(out, message.capabilities);
      out.number(message.access === 'read' ? 0 : 1);
      writeOptional(out, message.channel);
      return writeOptional(out, message.path);
    case 'welcome':
      out.number(message.protocol);
      writeTexts(out, message.capabilities);
      out.text(message.current);
      writeChannels(out, message.channel === null ? [] : [message.channel]);
      return writeChannels(out, message.channels);
    case 'walk':
      writeTrie(out, message.trie);
      return writePlaces(out, message.places);
    case 'nodes':
      writeTrie(out, message.trie);
      out.bytes(message.path);
      return writeAnswer(out, message.answer);
    case 'awaits':
      out.bytes(joinShorts(message.spooled));
      return out.bytes(joinShorts(message.attributions));
    case 'want':
      out.number((message.patches === 'all' ? 1 : 0) + (message.withAttribution ? 2 : 0));
      out.bytes(joinShorts(message.patches === 'all' ? [] : message.patches));
      out.bytes(joinShorts(message.attributions));
      return out.bytes(joinShorts(message.statements));
    case 'bundle':
      return out.number(message.patches);
    case 'push':
      out.text(message.channel);
      out.bytes(message.start ?? new Uint8Array());
      out.bytes(joinShorts(message.without));
      return out.bytes(joinShorts(message.spooled));
    case 'ack':
      out.number(message.outcome === 'done' ? 0 : 1);
      out.raw(message.root);
      for (const count of [message.size, message.added, message.attached]) out.number(count);
      return;
    case 'tags':
      return out.bytes(message.bytes);
    case 'want-tags':
      return writeTexts(out, message.known);
    case 'fault':
      return writeFault(out, message.fault);
    case 'end':
      return;
    default:
      return unreachable(message);
  }
}

function read(kind: Exclude<MessageKind, 'block'>, input: ByteReader): Message {
  switch (kind) {
    case 'hello':
      return {
        kind,
        protocol: input.number(),
        capabilities: readTexts(input, CAPABILITIES_MAX, CAPABILITY_MAX),
        access: input.number(1) === 0 ? 'read' : 'write',
        channel: readOptional(input, NAME_MAX),
        path: readOptional(input, PATH_TEXT_MAX),
      };
    case 'welcome':
      return readWelcome(input);
    case 'walk':
      return { kind, trie: readTrie(input), places: readPlaces(input) };
    case 'nodes':
      return { kind, trie: readTrie(input), path: readPath(input), answer: readAnswer(input) };
    case 'awaits':
      return { kind, spooled: readShorts(input), attributions: readShorts(input) };
    case 'want':
      return readWant(input);
    case 'bundle':
      return { kind, patches: input.number() };
    case 'push':
      return readPush(input);
    case 'ack':
      return {
        kind,
        outcome: input.number(1) === 0 ? 'done' : 'moved',
        root: input.raw(HASH_BYTES),
        size: input.number(),
        added: input.number(),
        attached: input.number(),
      };
    case 'tags':
      return { kind, bytes: input.bytes(TAGS_MAX) };
    case 'want-tags':
      return { kind, known: readTexts(input, NAMES_MAX, NAME_MAX) };
    case 'fault':
      return { kind, fault: readFault(input) };
    case 'end':
      return { kind };
    default:
      return unreachable(kind);
  }
}

function readWelcome(input: ByteReader): Message {
  const protocol = input.number();
  const capabilities = readTexts(input, CAPABILITIES_MAX, CAPABILITY_MAX);
  const current = input.text(NAME_MAX);
  const [channel, second] = readChannels(input);
  if (second !== undefined) throw frameMalformed('a welcome names two channels');
  return { kind: 'welcome', protocol, capabilities, current, channel: channel ?? null, channels: readChannels(input) };
}

function readWant(input: ByteReader): Message {
  const flags = input.number(3);
  const patches = readShorts(input);
  const isAll = flags % 2 === 1;
  if (isAll && patches.length > 0) throw frameMalformed('all patches are wanted, and some');
  return {
    kind: 'want',
    patches: isAll ? 'all' : patches,
    withAttribution: flags >= 2,
    attributions: readShorts(input),
    statements: readShorts(input),
  };
}

function readPush(input: ByteReader): Message {
  const channel = input.text(NAME_MAX);
  return { kind: 'push', channel, start: readStart(input), without: readShorts(input), spooled: readShorts(input) };
}

/** Whether an encoded frame tells a fault. */
export const isFaultFrame = (frame: Uint8Array): boolean => frame[4] === typeOf('fault');

export const isEndFrame = ({ type }: Frame): boolean => type === typeOf('end');
