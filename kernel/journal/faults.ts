// The faults of the journal.

import { bytesText, Fault, type Id } from '../basics/index.ts';

export const runNotFound = (run: string): Fault =>
  new Fault('RUN_NOT_FOUND', {
    what: `There is no run ${run}.`,
    why: 'No run of this workbench has that id, or its id begins differently.',
    next: 'See the runs with tandem runs.',
    about: { kind: 'not-found' },
  });

export const runAmbiguous = (prefix: string, ids: readonly string[]): Fault =>
  new Fault('RUN_AMBIGUOUS', {
    what: `Several runs begin with "${prefix}".`,
    why: `They are ${ids.join(', ')}.`,
    next: 'Give a few characters more.',
    about: { kind: 'wrong-use' },
  });

export const cursorWrong = (cursor: string): Fault =>
  new Fault('RUN_CURSOR_WRONG', {
    what: `The list of runs cannot be read on from "${cursor.slice(0, 60)}".`,
    why: 'That is no cursor which an earlier page gave.',
    next: 'Give the nextCursor of the page before, or none to begin at the newest.',
    about: { kind: 'wrong-use' },
  });

export const eventTooLarge = (run: Id<'run'>, kind: string, bytes: number, bytesMax: number): Fault =>
  new Fault('EVENT_TOO_LARGE', {
    what: `An event ${kind} of run ${run} was not written.`,
    why: `It has ${bytesText(bytes)}; an event may have ${bytesText(bytesMax)}.`,
    next: 'This is a mistake in Tandem: long output belongs in a file that the event names.',
  });
