import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { appendToSpool, hasSpooled, readSpool, spoolFolder, trimSpool, type SpoolPlace } from './spool.ts';

let inside = '';
beforeEach(() => {
  inside = mkdtempSync(join(tmpdir(), 'atomic-spool-'));
});
afterEach(() => rmSync(inside, { recursive: true }));

const MEGABYTE = 1024 * 1024;

test('what was written is read once, in its order', () => {
  let place: SpoolPlace = {};
  const read = (): readonly string[] => {
    const reading = readSpool(inside, place);
    ({ place } = reading);
    return reading.lines;
  };
  expect(hasSpooled(inside, place)).toBe(false);
  for (const line of ['one', 'two']) appendToSpool(inside, line);
  expect(hasSpooled(inside, place)).toBe(true);
  expect(read()).toEqual(['one', 'two']);
  expect(read()).toEqual([]);
  appendToSpool(inside, 'three');
  expect(read()).toEqual(['three']);
});

test('a line that is only being written is read when it is whole', () => {
  appendToSpool(inside, 'one');
  const [file = ''] = readdirSync(spoolFolder(inside));
  appendFileSync(join(spoolFolder(inside), file), 'tw');
  const first = readSpool(inside, {});
  expect(first.lines).toEqual(['one']);
  appendFileSync(join(spoolFolder(inside), file), 'o\n');
  expect(readSpool(inside, first.place).lines).toEqual(['two']);
});

test('a full segment gets a successor, and goes when it was read and nobody can be writing to it any more', () => {
  for (let count = 0; count < 10; count += 1) appendToSpool(inside, 'x'.repeat(MEGABYTE));
  expect(readdirSync(spoolFolder(inside))).toHaveLength(2);
  const { place, lines } = readSpool(inside, {});
  expect(lines).toHaveLength(10);
  const born = statSync(join(spoolFolder(inside), '00000002.jsonl')).birthtimeMs;
  trimSpool(inside, place, born + 1000);
  expect(readdirSync(spoolFolder(inside))).toHaveLength(2);
  trimSpool(inside, {}, born + 3_600_000);
  expect(readdirSync(spoolFolder(inside))).toHaveLength(2);
  trimSpool(inside, place, born + 3_600_000);
  expect(readdirSync(spoolFolder(inside))).toEqual(['00000002.jsonl']);
  expect(readSpool(inside, place).lines).toEqual([]);
});

test('an event that is longer than any real one is dropped', () => {
  expect(appendToSpool(inside, 'x'.repeat(25 * MEGABYTE))).toBe(false);
  expect(hasSpooled(inside, {})).toBe(false);
});

test('only this user can read it', () => {
  appendToSpool(inside, 'one');
  expect(statSync(spoolFolder(inside)).mode & 0o777).toBe(0o700);
  expect(statSync(join(spoolFolder(inside), '00000001.jsonl')).mode & 0o777).toBe(0o600);
});
