// What the reader of canonical bytes says of patches is said of what the other side sent.

import { Fault } from 'kernel/basics';

import { frameMalformed } from './faults.ts';

/** `what`: the thing that is read. Throws ATOMIC_FRAME_MALFORMED where the reader throws. */
export function readStrictly<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (thrown) {
    const isEncoding = thrown instanceof Fault && thrown.code === 'ATOMIC_ENCODING_MALFORMED';
    throw isEncoding ? frameMalformed(`${what} is damaged`, thrown) : thrown;
  }
}
