import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAtomic } from './run-atomic.ts';

let cwd = '';
beforeEach(() => (cwd = mkdtempSync(join(tmpdir(), 'atomic-cli-'))));
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

test('a change is recorded, listed, taken out and put back', async () => {
  await runAtomic(['init'], { cwd });
  writeFileSync(join(cwd, 'a.txt'), '1\n2\n3\n');
  const recorded = await runAtomic(['record', '--all', '-m', 'Begin', '--json'], { cwd });
  expect(recorded.code).toBe(0);
  const { patch } = JSON.parse(recorded.stdout) as { patch: string };
  expect((await runAtomic(['status', '--json'], { cwd })).stdout).toContain('"changed": []');
  expect((await runAtomic(['log', '--short'], { cwd })).stdout).toBe(`${patch.slice(0, 8)} Begin\n`);
  expect((await runAtomic(['unrecord', patch.slice(0, 6)], { cwd })).code).toBe(0);
  expect((await runAtomic(['log', '--short'], { cwd })).stdout).toBe('');
  expect((await runAtomic(['apply', patch.slice(0, 6)], { cwd })).code).toBe(0);
  expect((await runAtomic(['log', '--short'], { cwd })).stdout).toBe(`${patch.slice(0, 8)} Begin\n`);
});
