import { expect, test } from 'vitest';

import type { EventData, PlannedUpgrade, Verdict } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { Execution } from './execution.ts';
import { mend, rewritesOf } from './mend.ts';
import type { Mend, Settlement } from './state.ts';
import type { Asked } from './trial-question.ts';
import type { Trials } from './trials.ts';
import { mendsBy } from './wanting-scripts.ts';

const GREEN: Verdict = { kind: 'green', passed: 1, of: 1 };
const RED: Verdict = { kind: 'broken', passed: 0, of: 2 };

const planned = (name: string): PlannedUpgrade => ({
  name,
  kind: 'dependencies',
  fromRange: '^1.0.0',
  toRange: '^2.0.0',
  from: '1.0.0',
  to: '2.0.0',
  step: 'major',
  risk: 'high',
  reasons: [],
  raisesEngines: null,
});
const PLAN = { upgrades: ['a', 'b', 'c'].map(planned), leftAlone: [], risk: 'high', signals: [] } as unknown as Plan;

/** Two places of one text, `one` and `two`. */
const BASE = 'one two';
const mendOf = (name: string, file: string, word = 'one'): Mend => {
  const start = BASE.indexOf(word);
  const edits = [{ start, end: start + word.length, text: name }];
  const change = { path: file, after: BASE.replace(word, name), edits, places: [`${file}:1:1`] };
  return { name, to: '2.0.0', sentence: `Take x of ${name}.`, files: [change], answer: null };
};
const refusedPick = (name: string) => ({ name, to: '2.0.0', by: 'trial' as const, verdict: RED, trial: `red-${name}` });
const settlement = (...refused: string[]): Settlement => ({
  kept: [{ name: 'a', to: '2.0.0', verdict: GREEN, trial: 'first' }],
  refused: refused.map(refusedPick),
  untried: [],
  proof: GREEN,
});

/** Runs it with trials that answer by what is asked, and gives back what was told. */
async function mended(given: Settlement, mends: readonly Mend[], verdictOf: (asked: Asked) => Verdict) {
  const asked: Asked[] = [];
  const told: { kind: string; data: unknown }[] = [];
  const trials = {
    known: () => Promise.resolve(undefined),
    ask: (question: Asked) => {
      asked.push(question);
      const result = { verdict: verdictOf(question), summary: 'So it ended.' };
      return Promise.resolve({ trial: `t${asked.length}`, result });
    },
    finished: () => Promise.resolve([]),
  } as unknown as Trials;
  const upgrades = ['a', 'b', 'c'].map((name) => ({
    ...planned(name),
    state: given.refused.some((each) => each.name === name) ? 'refused' : 'kept',
    verdict: RED,
    cause: 'It broke.',
    where: [],
    trial: `red-${name}`,
    evidence: 'e',
    diagnosis: null,
    attempts: [],
  }));
  const execution = {
    signals: { any: new AbortController().signal },
    record: {
      view: () => ({ trials: [], upgrades }),
      emit: (kind: string, data: unknown) => Promise.resolve(void told.push({ kind, data })),
    },
  } as unknown as Execution;
  const done = await mend(execution, { plan: PLAN, trials, settlement: given, mends });
  return { ...done, asked, told: told.filter(({ kind }) => kind !== 'progress') };
}

test('an upgrade that is green with its change, also in fresh trees, is kept on top of what was kept', async () => {
  const done = await mended(settlement('b'), [mendOf('b', 'x.js')], () => GREEN);
  expect(done.asked.map(({ upgrades, freshTrees }) => [upgrades.map(({ name }) => name), freshTrees])).toEqual([
    [['a', 'b'], undefined],
    [['a', 'b'], 5],
  ]);
  expect(done.settlement.kept.map(({ name, trial }) => [name, trial])).toEqual([
    ['a', 't2'],
    ['b', 't2'],
  ]);
  expect(done.settlement.refused).toEqual([]);
  expect(done.told).toMatchObject([
    { kind: 'upgrade-kept', data: { name: 'b', rewrite: { sentence: 'Take x of b.' } } },
  ]);
});

