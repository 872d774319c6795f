// Frames: how long (u32, big-endian), of which type (u8), then so many bytes. The same over every transport.
// Rule: a length is looked at before anything is kept for it, so no peer can ask for more memory than a frame may have.
// Not here: what the types mean (messages.ts).

import { frameMalformed, transferCut } from './faults.ts';

export interface Frame {
  readonly type: number;
  readonly payload: Uint8Array;
}

const HEAD_BYTES = 5;
/** A list of names has at most 4 MiB, and so has a list of tags; a block of a bundle is shorter. */
export const FRAME_BYTES_MAX = 5 * 1024 * 1024;

export function encodeFrame({ type, payload }: Frame): Uint8Array {
  if (payload.length > FRAME_BYTES_MAX) throw frameMalformed(`a frame has ${payload.length} bytes`);
  const bytes = new Uint8Array(HEAD_BYTES + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length);
  bytes[4] = type;
  bytes.set(payload, HEAD_BYTES);
  return bytes;
}

/** Cuts a stream of bytes into frames. Throws ATOMIC_FRAME_MALFORMED, and ATOMIC_TRANSFER_CUT where it ends inside one. */
export async function* framesIn(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame, void> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let wanted = HEAD_BYTES;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length < wanted) continue;
    let rest = joined(parts, length);
    for (;;) {
      wanted = rest.length < HEAD_BYTES ? HEAD_BYTES : HEAD_BYTES + lengthOf(rest);
      if (rest.length < wanted) break;
      yield { type: rest[4] ?? 0, payload: rest.subarray(HEAD_BYTES, wanted) };
      rest = rest.subarray(wanted);
    }
    [parts, length] = [[rest], rest.length];
  }
  if (length > 0) throw transferCut();
}

const joined = (parts: readonly Uint8Array[], length: number): Uint8Array =>
  parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts, length);

function lengthOf(head: Uint8Array): number {
  const length = new DataView(head.buffer, head.byteOffset, head.byteLength).getUint32(0);
  if (length > FRAME_BYTES_MAX) throw frameMalformed(`a frame claims ${length} bytes`);
  return length;
}
