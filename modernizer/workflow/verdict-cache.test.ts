import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock, minutes } from 'kernel/basics';
import { isLasting, openVerdictCache } from './verdict-cache.ts';

let folder: string;
let evidence: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-verdicts-'));
  evidence = join(folder, 'evidence');
  mkdirSync(evidence);
  writeFileSync(join(evidence, 'verdict.json'), '{"kind":"green"}');
  writeFileSync(join(evidence, 'log.txt'), 'what was said');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Entries carry the time of the file system. */
const openedAt = (afterMs: number) => openVerdictCache(folder, manualClock(Date.now() + afterMs));

test('an equal question gets the verdict with all its evidence, another question gets none', async () => {
  const cache = openedAt(0);
  await cache.keep('the question', evidence);
  const later = join(folder, 'later');
  expect(await cache.take('the question', later)).toEqual({ kind: 'green' });
  expect(readFileSync(join(later, 'log.txt'), 'utf8')).toBe('what was said');
  expect(await cache.take('another question', join(folder, 'none'))).toBe(undefined);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('after a day the registry is asked again', async () => {
  await openedAt(0).keep('the question', evidence);
  expect(await openedAt(minutes(24 * 60 - 1)).take('the question', join(folder, 'later'))).toEqual({ kind: 'green' });
  expect(await openedAt(minutes(24 * 60 + 1)).take('the question', join(folder, 'later'))).toBe(undefined);
});

test('half an entry is asked anew, and the evidence that is there stays', async () => {
  const cache = openedAt(0);
  writeFileSync(join(evidence, 'verdict.json'), '{"kind":"gre');
  await cache.keep('the question', evidence);
  expect(await cache.take('the question', join(folder, 'later'))).toBe(undefined);
});

test('an answer that is kept twice is the later one', async () => {
  const cache = openedAt(0);
  await cache.keep('the question', evidence);
  writeFileSync(join(evidence, 'verdict.json'), '{"kind":"broken"}');
  await cache.keep('the question', evidence);
  expect(await cache.take('the question', join(folder, 'later'))).toEqual({ kind: 'broken' });
});

test('what a limit or the registry ended is not kept for others', () => {
  const kinds = ['green', 'broken', 'flaky', 'resolver-conflict', 'timed-out', 'registry-incomplete'] as const;
  expect(kinds.filter((kind) => isLasting({ kind, passed: 0, of: 1 }))).toEqual([
    'green',
    'broken',
    'flaky',
    'resolver-conflict',
  ]);
});
