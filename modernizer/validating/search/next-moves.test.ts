import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Risk, Verdict } from '../../protocol/index.ts';
import { judgeTrial, redRunsOf, type JudgedBefore, type SuiteRun } from '../judge-suite.ts';
import { nextMove, nextMoves, settledNow, type Settled } from './next-moves.ts';
import { isDecided, isPointless, sameSet, type Candidate, type Move, type Pick, type Seen } from './seen.ts';

const green: Verdict = { kind: 'green', passed: 1, of: 1 };
const red: Verdict = { kind: 'broken', passed: 0, of: 2 };
const cost = { greenMs: 2000, redMs: 3000 };

interface Wish {
  readonly name: string;
  readonly older?: readonly string[];
  readonly partners?: readonly string[];
  readonly risk?: Risk;
}

const candidate = ({ name, older = [], partners = [], risk = 'medium' }: Wish): Candidate => ({
  name,
  to: '2.0.0',
  older,
  risk,
  installed: false,
  partners,
});

const called = (names: string): readonly Candidate[] => names.split(' ').map((name) => candidate({ name }));

type Truth = (taken: ReadonlyMap<string, string>, purpose: Move['purpose']) => boolean;

interface Played extends Settled {
  readonly seen: readonly Seen[];
  readonly names: string;
}

/** Plays the search against a truth, one trial at a time. */
function play(candidates: readonly Candidate[], isGreen: Truth): Played {
  const seen: Seen[] = [];
  for (let step = 0; step < 300; step += 1) {
    const decision = nextMove({ candidates, seen, cost });
    if (decision.kind === 'settled') return { ...decision, seen, names: namesOf(decision.kept) };
    seen.push(seenOf(decision.move, seen, isGreen));
  }
  throw new Error('The search does not end.');
}

function seenOf({ purpose, picks }: Move, seen: readonly Seen[], isGreen: Truth): Seen {
  const before = seen.some((trial) => trial.purpose === purpose && sameSet(trial.picks, picks) && isDecided(trial));
  expect(before, 'no set is tried twice').toBe(false);
  const truth = isGreen(new Map(picks.map(({ name, to }) => [name, to])), purpose);
  return { purpose, picks, verdict: truth ? green : red, blamed: [] };
}

const namesOf = (picks: readonly Pick[]): string =>
  picks
    .map(({ name }) => name)
    .sort()
    .join(' ');

test('when everything is green at once, it is only proven once more', () => {
  const { names, seen } = play(called('a b c'), () => true);
  expect(names).toBe('a b c');
  expect(seen.map(({ purpose }) => purpose)).toEqual(['all-at-once', 'final']);
});

test('one that breaks is refused by a trial on top of all that is kept', () => {
  const { names, refused, seen } = play(called('a b c d e f g h'), (taken) => !taken.has('b'));
  expect(names).toBe('a c d e f g h');
  expect(refused.map(({ name, by }) => [name, by])).toEqual([['b', 'trial']]);
  expect(refused[0]?.seen?.picks.length).toBe(8);
  expect(seen.length).toBeLessThanOrEqual(2 + 9);
});

test('what only a hint says is red is tried in earnest before anything is refused, and may be green then', () => {
  const candidates = called('a b');
  const pick = (name: string): Pick => ({ name, to: '2.0.0' });
  const hint: Seen = {
    purpose: 'all-at-once',
    picks: [pick('a'), pick('b')],
    verdict: { kind: 'broken', passed: 0, of: 1 },
    blamed: [],
    isHint: true,
  };
  const seen = [hint, { purpose: 'one-more' as const, picks: [pick('a')], verdict: green, blamed: [] }];
  const decision = nextMove({ candidates, seen, cost });
  expect(decision).toMatchObject({ kind: 'try', move: { purpose: 'one-more', picks: [pick('a'), pick('b')] } });
  const both = { purpose: 'one-more' as const, picks: [pick('a'), pick('b')], blamed: [] };
  expect(nextMove({ candidates, seen: [...seen, { ...both, verdict: green }], cost })).toMatchObject({
    kind: 'try',
    move: { purpose: 'final', picks: [pick('a'), pick('b')] },
  });
  const refused = settledNow({ candidates, seen: [...seen, { ...both, verdict: red }], cost }).refused;
  expect(refused.map(({ name, seen: trial }) => [name, trial?.purpose])).toEqual([['b', 'one-more']]);
});

