import { expect, test } from 'vitest';

import type { Diagnosis } from './look-into.ts';
import { toldCause } from './tell-cause.ts';

const diagnosis = (cause: Diagnosis['cause']): Diagnosis => ({
  cause,
  difference: null,
  manifest: [],
  changelog: { kind: 'none', reason: 'none' },
  uses: 1,
  rewrite: null,
});
const told = { cause: 'One test fails.', where: ['a.js:2', 'b.js:9'] };

test('a named cause is added to what failed, and its places come first and once', () => {
  const cause = {
    kind: 'named',
    symbol: 'glob.sync',
    change: 'renamed',
    before: null,
    after: null,
    renamedTo: 'globSync',
    places: ['a.js:2:5'],
    proof: 'log-and-difference',
    printed: null,
  } as const;
  expect(toldCause(told, { kind: 'diagnosed', diagnosis: diagnosis(cause) })).toEqual({
    cause: 'One test fails. glob.sync is called globSync now (a.js:2:5).',
    where: ['a.js:2:5', 'b.js:9'],
  });
  expect(toldCause(told, { kind: 'diagnosed', diagnosis: diagnosis({ ...cause, proof: 'difference' }) }).cause).toMatch(
    /The log names no use of it/,
  );
});

test('what is not known is said, and the places of the log stay', () => {
  const cause = { kind: 'not-known', looked: ['The log names no error and no place.'] } as const;
  expect(toldCause(told, { kind: 'diagnosed', diagnosis: diagnosis(cause) })).toEqual({
    cause: 'One test fails. Which use of it breaks is not known. The log names no error and no place.',
    where: told.where,
  });
  expect(toldCause(told, { kind: 'not-known', reason: 'it took too long' }).cause).toBe(
    'One test fails. Its cause was not looked into: it took too long.',
  );
});
