import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { DecisionView } from '../protocol/index.ts';
import { allowedIn, namedInLog, scriptsDecision } from './ask-scripts.ts';
import type { Execution } from './execution.ts';

const asked = (names: readonly string[]) => scriptsDecision({ names, why: 'It is red.', trials: ['t1'] }, 'd1');
const answered = (names: readonly string[], option: string): DecisionView => ({
  ...asked(names),
  askedAt: '2026-01-01T00:00:00.000Z',
  answer: { option, by: 'me', at: '2026-01-01T00:00:00.000Z' },
});

test('whose install scripts may run is asked by name, with what was red as its evidence, and no as its default', () => {
  const one = asked(['esbuild']);
  expect(one.question).toBe('May the install scripts of esbuild run for this project?');
  expect(one.why).toMatch(/^It is red\. The install scripts of 1 package were not run/);
  expect([one.defaultOption, one.options.map(({ id }) => id), one.trials]).toEqual(['no', ['no', 'allow'], ['t1']]);
});

test('a few packages can be allowed one by one, many only together', () => {
  expect(asked(['a', 'b']).options.map(({ id }) => id)).toEqual(['no', 'allow', 'allow:a', 'allow:b']);
  const many = asked(Array.from({ length: 60 }, (_, index) => `p${index}`));
  expect(many.options).toHaveLength(2);
  expect(many.question).toContain('p4 and 45 more');
  expect(many.allows?.['allow']).toHaveLength(50);
});

test('what was allowed is what the chosen option names; no, and a question that is open, allow nothing', () => {
  expect(allowedIn([answered(['b', 'a'], 'allow'), answered(['a', 'c'], 'allow:c')])).toEqual(['a', 'b', 'c']);
  expect(allowedIn([answered(['a'], 'no'), { ...answered(['a'], 'allow'), answer: null }])).toEqual([]);
});

test('only packages of which the log names a file are asked about', async () => {
  const root = mkdtempSync(join(tmpdir(), 'scripts-'));
  mkdirSync(join(root, 'evidence', 't1'), { recursive: true });
  writeFileSync(
    join(root, 'evidence', 't1', 'log.txt'),
    'warn core-js\n at /project/node_modules/@s/built/index.js:1\n',
  );
  const execution = { folder: { root } } as unknown as Execution;
  expect(await namedInLog(execution, 't1', ['core-js', '@s/built', 'built'])).toEqual(['@s/built']);
  expect(await namedInLog(execution, 't2', ['@s/built'])).toEqual([]);
  rmSync(root, { recursive: true });
});
