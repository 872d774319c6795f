// What can be wrong with the keys of providers.

import { Fault } from 'kernel/basics';

export const keptKeyUnreadable = (masked: string, cause: unknown): Fault =>
  new Fault('SOURCE_KEY_UNREADABLE', {
    what: `The kept key ${masked} cannot be read.`,
    why: 'It was sealed with another TANDEM_SECRET.',
    next: 'Start with the secret of that time, or remove the key under Sources and add it again.',
    about: { kind: 'unavailable', service: 'kept keys' },
    cause,
  });

export const providerKeyUnknown = (id: string): Fault =>
  new Fault('SOURCE_KEY_UNKNOWN', {
    what: 'The key was not removed.',
    why: `${JSON.stringify(id.slice(0, 40))} names no key that was added here.`,
    next: 'Keys of the configuration are changed there: tandem config shows where each comes from.',
    about: { kind: 'not-found' },
  });