test('of several older versions that are green the newest is kept, whichever was found first', () => {
  const older = ['1.1.0', '1.2.0', '1.10.0', '1.11.0'];
  const { kept } = play([candidate({ name: 'a' }), candidate({ name: 'b', older })], (taken) =>
    ['1.1.0', '1.2.0', '1.10.0', undefined].includes(taken.get('b')),
  );
  expect(kept).toEqual([
    { name: 'a', to: '2.0.0' },
    { name: 'b', to: '1.10.0' },
  ]);
});

test('a single upgrade that breaks needs a single trial', () => {
  expect(play(called('a'), () => false).seen.length).toBe(1);
});

test('five that are green only together are found, although each of them is red alone and others break', () => {
  const family = ['core', 'cli', 'env', 'register', 'istanbul'];
  const linked = (name: string, partners: readonly string[]): Candidate => candidate({ name, partners });
  const candidates = [
    ...called('chalk yargs mocha'),
    candidate({ name: 'glob', risk: 'high' }),
    candidate({ name: 'chai', risk: 'high' }),
    linked('core', ['cli', 'env', 'register']),
    linked('cli', ['core']),
    linked('env', ['core']),
    linked('register', ['core']),
    ...called('istanbul nyc'),
  ];
  const { names } = play(candidates, (taken) => {
    const babel = family.filter((name) => taken.has(name) && name !== 'istanbul').length;
    return !taken.has('glob') && !taken.has('chai') && (babel === 0 || (babel === 4 && taken.has('istanbul')));
  });
  expect(names).toBe('chalk cli core env istanbul mocha nyc register yargs');
});

test('what was red only because its partner was missing is kept once the partner is', () => {
  const { names } = play(called('a b c d'), (taken) => !taken.has('d') && (!taken.has('a') || taken.has('c')));
  expect(names).toBe('a b c');
});

test('the side of a conflict with more upgrades is kept', () => {
  const { names } = play(called('x a b c'), (taken) => !taken.has('x') || taken.size === 1);
  expect(names).toBe('a b c');
});

test('a refused upgrade is taken at the newest older version that is green', () => {
  const candidates = [
    ...called('a'),
    candidate({ name: 'glob', older: ['1.4.0', '1.5.0', '1.6.0', '1.7.0', '1.8.0'] }),
  ];
  const { kept, refused } = play(candidates, (taken) => (taken.get('glob') ?? '1') <= '1.6.0');
  expect(kept).toEqual([
    { name: 'a', to: '2.0.0' },
    { name: 'glob', to: '1.6.0' },
  ]);
  expect(refused).toMatchObject([{ name: 'glob', to: '2.0.0', by: 'trial' }]);
});

test('several older versions are proven together before they are kept together', () => {
  const candidates = ['a', 'b'].map((name) => candidate({ name, older: ['1.5.0'] }));
  const { kept, seen } = play(candidates, (taken) => [...taken.values()].every((to) => to === '1.5.0'));
  expect(kept.map(({ to }) => to)).toEqual(['1.5.0', '1.5.0']);
  expect(seen.some(({ purpose, picks }) => purpose === 'older' && picks.length === 2)).toBe(true);
});

test('what is red when it is installed afresh is not kept, and the next largest set is proven in its place', () => {
  const { kept, refused } = play(called('a b c'), (taken, purpose) => purpose !== 'final' || taken.size < 3);
  expect(kept.length).toBeLessThan(3);
  expect(refused.some(({ by }) => by === 'unproven')).toBe(true);
});

test('two trials at once end in the same choice as one after the other', () => {
  const truth: Truth = (taken) => !taken.has('b') && !(taken.has('d') && taken.has('f'));
  const candidates = called('a b c d e f g h');
  const seen: Seen[] = [];
  const running: Move[] = [];
  for (let step = 0; step < 200; step += 1) {
    const decision = nextMoves({ candidates, seen, cost }, running, 2 - running.length);
    if (decision.kind === 'settled') {
      expect(decision.kept.length).toBe(play(candidates, truth).kept.length);
      return;
    }
    running.push(...decision.moves);
    expect(running.length).toBeGreaterThan(0);
    // The one that began last ends first.
    const ended = running.pop();
    if (ended !== undefined) seen.push(seenOf(ended, seen, truth));
  }
  throw new Error('The search does not end.');
});

