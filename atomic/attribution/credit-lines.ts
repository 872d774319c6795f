// Lines of a file with who wrote them, from credit by bytes.
// Rule: a line belongs to the class that wrote most of its non-blank bytes; it is `mixed` when an AI and a person (or
// nobody known) wrote at least a fifth of it each. A blank line belongs to whoever wrote most of its bytes.

import { classOfActor, type Actor, type ActorClass } from './attribution.ts';

/** From research E2: under a fifth of a line is a correction, not a share in it. */
const MIXED_SHARE = 0.2;

export interface LineCredit {
  readonly patch: string;
  readonly actor: Actor;
  /** Bytes of this line, the blanks among them, and the line's end. */
  readonly bytes: number;
  readonly nonBlankBytes: number;
}

export interface CreditedLine {
  /** Counted from 1. */
  readonly line: number;
  readonly actor: Actor;
  /** Most bytes first. */
  readonly credits: readonly LineCredit[];
}

/** `lines`: for each line what each patch wrote of it. */
export const creditLines = (lines: readonly (readonly LineCredit[])[]): readonly CreditedLine[] =>
  lines.map((credits, index) => ({
    line: index + 1,
    actor: actorOfLine(credits),
    credits: [...credits].sort(
      (a, b) => b.nonBlankBytes - a.nonBlankBytes || b.bytes - a.bytes || (a.patch < b.patch ? -1 : 1),
    ),
  }));

/** Who wrote a line. Nobody's line (without bytes) is untracked. */
export function actorOfLine(credits: readonly LineCredit[]): Actor {
  const isBlank = credits.every(({ nonBlankBytes }) => nonBlankBytes === 0);
  const weight = ({ bytes, nonBlankBytes }: LineCredit): number => (isBlank ? bytes : nonBlankBytes);
  const of: Record<ActorClass, number> = { ai: 0, human: 0, untracked: 0 };
  let partly = 0;
  for (const credit of credits) {
    of[classOfActor(credit.actor)] += weight(credit);
    if (credit.actor === 'mixed') partly += weight(credit);
  }
  const total = of.ai + of.human + of.untracked;
  if (total === 0) return 'untracked';
  const others = of.human + of.untracked;
  if (of.ai >= MIXED_SHARE * total && others >= MIXED_SHARE * total) return 'mixed';
  // Of a tie, what is known least: nobody is called a person, or an AI, by half a line.
  if (of.untracked >= of.human && of.untracked >= of.ai) return 'untracked';
  if (of.human >= of.ai) return 'human';
  return partly * 2 > of.ai ? 'mixed' : 'ai';
}

/** Whether a byte is blank: space, tab, line feed, carriage return, vertical tab, form feed. */
export const isBlankByte = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);
