import { expect, test } from 'vitest';

import { loseARun } from './a-run-of-your-own.ts';

test('who lost its lease is fenced off, and the journal has nothing of it', async () => {
  const lines: string[] = [];
  await loseARun((line) => lines.push(line));
  expect(lines).toEqual([
    'the laptop holds epoch 1',
    'the laptop writes: appended',
    'the laptop sleeps; the server holds epoch 2',
    'the laptop wakes and writes: fenced-off',
    'the server writes: appended',
    'the laptop is told that its lease is lost',
    'event 1: {"to":1}',
    'event 2: {"to":2}',
  ]);
});
