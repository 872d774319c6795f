// The faults of a conversation in the browser.

import { Fault } from 'kernel/basics';

import { PENDING_MAX } from './pending.ts';

export const tooManyPending = (): Fault =>
  new Fault('CHAT_TOO_MANY_PENDING', {
    what: 'The message was not taken.',
    why: `${PENDING_MAX} messages already wait to be sent.`,
    next: 'Wait until the server can be reached again; the text stays in the field.',
    about: { kind: 'limit', retryAfterMs: null },
  });

export const branchGone = (): Fault =>
  new Fault('CHAT_BRANCH_GONE', {
    what: 'The other branch was not shown.',
    why: 'It was not found in this conversation.',
    next: 'Load the conversation again.',
    about: { kind: 'not-found' },
  });
