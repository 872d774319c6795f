import { expect, test } from 'vitest';

import { raisable, raisedRange, stepOf } from './ranges.ts';

test.each([
  ['^1.2.3', '3.0.1', '^3.0.1'],
  ['~1.4.1', '2.0.0', '~2.0.0'],
  ['1.2.3', '3.0.1', '3.0.1'],
  ['=1.2.3', '3.0.1', '=3.0.1'],
  ['v1.2.3', '3.0.1', '3.0.1'],
  ['>=1.2.3', '3.0.1', '>=3.0.1'],
  ['1.x', '3.0.1', '3.x'],
  ['1.2.x', '3.4.1', '3.4.x'],
  ['1', '3.0.1', '3'],
  ['1.2', '3.4.1', '3.4'],
  ['^1', '3.4.1', '^3'],
  ['~1.2', '3.4.1', '~3.4'],
  ['^1.0.0 || ^2.0.0', '3.4.1', '^3.4.1'],
  ['>=1.0.0 <2.0.0', '3.4.1', '^3.4.1'],
  ['^0.2.4', '0.4.0', '^0.4.0'],
])('the range %s raised to %s is written %s', (range, version, raised) => {
  expect(raisedRange(range, version)).toBe(raised);
});

test.each([
  ['git+https://example.org/a.git', 'git'],
  ['file:../a', 'disk'],
  ['https://example.org/a.tgz', 'address'],
  ['npm:other@^1.0.0', 'alias'],
  ['latest', 'tag'],
  ['*', 'every version'],
  ['', 'every version'],
  ['user/repository', 'git'],
])('the range "%s" is left alone and the reason says so', (range, word) => {
  const base = raisable('a', range);
  expect(base.kind).toBe('fixed');
  expect(base.kind === 'fixed' ? base.reason : '').toContain(word);
});

test('a range can be raised from the lowest version it allows', () => {
  expect(raisable('a', '^1.2.3')).toEqual({ kind: 'range', lowest: '1.2.3' });
  expect(raisable('@scope/a', '~4')).toEqual({ kind: 'range', lowest: '4.0.0' });
});

test('below 1.0.0 the second number is the breaking one', () => {
  expect(stepOf('0.2.4', '0.4.0')).toBe('major');
  expect(stepOf('0.2.4', '0.2.5')).toBe('patch');
  expect(stepOf('1.2.4', '1.4.0')).toBe('minor');
  expect(stepOf('1.2.4', '2.0.0')).toBe('major');
});