test('a search that is cut short keeps the largest set that was green', () => {
  const candidates = called('a b c d e f');
  const seen: Seen[] = [];
  const truth: Truth = (taken) => !taken.has('b');
  while (!seen.some(({ verdict }) => verdict.kind === 'green')) {
    const decision = nextMove({ candidates, seen, cost });
    if (decision.kind === 'settled') break;
    seen.push(seenOf(decision.move, seen, truth));
  }
  const { kept, refused } = settledNow({ candidates, seen, cost });
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length + refused.length).toBe(6);
});

test('a search of two hundred upgrades with three that break decides quickly and finds them', () => {
  const candidates = Array.from({ length: 200 }, (_, place) => candidate({ name: `u${place}`, risk: 'low' }));
  const { kept, seen } = play(candidates, (taken) => !['u7', 'u90', 'u91'].some((name) => taken.has(name)));
  expect(kept.length).toBe(197);
  expect(seen.length).toBeLessThan(3 * 3 * Math.log2(200));
});

test('whatever breaks with whatever, the kept set is proven and nothing refused could be added to it', () => {
  const places = fc.integer({ min: 0, max: 5 });
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.uniqueArray(places, { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
      fc.array(fc.tuple(places, places), { maxLength: 2 }),
      (count, conflicts, needs) => {
        const candidates = called([...Array(count).keys()].map((place) => `u${place}`).join(' '));
        const isGreen: Truth = (taken) =>
          !conflicts.some((together) => together.every((place) => taken.has(`u${place}`))) &&
          !needs.some(([one, other]) => taken.has(`u${one}`) && !taken.has(`u${other}`));
        const { kept, refused } = play(candidates, isGreen);
        const taken = new Map(kept.map(({ name, to }) => [name, to]));
        expect(isGreen(taken, 'final')).toBe(true);
        expect(kept.length + refused.length).toBe(count);
        for (const { name, seen } of refused) {
          expect(isGreen(new Map([...taken, [name, '2.0.0']]), 'one-more')).toBe(false);
          expect(seen).not.toBeNull();
        }
      },
    ),
    { numRuns: 60 },
  );
});

const timedOut: Verdict = { kind: 'timed-out', passed: 0, of: 1 };
const A = { name: 'a', to: '2.0.0' };
const B = { name: 'b', to: '2.0.0' };
const C = { name: 'c', to: '2.0.0' };
const was = (picks: readonly Pick[], verdict: Verdict, purpose: Seen['purpose'] = 'part'): Seen => ({
  purpose,
  picks,
  verdict,
  blamed: [],
});

test('a set that a limit ended is tried once more with nothing beside it, before anything is concluded', () => {
  const candidates = called('a b c');
  const seen = [was([A, B, C], timedOut, 'all-at-once')];
  const decision = nextMove({ candidates, seen, cost });
  expect(decision).toMatchObject({ kind: 'try', move: { purpose: 'all-at-once', alone: true } });
  const running = { purpose: 'part', picks: [A], expected: null } as const;
  expect(nextMoves({ candidates, seen, cost }, [running], 1)).toEqual({ kind: 'try', moves: [] });
  expect(nextMoves({ candidates, seen, cost }, [], 2)).toMatchObject({ kind: 'try', moves: [{ alone: true }] });
});

test('what the second try says counts, and only that', () => {
  const candidates = called('a b');
  const seen = [was([A, B], timedOut, 'all-at-once'), was([A, B], green, 'all-at-once')];
  expect(nextMove({ candidates, seen, cost })).toMatchObject({ move: { purpose: 'final', picks: [A, B] } });
});

