// How a command ends: design, "Commands and settings people rely on".

import type { Fault } from '../basics/index.ts';

export const EXIT = { done: 0, negative: 1, wrongUse: 2, fault: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** 1: the answer is no. 2: the command was used wrongly. 3: something is broken. */
export function exitCodeOf(fault: Fault): ExitCode {
  switch (fault.about.kind) {
    case 'wrong-use':
    case 'not-found':
      return EXIT.wrongUse;
    case 'conflict':
    case 'not-allowed':
    case 'not-signed-in':
    case 'limit':
      return EXIT.negative;
    default:
      return EXIT.fault;
  }
}
