// What happened to a thing of a package, in the words that the console and the report share.

import { unreachable } from 'kernel/basics';

import type { ApiChange, ApiChangeKind, CauseProof } from './diagnosis.ts';

export function changeWords({ change, renamedTo }: Pick<ApiChange, 'change' | 'renamedTo'>): string {
  if (change === 'renamed' && renamedTo !== null) return `is called ${renamedTo} now`;
  return CHANGE_WORDS[change];
}

const CHANGE_WORDS: Readonly<Record<ApiChangeKind, string>> = {
  removed: 'is gone',
  renamed: 'is called otherwise now',
  'module-form': 'gives something else as a whole',
  'no-longer-callable': 'can no longer be called',
  'needs-new': 'has to be made with new',
  'became-async': 'gives a promise now',
  'parameter-required': 'asks for one more parameter',
  'fewer-parameters': 'takes fewer parameters',
  signature: 'takes or gives something else',
  'es-module-only': 'is an ES module only',
  'deep-import-blocked': 'can no longer be imported',
  'node-raised': 'asks for a newer Node',
  'entry-moved': 'is loaded from elsewhere',
  'command-gone': 'is gone as a command',
  rule: 'is a rule that is broken now',
  behaviour: 'does something else than before',
};

/** How sure a cause is, and why. */
export function proofWords(proof: CauseProof): string {
  switch (proof) {
    case 'log-and-difference':
      return 'The log names it, and its API changed right there.';
    case 'log':
      return 'The log names it.';
    case 'difference':
      return 'The log names nothing; this is what changed of what the project uses.';
    case 'test':
      return 'The failing tests use this of it and nothing else.';
    default:
      return unreachable(proof);
  }
}
