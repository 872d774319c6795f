import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { instant, manualClock, minutes } from 'kernel/basics';

import { openKeptAnswers } from './kept-answers.ts';

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'tandem-answers-'))));
afterEach(() => rmSync(home, { recursive: true }));

const NOON = Date.UTC(2026, 0, 1, 12);
const at = (afterMs: number) => openKeptAnswers(home, manualClock(instant(NOON + afterMs)));

test('an equal question is answered as before, another one is not', async () => {
  await at(0).keep('the question', { plan: [1, 2] });
  expect(await at(minutes(1)).take('the question', minutes(5))).toEqual({ plan: [1, 2] });
  expect(await at(minutes(1)).take('another question', minutes(5))).toBe(undefined);
});

test('an answer is no answer when it is older than whoever asks allows', async () => {
  await at(0).keep('the question', 'yes');
  expect(await at(minutes(6)).take('the question', minutes(5))).toBe(undefined);
  expect(await at(minutes(6)).take('the question', minutes(60))).toBe('yes');
});

test('half an answer is none', async () => {
  await at(0).keep('the question', 'yes');
  const folder = join(home, 'cache/answers');
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), '{"ha');
  const clock = manualClock(instant(Date.now()));
  expect(await openKeptAnswers(home, clock).take('the question', minutes(5))).toBe(undefined);
});

test('the oldest answers go when there are many', async () => {
  for (let number = 0; number <= 300; number += 1) await at(number).keep(`question ${number}`, number);
  expect(readdirSync(join(home, 'cache/answers'))).toHaveLength(300);
  expect(await at(300).take('question 0', minutes(5))).toBe(undefined);
  expect(await at(300).take('question 300', minutes(5))).toBe(300);
});
