import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { runAtomic } from 'atomic/cli';
import { expect, test } from 'vitest';

import { twoAgents } from './atomic-two-agents.ts';

test('two agents and a person meet in a conflict, settle it, and one model’s work goes again', async () => {
  const lines: string[] = [];
  await twoAgents(
    (line) => lines.push(line),
    (cwd, args) => runAtomic(args, { cwd }),
  );
  expect(`${lines.join('\n')}\n`).toBe(readFileSync(join(import.meta.dirname, 'golden.txt'), 'utf8'));
});
