// What Chat's guard looks at: nothing that Tandem knows to be a secret goes to a model or comes back from one.
// Not here: the policy for children, which lives in their own product.

import { scrub } from 'kernel/basics';
import type { GuardStage } from 'kernel/guard';

const STAGE_MS_MAX = 1000;

export const CHAT_STAGES: readonly GuardStage[] = [
  {
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
  },
];
