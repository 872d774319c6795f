// What can be wrong with money that a caller cannot deal with.

import { Fault } from '../basics/index.ts';

export const attemptUnknown = (attempt: string): Fault =>
  new Fault('SPENDING_ATTEMPT_UNKNOWN', {
    what: `Attempt ${attempt} was not settled.`,
    why: 'The ledger has no line of that id.',
    next: 'Begin an attempt before it is sent, and settle it with the id that begin answered.',
  });

export const budgetWrong = (why: string): Fault =>
  new Fault('SPENDING_BUDGET_WRONG', {
    what: 'The budget was not set.',
    why,
    next: 'Give a scope, whose it is, a period, and a limit above nothing in US dollars.',
    about: { kind: 'wrong-use' },
  });

export const priceWrong = (why: string): Fault =>
  new Fault('SPENDING_PRICE_WRONG', {
    what: 'The price was not set.',
    why,
    next: 'Give provider, model, and US dollars for a million tokens of input and of output.',
    about: { kind: 'wrong-use' },
  });

export const cursorWrong = (cursor: string): Fault =>
  new Fault('SPENDING_CURSOR_WRONG', {
    what: 'The page of the ledger was not read.',
    why: `${JSON.stringify(cursor.slice(0, 60))} is not a cursor that a page before has given.`,
    next: 'Begin without a cursor, and give the nextCursor of each page to read on.',
    about: { kind: 'wrong-use' },
  });

export const spendingClosed = (): Fault =>
  new Fault('SPENDING_CLOSED', {
    what: 'Nothing more can be spent.',
    why: 'This process is ending.',
    next: 'Ask again in a moment: another process, or this one once it is back, will answer.',
    about: { kind: 'unavailable', service: 'spending' },
  });
