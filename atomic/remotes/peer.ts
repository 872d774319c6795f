// The other side, as whoever asks sees it: bytes of a request go out, bytes of its answer come back.
// Rule: no code but this differs by transport. What comes back ends where the answer ends; a fault in it is thrown here.

import { transferCut } from './faults.ts';
import { framesIn } from './frames.ts';
import { messagesIn } from './messages-in.ts';
import { encodeMessage, type Message } from './messages.ts';

export interface Peer {
  /** Its address as it may be shown: without any secret. */
  readonly url: string;
  /** One request and its answer. The next one may be asked when this answer has been read to its end. */
  exchange(request: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What went over the wire: for the report, and for whoever measures. */
export interface Traffic {
  sent: number;
  received: number;
  roundTrips: number;
}

export const noTraffic = (): Traffic => ({ sent: 0, received: 0, roundTrips: 0 });

/** Asks, and gives the messages of the answer as they come. Throws the fault that the other side tells. */
export async function* ask(
  peer: Peer,
  request: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  traffic: Traffic,
): AsyncGenerator<Message, void> {
  traffic.roundTrips += 1;
  const answer = peer.exchange(counted(withEnd(request), (bytes) => (traffic.sent += bytes)));
  const frames = framesIn(counted(answer, (bytes) => (traffic.received += bytes)));
  try {
    for await (const message of messagesIn(frames)) {
      if (message.kind === 'fault') throw message.fault;
      yield message;
    }
  } finally {
    // The transport hears that nothing more is read of this answer.
    await frames.return();
  }
}

async function* withEnd(request: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield* request;
  yield encodeMessage({ kind: 'end' });
}

async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

/** The next message, which must be there. */
export async function nextOf(messages: AsyncIterator<Message, unknown>): Promise<Message> {
  const next = await messages.next();
  if (next.done === true) throw transferCut();
  return next.value;
}
