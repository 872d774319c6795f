import { expect, test } from 'vitest';

import { newId } from 'kernel/basics';

import { EMPTY_VIEW, type EventData, type EventKind, type Verdict } from '../protocol/index.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { Pick } from '../validating/search/seen.ts';
import type { TrialResult } from '../validating/trial.ts';
import { RunAbandoned } from './execution.ts';
import { settle } from './settle.ts';
import type { Settlement } from './state.ts';
import type { Asked } from './trial-question.ts';
import type { Answered, Trials } from './trials.ts';

const GREEN: Verdict = { kind: 'green', passed: 2, of: 2 };
const RED: Verdict = { kind: 'broken', passed: 0, of: 2 };
const TIMED_OUT: Verdict = { kind: 'timed-out', passed: 0, of: 1 };
const baseline = { installMs: 1000, levels: [], slowestStepMs: 500 };

const planOf = (names: string): Plan => ({
  upgrades: names.split(' ').map((name) => ({
    name,
    kind: 'dependencies',
    fromRange: '^1.0.0',
    toRange: '^2.0.0',
    from: '1.0.0',
    to: '2.0.0',
    step: 'major',
    risk: 'medium',
    reasons: [],
    raisesEngines: null,
  })),
  forbidden: [],
  leftAlone: [],
  risk: 'medium',
  signals: [],
});

const resultOf = (verdict: Verdict): TrialResult => ({
  verdict,
  answeredBy: 'trial',
  sameAs: null,
  levels: [],
  tests: null,
  treeHash: null,
  resolver: null,
  summary: '',
  wallMs: 1000,
});

const namesOf = (upgrades: readonly { readonly name: string }[]): string =>
  upgrades
    .map(({ name }) => name)
    .sort()
    .join(' ');

interface Told {
  readonly kind: EventKind;
  readonly data: unknown;
}

/** A run whose trials answer as `answer` says; what was asked and told is kept. */
function stage(
  answer: (asked: Asked, pointless: AbortSignal) => Promise<Verdict | null>,
  before: Awaited<ReturnType<Trials['finished']>> = [],
) {
  const asked: Asked[] = [];
  const told: Told[] = [];
  const ends = { stopped: new AbortController(), deadline: new AbortController(), abandoned: new AbortController() };
  const any = AbortSignal.any(Object.values(ends).map(({ signal }) => signal));
  let running = 0;
  let runningMost = 0;
  const trials: Omit<Trials, 'known'> = {
    finished: () => Promise.resolve(before),
    async ask(question, pointless = new AbortController().signal) {
      asked.push(question);
      running += 1;
      runningMost = Math.max(runningMost, running);
      const verdict = await answer(question, pointless);
      running -= 1;
      return verdict === null ? null : { trial: `t${asked.length}`, result: resultOf(verdict) };
    },
  };
  const record = {
    run: newId<'run'>(),
    epoch: 1,
    emit: <Kind extends EventKind>(kind: Kind, data: EventData<Kind>) =>
      Promise.resolve(void told.push({ kind, data })),
    view: () => EMPTY_VIEW,
  };
  const signals = {
    stopped: ends.stopped.signal,
    deadline: ends.deadline.signal,
    abandoned: ends.abandoned.signal,
    any,
  };
  return {
    asked,
    told,
    ends,
    runningMost: () => runningMost,
    settled: (names: string, trialsAtOnce = 2, whileProving: (refused: Refused) => Promise<void> = nothing) =>
      settle({ record, signals, ports: { trialsAtOnce } }, { plan: planOf(names), trials, baseline, whileProving }),
  };
}

type Refused = Settlement['refused'];
const nothing = (): Promise<void> => Promise.resolve();

const soon = <Value>(value: Value): Promise<Value> => new Promise((resolve) => setImmediate(() => resolve(value)));

test('what is green all at once is proven in five fresh trees, and nothing else is asked', async () => {
  const { asked, settled } = stage(() => soon(GREEN));
  const { kept, refused, proof } = await settled('a b c');
  expect(namesOf(kept)).toBe('a b c');
  expect({ refused, proof }).toEqual({ refused: [], proof: GREEN });
  expect(asked.map(({ purpose, freshTrees }) => [purpose, freshTrees])).toEqual([
    ['all-at-once', undefined],
    ['final', 5],
  ]);
});

test('two trials run beside each other, but nothing beside everything at once and the proof', async () => {
  const beside: string[] = [];
  let open: string[] = [];
  const { settled, runningMost } = stage(async ({ purpose, upgrades }) => {
    open.push(purpose);
    beside.push([...open].sort().join('+'));
    await soon(null);
    open = open.filter((other) => other !== purpose);
    return upgrades.some(({ name }) => name === 'b') ? RED : GREEN;
  });
  const { kept, refused } = await settled('a b c d');
  expect(namesOf(kept)).toBe('a c d');
  expect(refused).toMatchObject([{ name: 'b', by: 'trial', verdict: RED }]);
  expect(runningMost()).toBe(2);
  expect(beside.filter((each) => /final|all-at-once/.test(each))).toEqual(['all-at-once', 'final']);
});

