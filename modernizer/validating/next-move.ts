// Which set of upgrades is tried next. Pure: the verdicts given so far decide, so a resumed run goes on where it was.
// Rule: everything at once; if that is red, one by one in the plan's order, keeping what stays green; what was kept
// so is installed afresh and proven once more in the end. The deeper search is not here.

import { isKept, type Verdict } from '../protocol/index.ts';

export type Purpose = 'all-at-once' | 'one-more' | 'final';

export type Move =
  | { readonly kind: 'try'; readonly purpose: Purpose; readonly upgrades: readonly string[] }
  | { readonly kind: 'settled'; readonly kept: readonly string[]; readonly refused: readonly Refused[] };

export interface Refused {
  readonly name: string;
  /** `trial`: its set was red. `unproven`: green alone, but red when all that was kept was installed afresh. */
  readonly by: 'trial' | 'unproven';
  /** The set whose trial refused it. */
  readonly set: readonly string[];
  readonly purpose: Purpose;
}

export interface Answers {
  /** The verdict of a set, or undefined when it was not tried. */
  verdictOf(purpose: Purpose, upgrades: readonly string[]): Verdict | undefined;
}

/** The next trial of an ordered plan, or what came of it. */
export function nextMove(order: readonly string[], answers: Answers): Move {
  if (order.length === 0) return { kind: 'settled', kept: [], refused: [] };
  const all = answers.verdictOf('all-at-once', order);
  if (all === undefined) return { kind: 'try', purpose: 'all-at-once', upgrades: order };
  if (isKept(all)) return { kind: 'settled', kept: order, refused: [] };
  const [only] = order;
  if (order.length === 1 && only !== undefined) {
    return { kind: 'settled', kept: [], refused: [{ name: only, by: 'trial', set: order, purpose: 'all-at-once' }] };
  }
  return oneByOne(order, answers);
}

function oneByOne(order: readonly string[], answers: Answers): Move {
  const kept: string[] = [];
  const refused: Refused[] = [];
  for (const name of order) {
    const set = [...kept, name];
    // The last one on top of all others is the set that was red already.
    const whole = set.length === order.length;
    const verdict = whole ? answers.verdictOf('all-at-once', order) : answers.verdictOf('one-more', set);
    if (verdict === undefined) return { kind: 'try', purpose: 'one-more', upgrades: set };
    if (isKept(verdict)) kept.push(name);
    else refused.push({ name, by: 'trial', set, purpose: whole ? 'all-at-once' : 'one-more' });
  }
  return proven(kept, refused, answers);
}

/** While the whole is red when installed afresh, the newest addition goes. */
function proven(keptBefore: readonly string[], refusedBefore: readonly Refused[], answers: Answers): Move {
  const kept = [...keptBefore];
  const refused = [...refusedBefore];
  for (;;) {
    const last = kept.at(-1);
    if (last === undefined) return { kind: 'settled', kept, refused };
    const verdict = answers.verdictOf('final', kept);
    if (verdict === undefined) return { kind: 'try', purpose: 'final', upgrades: [...kept] };
    if (isKept(verdict)) return { kind: 'settled', kept, refused };
    refused.push({ name: last, by: 'unproven', set: [...kept], purpose: 'final' });
    kept.pop();
  }
}

/** How many trials there will be, at most, after those that are done: for the estimate. */
export function trialsAhead(order: readonly string[], answers: Answers): number {
  const all = answers.verdictOf('all-at-once', order);
  if (order.length === 0 || (all !== undefined && isKept(all))) return 0;
  if (all === undefined) return 1;
  if (order.length === 1) return 0;
  const kept: string[] = [];
  let tried = 0;
  for (const name of order) {
    const verdict = answers.verdictOf('one-more', [...kept, name]);
    if (verdict === undefined) break;
    tried += 1;
    if (isKept(verdict)) kept.push(name);
  }
  return order.length - tried + (answers.verdictOf('final', kept) === undefined ? 1 : 0);
}
