// What a request is about: which channel, which part of it, and what both sides can do.

import type { PatchNumber } from '../patches/facts.ts';
import { nodeAt, trieOf, type TrieNode } from '../patches/state-root.ts';
import { hashFromBytes } from '../patches/hash.ts';
import type { Repository } from '../repository/repository.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import { CAPABILITIES, NEEDED, sharedCapabilities, type Capability } from './capabilities.ts';
import { frameMalformed, protocolUnknown, remoteAnsweredOther, remoteReadOnly } from './faults.ts';
import type { ChannelState } from './message-parts.ts';
import { PROTOCOL, type MessageOf } from './messages.ts';
import { partialSet } from './partial-set.ts';
import type { ReceivePolicy } from './receive-policy.ts';
import { SHORT_BYTES, shortOf, type Short } from './shorts.ts';
import { rootOf } from '../patches/state-root.ts';

/** Who answers, and what they let whoever asks do. */
export interface Host {
  readonly repository: Repository;
  /** What it is called in messages. */
  readonly name: string;
  readonly access: 'read' | 'write';
  /** Who asks, for the audit log. Never a token. */
  readonly who: string;
  readonly policy: ReceivePolicy;
  /** All of ours by default; fewer stand for an older Atomic. */
  readonly capabilities?: readonly Capability[];
}

export interface Asked {
  readonly hello: MessageOf<'hello'>;
  readonly shared: ReadonlySet<Capability>;
  /** Null where only the list of channels was asked for. */
  readonly part: AskedPart | null;
}

export interface AskedPart {
  readonly channel: ChannelState;
  readonly set: ReadonlyPatchSet;
  readonly trie: TrieNode;
}

export function readHello({ repository, access, name, capabilities, policy }: Host, hello: MessageOf<'hello'>): Asked {
  if (hello.protocol !== PROTOCOL) throw protocolUnknown(hello.protocol, PROTOCOL);
  if (hello.access === 'write' && (access !== 'write' || policy.isReadOnly)) throw remoteReadOnly(name);
  const shared = sharedCapabilities(capabilities ?? CAPABILITIES, hello.capabilities);
  if (!NEEDED.every((each) => shared.has(each))) throw remoteAnsweredOther(name, 'without what an exchange needs');
  return { hello, shared, part: partOf(repository, hello, shared) };
}

function partOf(repository: Repository, hello: MessageOf<'hello'>, shared: ReadonlySet<Capability>): AskedPart | null {
  const { channels } = repository.store;
  if (hello.channel === null) return null;
  const found = channels.get(hello.channel) ?? channels.get(channels.current());
  if (found === undefined) return null;
  const { name, root, set } = found;
  if (hello.path !== null && shared.has('partial')) {
    const some = partialSet(repository, found, hello.path);
    const trie = trieOf([...some].map((patch) => repository.store.patches.hashBytesOf(patch).slice()));
    return { channel: { name, root: rootOf(trie), size: some.size }, set: some, trie };
  }
  const trie = channels.trieOf(name);
  if (trie === undefined) return null;
  return { channel: { name, root, size: set.size }, set, trie };
}

/** The part that was asked for; a request without a channel can ask for nothing in it. */
export function requiredPart({ part }: Asked): AskedPart {
  if (part === null) throw frameMalformed('it asks for something in no channel');
  return part;
}

/** The patches of a trie that these names mean. One that is not there is left out. */
export function numbersOf(repository: Repository, trie: TrieNode, shorts: readonly Short[]): readonly PatchNumber[] {
  return shorts.flatMap((short) => {
    const { leaf } = nodeAt(trie, nibblesOf(short)) ?? { leaf: null };
    if (leaf === null || shortOf(leaf) !== short) return [];
    return repository.store.patches.numberOf(hashFromBytes(leaf)) ?? [];
  });
}

function nibblesOf(short: Short): readonly number[] {
  return Array.from({ length: 2 * SHORT_BYTES }, (_, at) => {
    const byte = short.charCodeAt(at >> 1);
    return at % 2 === 0 ? byte >> 4 : byte & 15;
  });
}
