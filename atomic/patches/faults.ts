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

export const factsDangling = (patch: number, offset: number): Fault =>
  new Fault('ATOMIC_FACTS_DANGLING', {
    what: `A fact of this file leads nowhere: byte ${offset} of patch number ${patch}.`,
    why: 'No patch of the set inserted that byte.',
    next: 'Run atomic doctor: it compares every patch with what the repository has derived from it, and mends it.',
  });

export const factsDamaged = (patch: number): Fault =>
  new Fault('ATOMIC_FACTS_DAMAGED', {
    what: `What the repository has derived from patch number ${patch} cannot be read.`,
    why: 'It refers to a patch that came later, or is of no known form.',
    next: 'Run atomic doctor --mend: it derives everything anew from the patches themselves, which are checked by their hash.',
  });
