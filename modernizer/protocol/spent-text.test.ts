import { mebibytes, minutes } from 'kernel/basics';
import { expect, test } from 'vitest';

import { spentText } from './spent-text.ts';
import { LevelResult } from './upgrade.ts';

const OLD = { level: 4, command: 'npm test', ok: true, detail: '', wallMs: 1200, tests: null, health: [] } as const;
const limits = { wallMs: minutes(2), memoryBytes: mebibytes(2048) };

test('a step says what it took of what it was allowed', () => {
  const step = { ...OLD, limits, memoryBytesPeak: mebibytes(143) };
  expect(spentText(step)).toBe('1.2 s of 2 min, 143 MiB of 2.0 GiB of memory');
});

test('what the machine does not tell, or does not hold, is said so', () => {
  expect(spentText({ ...OLD, limits, memoryBytesPeak: null })).toBe('1.2 s of 2 min, unknown of 2.0 GiB of memory');
  const unheld = { ...OLD, limits: { ...limits, memoryBytes: null }, memoryBytesPeak: mebibytes(20) };
  expect(spentText(unheld)).toBe('1.2 s of 2 min, 20 MiB of memory, without a limit');
});

test('a step of a journal from before is read, and says nothing of limits', () => {
  expect(spentText(LevelResult.parse(OLD))).toBeNull();
});
