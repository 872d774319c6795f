// The stage that every product has: nothing that Tandem knows to be a secret goes to a model or comes back from one.

import { scrub } from '../basics/index.ts';
import type { GuardStage } from './guard.ts';

/** It only compares; a second would mean that the machine stands still. */
const STAGE_MS_MAX = 1000;

export const NO_SECRETS: GuardStage = {
  name: 'no-secrets',
  sides: ['before', 'after'],
  // A key has no blank in it, so a reader waits for a word at most.
  needs: 'word',
  timeoutMs: STAGE_MS_MAX,
  check({ text }) {
    const clean = scrub(text);
    return clean === text
      ? { kind: 'passed' }
      : { kind: 'changed', text: clean, reason: 'It held a secret of this server.' };
  },
};
