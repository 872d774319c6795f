import { runAtomic } from 'atomic/cli';
import { expect, test } from 'vitest';

import { provenLater } from './atomic-remotes.ts';

test('attribution is left out of a clone, and proven later', async () => {
  const lines: string[] = [];
  await provenLater(
    (line) => lines.push(line),
    (cwd, args) => runAtomic(args, { cwd }),
  );
  expect(lines).toEqual([
    'the states are the same',
    'here: ai; there: untracked',
    'after a pull with attribution, there: ai',
    'and it is what was committed to',
    'pushed back, the states are the same',
  ]);
});
