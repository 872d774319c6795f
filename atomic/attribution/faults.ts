// The faults of attribution: bytes that cannot be what they claim, and statements that make no sense.
// Not here: what a caller handles (an expression with a mistake, an unknown model outside strict mode) is returned.

import { Fault } from 'kernel/basics';

export const attributionMalformed = (why: string): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_MALFORMED', {
    what: 'An attribution cannot be read.',
    why,
    next: 'Fetch the patch with its attribution again; if it is your own, run `atomic doctor`, which names the patch.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors: [why] },
  });

export const attributionTooNew = (version: number): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_TOO_NEW', {
    what: `An attribution is written in form ${version}.`,
    why: 'This version of Atomic reads form 1 only.',
    next: 'Install a later version of Atomic. Until then the patch works, and its author shows as untracked.',
    about: { kind: 'validation', logs: '', healthChecks: [], errors: [] },
  });

export const attributionTooLarge = (what: string, limit: number): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_TOO_LARGE', {
    what: `The attribution of a patch cannot be written: ${what} is too long.`,
    why: `The limit is ${limit} bytes, so that attribution stays small beside the patch it belongs to.`,
    next: 'Shorten it, or record fewer files at once.',
    about: { kind: 'wrong-use' },
  });