test('one that is red all the same stays refused, with what was tried, and what was kept stays as it was', async () => {
  const before = settlement('b');
  const done = await mended(before, [mendOf('b', 'x.js')], () => RED);
  expect(done.asked).toHaveLength(1);
  expect(done.settlement).toEqual(before);
  const data = done.told[0]?.data as EventData<'upgrade-refused'>;
  expect(data.attempts).toEqual([{ sentence: 'Take x of b. So it ended.', verdict: RED, trial: 't1' }]);
  expect(data.cause).toBe('It broke.');
});

test('one that is green once and not in fresh trees is not kept', async () => {
  const done = await mended(settlement('b'), [mendOf('b', 'x.js')], ({ freshTrees }) =>
    freshTrees === undefined ? GREEN : RED,
  );
  expect(done.settlement.kept.map(({ name }) => name)).toEqual(['a']);
  expect(done.told).toMatchObject([{ kind: 'upgrade-refused' }]);
});

const textsIn = (asked: Asked | undefined) => asked?.rewrites?.map(({ path, after }) => [path, after]);

test('the second change comes on top of the first, also in the same file where it touches another place', async () => {
  const two = await mended(settlement('b', 'c'), [mendOf('b', 'x.js'), mendOf('c', 'y.js')], () => GREEN);
  expect(textsIn(two.asked.at(-1))).toEqual([
    ['x.js', 'b two'],
    ['y.js', 'c two'],
  ]);
  const one = await mended(settlement('b', 'c'), [mendOf('b', 'x.js'), mendOf('c', 'x.js', 'two')], () => GREEN);
  expect(textsIn(one.asked.at(-1))).toEqual([['x.js', 'b c']]);
  expect(one.settlement.kept.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  expect(rewritesOf(one.mends)).toEqual([{ path: 'x.js', after: 'b c' }]);
});

test('a change of the same place, or one whose places were not written down, is not tried', async () => {
  const same = await mended(settlement('b', 'c'), [mendOf('b', 'x.js'), mendOf('c', 'x.js')], () => GREEN);
  expect(same.settlement.kept.map(({ name }) => name)).toEqual(['a', 'b']);
  const why = 'x.js is changed at the same place already, for another upgrade.';
  expect(same.mends[1]?.answer).toMatchObject({ trial: null, why });
  const { edits: _unknown, ...file } = mendOf('c', 'x.js', 'two').files[0] ?? { path: '', after: '', places: [] };
  const old = { ...mendOf('c', 'x.js'), files: [file] };
  const unknown = await mended(settlement('b', 'c'), [mendOf('b', 'x.js'), old], () => GREEN);
  expect(unknown.mends[1]?.answer).toMatchObject({ trial: null, why });
});

test('a change that was kept is not lent to a file that is changed in vain', async () => {
  const done = await mended(settlement('b', 'c'), [mendOf('b', 'x.js'), mendOf('c', 'x.js')], ({ rewrites }) =>
    rewrites?.some(({ after }) => after === 'b two') === true ? RED : GREEN,
  );
  expect(done.settlement.kept.map(({ name }) => name)).toEqual(['a', 'c']);
});

test('what was answered before is not tried again, and install scripts that were allowed since come on top of it', async () => {
  const answer = { verdict: GREEN, trial: 't0', why: '' };
  const begun = { ...settlement('c'), kept: [{ name: 'b', to: '2.0.0', verdict: GREEN, trial: 't0' }] };
  const [scripts] = mendsBy([{ name: 'c', to: '2.0.0', trial: 'red-c', scripts: ['c', 'd'] }], ['d']);
  if (scripts === undefined) throw new Error('Its script was allowed.');
  const done = await mended(begun, [{ ...mendOf('b', 'x.js'), answer }, scripts], () => GREEN);
  expect(done.asked.map(({ upgrades }) => upgrades.map(({ name }) => name))).toEqual([
    ['b', 'c'],
    ['b', 'c'],
  ]);
  expect(textsIn(done.asked[0])).toEqual([['x.js', 'b two']]);
  expect(done.asked[0]?.why).toContain('with an install script it may be green. The install scripts of d run');
  expect(done.told).toMatchObject([{ kind: 'upgrade-kept', data: { name: 'c', rewrite: { files: [] } } }]);
});
