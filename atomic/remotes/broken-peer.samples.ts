// Peers whose connection breaks, and peers that lie: for tests.

import { decodeMessage, encodeMessage, type Message } from './messages.ts';
import { framesIn } from './frames.ts';
import type { Peer } from './peer.ts';

/** Lets so many bytes through each way over all requests; then the connection is gone. */
export function cutPeer(
  peer: Peer,
  { sent = Infinity, received = Infinity }: { sent?: number; received?: number },
): Peer {
  const left = { sent, received };
  async function* limited(chunks: AsyncIterable<Uint8Array>, way: 'sent' | 'received'): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      const passed = chunk.subarray(0, left[way]);
      left[way] -= passed.length;
      if (passed.length > 0) yield passed;
      if (passed.length < chunk.length) return;
    }
  }
  return { ...peer, exchange: (request) => limited(peer.exchange(limited(request, 'sent')), 'received') };
}

/** Says something else in place of some messages of the answers. Null: nothing at all. */
export function lyingPeer(peer: Peer, say: (message: Message) => Message | null): Peer {
  return {
    ...peer,
    async *exchange(request) {
      for await (const frame of framesIn(peer.exchange(request))) {
        const said = say(decodeMessage(frame));
        if (said !== null) yield encodeMessage(said);
      }
    },
  };
}
