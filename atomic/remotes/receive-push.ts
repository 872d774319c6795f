// A push, received: blocks are kept as they come, and land when all are there.
// Rule: a push that is cut off leaves its blocks for the next one and changes nothing; one that is refused leaves nothing.

import { Fault } from 'kernel/basics';

import { hashToBytes } from '../patches/hash.ts';
import type { Transaction } from '../store/store.ts';
import { numbersOf, requiredPart, type Asked, type AskedPart, type Host } from './asked.ts';
import { entriesIn } from './blocks.ts';
import { frameMalformed } from './faults.ts';
import { landBundle, type Landed } from './land-bundle.ts';
import type { Message, MessageOf } from './messages.ts';
import { checkChannel } from './receive-policy.ts';
import { shortOf } from './shorts.ts';
import { leftoversIn, Spool, type Leftovers } from './spool.ts';

export async function receivePush(
  host: Host,
  asked: Asked,
  push: MessageOf<'push'>,
  messages: AsyncIterator<Message, unknown>,
): Promise<MessageOf<'ack'>> {
  const part = requiredPart(asked);
  if (asked.hello.access !== 'write') throw frameMalformed('it pushes and came to read');
  checkChannel(host.policy, push.channel);
  const { store } = host.repository;
  const leftovers = leftoversIn(store.folder, (hash) => store.patches.has(hash));
  const spool = Spool.begin(store.folder);
  let isKept = true;
  try {
    await spoolBundle(spool, messages);
    const landed = land(host, part, { push, spool, leftovers, path: asked.hello.path });
    isKept = landed.kind === 'moved';
    if (!isKept) leftovers.tidy((hash) => store.patches.has(hash), host.repository.clock.now());
    return ackOf(landed, part);
  } catch (thrown) {
    isKept = !(thrown instanceof Fault) || thrown.code === 'ATOMIC_TRANSFER_CUT';
    throw thrown;
  } finally {
    spool.end(isKept);
  }
}

/** Keeps the blocks of a bundle up to the end of the request. `each` is told how many entries have come. */
export async function spoolBundle(
  spool: Spool,
  messages: AsyncIterator<Message, unknown>,
  each?: (done: number, total: number) => void,
): Promise<MessageOf<'bundle'>> {
  const first = await messages.next();
  if (first.done === true || first.value.kind !== 'bundle') throw frameMalformed('a bundle does not begin as one');
  const bundle = first.value;
  for (let next = await messages.next(); next.done !== true; next = await messages.next()) {
    if (next.value.kind !== 'block') throw frameMalformed(`a ${next.value.kind} stands in a bundle`);
    spool.add(next.value.payload);
    each?.(Math.min(spool.entries, bundle.patches), bundle.patches);
  }
  return bundle;
}

interface Arrived {
  readonly push: MessageOf<'push'>;
  readonly spool: Spool;
  readonly leftovers: Leftovers;
  readonly path: string | null;
}

function land(host: Host, part: AskedPart, { push, spool, leftovers, path }: Arrived): Landed {
  const { repository, policy, who } = host;
  const spooled = new Set(push.spooled);
  return landBundle(repository, {
    before: leftovers.patches((hash) => spooled.has(shortOf(hashToBytes(hash)))),
    entries: entriesIn(spool.blocks()),
    channel: push.channel,
    prepare: (transaction) => prepareChannel(host, part, { push, path, transaction }),
    policy,
    op: 'receive',
    args: { channel: push.channel },
    actor: who,
    bringsFiles: true,
  });
}

/** The channel is there as it was said; a new one begins as the one that it was compared with, without some. */
function prepareChannel(
  { repository }: Host,
  part: AskedPart,
  { push, path, transaction }: { push: MessageOf<'push'>; path: string | null; transaction: Transaction },
): 'go-on' | 'moved' {
  const { channel, start } = push;
  const isThere = transaction.channel(channel) !== undefined;
  if (start === null) return isThere ? 'go-on' : 'moved';
  const isAsWalked = Buffer.compare(part.channel.root, start) === 0;
  if (isThere || !isAsWalked) return 'moved';
  const without = numbersOf(repository, part.trie, push.without);
  const now = transaction.channel(part.channel.name);
  if (path === null && now !== undefined && Buffer.compare(now.root, start) === 0) {
    transaction.forkChannel(part.channel.name, channel);
    // What depends on others has the larger number and goes first.
    transaction.removeFromChannel(
      channel,
      [...without].sort((a, b) => b - a),
    );
    return 'go-on';
  }
  const gone = new Set(without);
  transaction.createChannel(channel);
  transaction.addToChannel(
    channel,
    [...part.set].filter((number) => !gone.has(number)),
  );
  return 'go-on';
}

const ackOf = (landed: Landed, part: AskedPart): MessageOf<'ack'> =>
  landed.kind === 'moved'
    ? { kind: 'ack', outcome: 'moved', root: part.channel.root, size: part.channel.size, added: 0, attached: 0 }
    : {
        kind: 'ack',
        outcome: 'done',
        root: landed.root,
        size: landed.size,
        added: landed.added.length,
        attached: landed.attached,
      };
