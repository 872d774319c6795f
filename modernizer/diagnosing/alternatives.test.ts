import { expect, test } from 'vitest';

import { taken } from '../workflow/human-gate.ts';
import type { Settlement } from '../workflow/state.ts';
import { conflictsIn, decisionOn, insteadOf, TAKE_OPTION } from './alternatives.ts';
import { alternativesAmong } from './ask-person.ts';

const conflict = { name: 'plugin', against: ['host'] };

test('an upgrade that a kept one stands in the way of has another way', () => {
  const refused = [
    { name: 'plugin', chain: ['app@1.0.0', 'host@2.0.0', 'plugin@3.0.0'], peers: [] },
    { name: 'broken', chain: [], peers: [] },
    { name: 'alien', chain: ['app@1.0.0', 'other@1.0.0'], peers: [] },
  ];
  expect(conflictsIn({ kept: ['host', 'tool'], refused })).toEqual([conflict]);
  expect(insteadOf(['host', 'tool'], conflict)).toEqual(['tool', 'plugin']);
});

test('a person is asked only about ways that a trial has shown to be green', () => {
  const question = { conflict, upgrades: ['plugin'], sentence: 'They do not fit.' };
  const green = { ...question, answer: { trial: 't1', verdict: { kind: 'green', passed: 3, of: 3 } as const } };
  const red = { ...question, answer: { trial: 't2', verdict: { kind: 'broken', passed: 0, of: 2 } as const } };
  expect(alternativesAmong([red], () => 'd').length).toBe(0);
  const [decision] = alternativesAmong([green], () => 'd');
  expect(decision).toMatchObject({ id: 'd', defaultOption: 'keep', trials: ['t1'] });
  expect(decision?.options.map(({ id }) => id)).toEqual(['keep', TAKE_OPTION]);
  expect(decisionOn({ conflict, trial: 't' }, 'd', '').question).toBe('Which upgrade do you want: host, or plugin?');
});

test('taking the other way keeps it and gives up what stood in its way, and nothing else', () => {
  const verdict = { kind: 'green', passed: 3, of: 3 } as const;
  const settlement: Settlement = {
    kept: ['host', 'tool'].map((name) => ({ name, to: '2.0.0', verdict, trial: 'old' })),
    refused: [
      {
        name: 'plugin',
        to: '2.0.0',
        by: 'trial',
        verdict: { kind: 'resolver-conflict', passed: 0, of: 1 },
        trial: 'x',
      },
    ],
    untried: [],
    proof: null,
  };
  const question = { conflict, upgrades: ['tool', 'plugin'], sentence: '', answer: { trial: 'new', verdict } };
  const after = taken(settlement, question, null);
  expect(after.kept.map(({ name, trial }) => [name, trial])).toEqual([
    ['tool', 'new'],
    ['plugin', 'new'],
  ]);
  expect(after.refused.map(({ name }) => name)).toEqual(['host']);
});
