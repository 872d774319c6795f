import { expect, test } from 'vitest';

import { foldEvents, type EventData, type EventKind } from '../protocol/index.ts';
import { renderReport } from './report.ts';

let seq = 0;
const event = <Kind extends EventKind>(kind: Kind, data: EventData<Kind>) => ({
  run: 'r',
  seq: (seq += 1),
  at: '2026-01-01T00:00:00.000Z',
  kind,
  data,
});

const verdict = { kind: 'green', passed: 3, of: 3 } as const;
const upgrade: EventData<'plan-made'>['upgrades'][number] = {
  name: 'lodash',
  kind: 'dependencies',
  fromRange: '^4.17.11',
  toRange: '^4.18.1',
  from: '4.18.1',
  to: '4.18.1',
  step: 'patch',
  risk: 'low',
  reasons: ['It becomes an ES module: `require` <fails>.'],
  raisesEngines: null,
};
const trial = (id: string, answeredBy: 'trial' | 'same-tree') => [
  event('trial-started', { trial: id, number: 1, purpose: 'one-more', upgrades: ['ms', 'lodash'], expectedMs: null }),
  event('trial-finished', {
    trial: id,
    verdict,
    level: 4,
    answeredBy,
    sameAs: null,
    summary: 'Fine.',
    levels: [],
    tests: null,
    wallMs: 10,
    evidence: 'evidence/t1',
  }),
];

const report = renderReport(
  'r',
  foldEvents([
    event('plan-made', { upgrades: [upgrade], leftAlone: [], risk: 'low', signals: [] }),
    ...trial('t1', 'trial'),
    ...trial('t2', 'same-tree'),
    event('upgrade-kept', { name: 'lodash', to: '4.18.1', verdict, trial: 't1' }),
  ]),
);

test('an upgrade whose version is installed already is shown by its ranges', () => {
  expect(report).toContain('^4.17.11 → ^4.18.1</span>');
});

test('a trial is told in words, with the upgrade it is about', () => {
  expect(report).toContain('One more: lodash');
});

test('trials that ran are counted apart from those that an equal tree answered', () => {
  expect(report).toContain('1 trial, 1 more answered by an equal tree');
});

test('code between backquotes is set as code, and stays text', () => {
  expect(report).toContain('<code>require</code> &lt;fails&gt;.');
});
