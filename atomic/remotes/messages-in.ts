// Messages out of frames, up to the `end` of one request or answer; and a bundle as messages.

import { blocksOf } from './blocks.ts';
import type { SentEntry } from './entries.ts';
import { transferCut } from './faults.ts';
import type { Frame } from './frames.ts';
import { decodeMessage, encodeMessage, type Message } from './messages.ts';

/** Throws ATOMIC_TRANSFER_CUT where there is no `end`. */
export async function* messagesIn(frames: AsyncIterator<Frame, unknown>): AsyncGenerator<Message, void> {
  for (let next = await frames.next(); next.done !== true; next = await frames.next()) {
    const message = decodeMessage(next.value);
    if (message.kind === 'end') return;
    yield message;
  }
  throw transferCut();
}

/** A bundle and its blocks, each made when it is asked for. */
export function* bundleMessages(
  entries: Iterable<SentEntry>,
  patches: number,
  batch?: number,
): Generator<Uint8Array, void> {
  yield encodeMessage({ kind: 'bundle', patches });
  for (const payload of blocksOf(entries, batch)) yield encodeMessage({ kind: 'block', payload });
}