test('a trial that became pointless is told so, and the search goes on without its answer', async () => {
  let waits: string | undefined;
  let wasTold = false;
  const { settled, asked } = stage(async ({ purpose, upgrades }, pointless) => {
    if (purpose === 'all-at-once') return RED;
    if (purpose === 'final' || waits !== undefined) return soon(upgrades.length === 3 ? RED : GREEN);
    // The first set after it never answers by itself: only a larger green one can end it.
    waits = namesOf(upgrades);
    await new Promise((resolve) => pointless.addEventListener('abort', resolve, { once: true }));
    wasTold = true;
    return null;
  });
  const { kept } = await settled('a b c');
  expect(wasTold).toBe(true);
  expect(kept).toHaveLength(2);
  expect(asked.filter(({ upgrades }) => namesOf(upgrades) === waits)).toHaveLength(1);
});

test('a set that a limit ended is asked once more alone, and its second answer counts', async () => {
  let first = true;
  const { settled, asked } = stage(() => {
    const verdict = first ? TIMED_OUT : GREEN;
    first = false;
    return soon(verdict);
  });
  expect(namesOf((await settled('a b')).kept)).toBe('a b');
  expect(asked.map(({ purpose, alone }) => [purpose, alone])).toEqual([
    ['all-at-once', false],
    ['all-at-once', true],
    ['final', false],
  ]);
});

test('what hangs again is refused as timed out, not as broken', async () => {
  const { settled } = stage(({ upgrades }) => soon(upgrades.some(({ name }) => name === 'b') ? TIMED_OUT : GREEN));
  const { kept, refused } = await settled('a b');
  expect(namesOf(kept)).toBe('a');
  expect(refused).toMatchObject([{ name: 'b', verdict: TIMED_OUT }]);
});

test('a set that is red when it is proven is not kept, and what it refuses is called unproven', async () => {
  const { settled } = stage(({ purpose, upgrades }) =>
    soon(purpose === 'final' && upgrades.length === 2 ? RED : GREEN),
  );
  const { kept, refused } = await settled('a b');
  expect(kept).toEqual([]);
  expect(refused).toMatchObject([{ by: 'unproven' }, { by: 'unproven' }]);
});

test('a run that goes on asks nothing that the journal calls finished', async () => {
  const picks: readonly Pick[] = ['a', 'b'].map((name) => ({ name, to: '2.0.0' }));
  const answered: Answered = { trial: 't0', result: resultOf(GREEN) };
  const { settled, asked } = stage(() => soon(GREEN), [{ purpose: 'all-at-once', picks, answered }]);
  await settled('a b');
  expect(asked.map(({ purpose }) => purpose)).toEqual(['final']);
});

test('when the time is up what was green is kept, and what was never tried is told apart from what was refused', async () => {
  const { settled, ends } = stage(async ({ purpose }) => {
    if (purpose === 'all-at-once') return RED;
    ends.deadline.abort();
    return soon(null);
  });
  const { kept, refused, untried, proof } = await settled('a b c');
  expect({ kept, refused, proof }).toEqual({ kept: [], refused: [], proof: null });
  expect([...untried].sort()).toEqual(['a', 'b', 'c']);
});

test('a process that lets go of the run waits for its trials and concludes nothing', async () => {
  let over = false;
  const { settled, ends } = stage(async () => {
    ends.abandoned.abort();
    await soon(null);
    over = true;
    return null;
  });
  await expect(settled('a b')).rejects.toThrow(RunAbandoned);
  expect(over).toBe(true);
});

test('what is refused is looked into beside the proof, once, and waited for', async () => {
  const events: string[] = [];
  const { settled } = stage(async ({ purpose, upgrades }) => {
    if (purpose === 'final') events.push('proof begins');
    await soon(null);
    if (purpose === 'final') events.push('proof ends');
    return upgrades.some(({ name }) => name === 'b') ? RED : GREEN;
  });
  const { refused } = await settled('a b c', 2, async (about) => {
    events.push(`looks at ${about.map(({ name }) => name).join(' ')}`);
    for (let turn = 0; turn < 5; turn += 1) await soon(null);
    events.push('has looked');
  });
  expect(refused.map(({ name }) => name)).toEqual(['b']);
  expect(events).toEqual(['looks at b', 'proof begins', 'proof ends', 'has looked']);
});