test('what hangs twice is not kept, orders the search, and is told as what it is', () => {
  const hangs: Truth = (taken) => !taken.has('b');
  const seen: Seen[] = [];
  for (let step = 0; step < 50; step += 1) {
    const decision = nextMove({ candidates: called('a b c d'), seen, cost });
    if (decision.kind === 'settled') {
      expect(namesOf(decision.kept)).toBe('a c d');
      expect(decision.refused).toMatchObject([{ name: 'b', by: 'trial', seen: { verdict: { kind: 'timed-out' } } }]);
      expect(seen.length).toBeLessThan(12);
      return;
    }
    const trial = seenOf(decision.move, seen, hangs);
    seen.push(trial.verdict.kind === 'green' ? trial : { ...trial, verdict: timedOut });
  }
  throw new Error('The search does not end.');
});

test('a set is not tried again for a hang that another set has shown twice', () => {
  const seen = [was([A, B], timedOut), was([A, B], timedOut), was([A], green), was([B, C], timedOut)];
  const decision = nextMove({ candidates: called('a b c'), seen: [was([A, B, C], red), ...seen], cost });
  expect(decision).not.toMatchObject({ move: { alone: true } });
  const others = [...seen.slice(0, 3), was([C], timedOut)];
  expect(nextMove({ candidates: called('a b c'), seen: [was([A, B, C], red), ...others], cost })).toMatchObject({
    move: { picks: [C], alone: true },
  });
});

test('a refusal is told by a trial that ran to its end rather than by one that a limit ended', () => {
  const seen = [was([A, B], red, 'all-at-once'), was([A], green), was([B], timedOut), was([B], timedOut)];
  expect(settledNow({ candidates: called('a b'), seen, cost }).refused).toMatchObject([
    { name: 'b', seen: { verdict: { kind: 'broken' } } },
  ]);
});

test('a trial whose set is green in a larger one is pointless, unless that one was refuted or it is the proof', () => {
  const move = (picks: readonly Pick[], purpose: Move['purpose'] = 'part'): Move => ({
    purpose,
    picks,
    expected: null,
  });
  const seen = [was([A, B], green)];
  expect(isPointless(move([A]), seen)).toBe(true);
  expect(isPointless(move([A, B]), seen)).toBe(true);
  expect(isPointless(move([A, C]), seen)).toBe(false);
  expect(isPointless(move([{ ...A, to: '1.5.0' }]), seen)).toBe(false);
  expect(isPointless(move([A], 'final'), seen)).toBe(false);
  expect(isPointless(move([A]), [...seen, was([A, B], red, 'final')])).toBe(false);
});

test('a test that wavers once in three runs refuses fewer than one upgrade of a hundred in whole searches', () => {
  let seed = 11;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  const run = (): SuiteRun => {
    const failing = random() < 1 / 3 ? ['sometimes'] : [];
    const tests = { passed: 10, failed: failing.length, skipped: 0, failing, runner: 'mocha' };
    return { green: failing.length === 0, tests };
  };
  const candidates = called('a b c d e f');
  let refusals = 0;
  for (let search = 0; search < 300; search += 1) {
    const answers: (JudgedBefore & { readonly seen: Seen })[] = [];
    for (;;) {
      const decision = nextMove({ candidates, seen: answers.map(({ seen }) => seen), cost });
      if (decision.kind === 'settled') {
        refusals += decision.refused.length;
        break;
      }
      const { purpose, picks } = decision.move;
      const isHint = (purpose === 'all-at-once' || purpose === 'part' || purpose === 'older') && picks.length > 1;
      // The baseline did not see it waver: that is the hardest case, and three runs of ten are so.
      const steadiness = { wavering: new Set<string>(), flaky: false, redBefore: redRunsOf(answers), isHint };
      const runs: SuiteRun[] = [run()];
      const wanted = purpose === 'final' ? 5 : 2;
      let judged = judgeTrial(runs, wanted, steadiness);
      while (judged.kind === 'run-again') {
        runs.push(run());
        judged = judgeTrial(runs, wanted, steadiness);
      }
      const { verdict } = judged;
      const tests = runs.at(verdict.kind === 'broken' ? 0 : -1)?.tests ?? null;
      const soft = isHint && verdict.kind === 'broken' ? { isHint } : {};
      const quarantined = verdict.kind === 'flaky' ? ['sometimes'] : [];
      answers.push({ verdict, tests, quarantined, seen: { purpose, picks, verdict, blamed: [], ...soft } });
    }
  }
  expect(refusals / (300 * candidates.length)).toBeLessThan(0.01);
});
