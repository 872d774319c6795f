import { runAtomic } from 'atomic/cli';
import { expect, test } from 'vitest';

import { applyInAnyOrder } from './atomic-apply.ts';

test('patches in any order are the same state, picking keeps who they are, and putting back twice is once', async () => {
  const lines: string[] = [];
  await applyInAnyOrder(
    (line) => lines.push(line),
    (cwd, args) => runAtomic(args, { cwd }),
  );
  expect(lines).toEqual([
    'three patches in either order: the same state',
    'a patch that was picked: the very same one',
    'the first one taken out of both: the same state again',
    'put back, twice: 4 patches',
  ]);
});
