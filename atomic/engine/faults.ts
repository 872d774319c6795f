// What the engine refuses: facts that contradict each other. Facts that lead nowhere are a fault of all engines
// (../patches/faults.ts).

import { Fault } from 'kernel/basics';

export const factsOverlap = (patch: number, offset: number): Fault =>
  new Fault('ATOMIC_FACTS_OVERLAP', {
    what: `Facts of patch number ${patch} contradict each other at byte ${offset}.`,
    why: 'Two of its insertions claim that byte, or one of them is empty there.',
    next: 'Run atomic doctor: it names every patch of this repository that is damaged.',
  });

export const textNotClean = (): Fault =>
  new Fault('ATOMIC_TEXT_NOT_CLEAN', {
    what: 'The text of this file has no single line of runs.',
    why: 'It has a conflict, contested text or twins.',
    next: 'Ask isClean first, and read the layout where it is not.',
  });

export const stillBuiltUpon = (patch: number, offset: number, by: number): Fault =>
  new Fault('ATOMIC_FACTS_BUILT_UPON', {
    what: `Patch number ${patch} was not taken out of this file.`,
    why: `Patch number ${by} refers to its byte ${offset}.`,
    next: 'Take out the patches that depend on it first.',
    about: { kind: 'conflict' },
  });
