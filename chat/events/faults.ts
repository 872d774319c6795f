// The faults of a chat's events.

import { Fault } from 'kernel/basics';

export const eventUnknown = (name: string): Fault =>
  new Fault('CHAT_EVENT_NAME_INVALID', {
    what: `"${name.slice(0, 60)}" cannot be the name of an event.`,
    why: 'A name is made of lower-case words with a colon between them.',
    next: 'Use a name of the list, or one of your own such as poll:opened.',
    about: { kind: 'wrong-use' },
  });

export const originInvalid = (origin: string): Fault =>
  new Fault('CHAT_BRIDGE_ORIGIN_INVALID', {
    what: `"${origin.slice(0, 100)}" cannot be allowed as an origin.`,
    why: 'A bridge talks to exact origins only, never to every page.',
    next: 'Name scheme, host and port alone, such as https://shop.example.',
    about: { kind: 'wrong-use' },
  });
