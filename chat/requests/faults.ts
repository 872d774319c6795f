// The faults of a chat's requests: mistakes of the program that asks. What a server answers is a ChatError.

import { Fault } from 'kernel/basics';

export const pathForeign = (path: string): Fault =>
  new Fault('CHAT_REQUEST_PATH_FOREIGN', {
    what: `The path "${path.slice(0, 100)}" is not asked for.`,
    why: 'It leads, or could lead, to another host, where the token must not go.',
    next: 'Give a path below the API, such as /chat/list.',
    about: { kind: 'wrong-use' },
  });

export const batchUnkeyed = (method: string, path: string): Fault =>
  new Fault('CHAT_BATCH_UNKEYED', {
    what: `${method} ${path.slice(0, 100)} was not put into a batch.`,
    why: 'A batch may be sent twice, and this request has no key that would make the second one harmless.',
    next: 'Give it an idempotencyKey, or send it alone.',
    about: { kind: 'wrong-use' },
  });
