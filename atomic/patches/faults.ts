// What nobody at the place where it happens can deal with, in the words of people who use patches.

import { Fault } from 'kernel/basics';

export const encodingMalformed = (why: string, cause?: unknown): Fault =>
  new Fault('ATOMIC_ENCODING_MALFORMED', {
    what: 'A patch cannot be read.',
    why: `Its bytes are not what a patch is written as: ${why}.`,
    next: 'Fetch it again from where it came from; atomic doctor names every patch of this repository that is damaged.',
    about: { kind: 'wrong-use' },
    cause,
  });
