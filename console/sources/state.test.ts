import { expect, test } from 'vitest';

import {
  ageText,
  errorShare,
  isKeyDue,
  legLook,
  moved,
  optionsIn,
  optionsText,
  policyText,
  reasonOf,
} from './sources-state.ts';

test('a key is old after ninety days, and its age is said in words', () => {
  expect([null, 0, 1, 89.9, 90, 91].map(isKeyDue)).toEqual([false, false, false, false, false, true]);
  expect([null, 0.4, 1.2, 91].map(ageText)).toEqual(['age not known', 'added today', 'one day old', '91 days old']);
});

test('a leg that rests counts down to when it is back', () => {
  const cooling = { kind: 'cooling', untilMs: 5_000, why: 'Too many requests.' } as const;
  expect(legLook({ kind: 'ready' }, 0).word).toBe('ready');
  expect([legLook(cooling, 1_500), legLook(cooling, 9_000)].map(({ word }) => word)).toEqual([
    'back in 4 s',
    'back any moment',
  ]);
  expect(legLook({ kind: 'revoked', why: 'x' }, 0).word).toBe('key refused');
  expect([reasonOf({ kind: 'ready' }), reasonOf(cooling)]).toEqual([null, 'Too many requests.']);
});

test('errors are a share of the calls, and none where there was no call', () => {
  expect([errorShare({ calls: 0, errors: 0 }), errorShare({ calls: 3, errors: 1 })]).toEqual([null, 33]);
});

test('options are objects by provider; anything else is explained before it is sent', () => {
  expect(optionsIn(' ')).toEqual({ kind: 'read', options: {} });
  expect(optionsIn('{"gemini":{"safetySettings":[]}}')).toEqual({
    kind: 'read',
    options: { gemini: { safetySettings: [] } },
  });
  for (const wrong of ['{', '[]', '3', '{"gemini":1}', '{"gemini":[]}']) expect(optionsIn(wrong).kind).toBe('wrong');
  expect([optionsText(undefined), optionsText({})]).toEqual(['', '']);
  expect(optionsIn(optionsText({ gemini: { a: 1 } }))).toEqual({ kind: 'read', options: { gemini: { a: 1 } } });
});

test('a model is moved up and down and never out of the list', () => {
  expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a'], 0, -1)).toEqual(['a']);
  expect(policyText('weighted')).toBe('Split by weight');
});
