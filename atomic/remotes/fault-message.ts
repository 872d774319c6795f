// A fault told by one side, as the other side may repeat it.
// Rule: text of a peer is shown to a person: it is bounded, and no character in it moves a cursor. Its code is believed
// only where it looks like one; what the fault is about is one of the kinds that matter to a caller.

import { Fault, scrub, type FaultKind } from 'kernel/basics';

import type { ByteReader, ByteWriter } from '../patches/bytes.ts';
import { remoteFailed } from './faults.ts';

/** A sentence or a few. */
const TEXT_MAX = 4096;
const CODE = /^ATOMIC_[A-Z0-9_]{2,60}$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const ABOUTS: readonly FaultKind[] = [
  { kind: 'unexpected' },
  { kind: 'wrong-use' },
  { kind: 'not-found' },
  { kind: 'not-allowed' },
  { kind: 'not-signed-in' },
  { kind: 'conflict' },
  { kind: 'limit', retryAfterMs: null },
  { kind: 'unavailable', service: 'remote repository' },
];

export function writeFault(out: ByteWriter, fault: Fault): void {
  out.text(bounded(fault.code));
  out.number(
    Math.max(
      0,
      ABOUTS.findIndex(({ kind }) => kind === fault.about.kind),
    ),
  );
  for (const text of [fault.what, fault.why, fault.next]) out.text(bounded(scrub(text)));
}

export function readFault(input: ByteReader): Fault {
  const code = input.text(TEXT_MAX);
  const about = ABOUTS[input.number(ABOUTS.length - 1)] ?? { kind: 'unexpected' };
  const text = (): string => printable(input.text(TEXT_MAX));
  const [what, why, next] = [text(), text(), text()];
  if (!CODE.test(code)) return remoteFailed(new Error(`${code}: ${what}`));
  const told = { what, why, next, about };
  return new Fault(code, told);
}

const printable = (text: string): string => text.replaceAll(CONTROL, ' ');

/** Cut between characters, so that it stays UTF-8 within the limit. */
function bounded(text: string): string {
  const whole = text.toWellFormed();
  if (Buffer.byteLength(whole) <= TEXT_MAX) return whole;
  return [...whole].slice(0, TEXT_MAX / 4 - 1).join('') + '…';
}
