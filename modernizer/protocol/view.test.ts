import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { RunEvent } from 'kernel/protocol';

import { renderReport } from '../deploying/report.ts';
import type { EventData, EventKind } from './events.ts';
import { EMPTY_VIEW, foldEvent, foldEvents, openDecisions } from './view.ts';

let seq = 0;
const event = <Kind extends EventKind>(kind: Kind, data: EventData<Kind>): RunEvent => ({
  run: 'r',
  seq: (seq += 1),
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, seq)).toISOString(),
  kind,
  data,
});

const upgrade = (name: string): EventData<'plan-made'>['upgrades'][number] => ({
  name,
  kind: 'dependencies',
  fromRange: '^1.0.0',
  toRange: '^2.0.0',
  from: '1.0.0',
  to: '2.0.0',
  step: 'major',
  risk: 'high',
  reasons: ['<script>alert(1)</script>'],
  raisesEngines: null,
});
const green = { kind: 'green', passed: 3, of: 3 } as const;
const red = { kind: 'broken', passed: 0, of: 2 } as const;
const trial = (id: string, upgrades: string[]): RunEvent =>
  event('trial-started', { trial: id, number: 1, purpose: 'one-more', upgrades, expectedMs: null });

const story: readonly RunEvent[] = [
  event('agent-started', { agent: 'planner' }),
  event('plan-made', { upgrades: [upgrade('a'), upgrade('b')], leftAlone: [], risk: 'high', signals: [] }),
  event('agent_completed', { agent: 'planner', summary: 'Two.' }),
  trial('t1', ['a']),
  event('trial-step', { trial: 't1', step: 'test', run: 2 }),
  event('trial-finished', {
    trial: 't1',
    verdict: green,
    level: 4,
    answeredBy: 'trial',
    sameAs: null,
    summary: '"quoted" & <b>bold</b>',
    levels: [],
    tests: null,
    wallMs: 10,
    evidence: 'evidence/t1',
  }),
  event('upgrade-kept', { name: 'a', to: '2.0.0', verdict: green, trial: 't1' }),
  event('upgrade-refused', {
    name: 'b',
    to: '2.0.0',
    verdict: red,
    cause: 'It fails.',
    where: ['a.js:1'],
    trial: null,
    evidence: 'x',
  }),
  event('decision-asked', { id: 'd', question: 'Which?', why: '', options: [], defaultOption: 'keep', trials: [] }),
  event('decision-made', { id: 'd', option: 'keep', by: 'me' }),
  event('run-finished', { status: 'done', reason: null, next: null }),
];

test('a run is told by its events alone', () => {
  const view = foldEvents(story);
  expect(view.status).toBe('done');
  expect(view.upgrades.map(({ name, state }) => [name, state])).toEqual([
    ['a', 'kept'],
    ['b', 'refused'],
  ]);
  expect(view.agents.find(({ agent }) => agent === 'deployer')?.state).toBe('skipped');
});

test('while a trial runs, its upgrades are being tried and its step is told', () => {
  const view = foldEvents(story.slice(0, 5));
  expect(view.upgrades[0]?.state).toBe('trying');
  expect(view.trials[0]?.step).toBe('test 2');
});

test('a trial that was stopped is no trial, and what it alone tried is planned again', () => {
  const stopped = event('trial-stopped', { trial: 't1', why: 'All of it became green in a larger set.' });
  const view = foldEvents([...story.slice(0, 5), stopped]);
  expect(view.trials).toEqual([]);
  expect(view.upgrades[0]?.state).toBe('planned');
});

test('a question makes the run wait for a person, its answer ends the waiting', () => {
  expect(foldEvents(story.slice(0, 9)).status).toBe('needs-person');
  expect(openDecisions(foldEvents(story.slice(0, 9))).length).toBe(1);
  const after = foldEvents(story.slice(0, 10));
  expect([after.status, openDecisions(after).length]).toEqual(['queued', 0]);
});

test('whatever part of the journal is read again, the view is the same', () => {
  fc.assert(
    fc.property(fc.nat(story.length), fc.nat(story.length), (cut, back) => {
      const before = foldEvents(story.slice(0, cut));
      const again = story.slice(Math.max(0, cut - back)).reduce(foldEvent, before);
      expect(again).toEqual(foldEvents(story));
    }),
  );
});

test('events of another Tandem are passed over, and the view is total on any of them', () => {
  const alien = { ...event('agent-started', { agent: 'planner' }), kind: 'from-the-future', data: { x: 1 } };
  const broken = {
    ...event('plan-made', { upgrades: [], leftAlone: [], risk: 'low', signals: [] }),
    data: { upgrades: 7 },
  };
  const view = [alien, broken].reduce(foldEvent, EMPTY_VIEW);
  expect({ ...view, lastSeq: 0 }).toEqual(EMPTY_VIEW);
});

test('the report says what was kept, refused and why, and lets no text of a project become markup', () => {
  const report = renderReport('r', foldEvents(story));
  expect(report).toContain('It fails.');
  expect(report).toContain('a.js:1');
  expect(report).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(report).not.toMatch(/<script|<b>bold|https?:\/\//);
});
