import { expect, test } from 'vitest';

import { changeWord, differenceText, evidencePartOf, shownChanges, unlistedOf } from './evidence-state.ts';

const change = (place: string, from: string | null, to: string | null) => ({
  name: place.split('/').at(-1) ?? '',
  place,
  from,
  to,
  asked: false,
});
const changes = [change('node_modules/a', '1.0.0', '2.0.0'), change('node_modules/b', null, '3.0.0')];

test('an address that names no part of the evidence shows the log', () => {
  expect(evidencePartOf(undefined)).toBe('log');
  expect(evidencePartOf('secrets')).toBe('log');
  expect(evidencePartOf('lockfile')).toBe('lockfile');
});

test('a difference says how much changed, and when nothing did', () => {
  expect(differenceText({ changes, added: 1, removed: 0, changed: 1, same: 9 })).toBe(
    '1 changed, 1 added, 0 removed; 9 are the same as in the project as it is.',
  );
  expect(differenceText({ changes: [], added: 0, removed: 0, changed: 0, same: 9 })).toContain('Nothing differs');
  expect(unlistedOf({ changes, added: 500, removed: 0, changed: 1, same: 0 })).toBe(499);
});

test('packages are found by name, version and what happened', () => {
  expect(shownChanges(changes, 'added').map(({ name }) => name)).toEqual(['b']);
  expect(shownChanges(changes, '2.0 A').map(({ name }) => name)).toEqual(['a']);
  expect(shownChanges(changes, '')).toHaveLength(2);
  const unplaced = { ...change('', '1.0.0', '2.0.0'), name: 'chalk' };
  expect(shownChanges([unplaced], 'chalk')).toHaveLength(1);
  expect(changeWord({ from: '1', to: null })).toBe('removed');
});
