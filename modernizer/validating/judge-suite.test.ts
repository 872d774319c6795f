import fc from 'fast-check';
import { expect, test } from 'vitest';

import { judgeBaseline, judgeTrial, redRunsOf, type SuiteRun } from './judge-suite.ts';

const run = (...failing: string[]): SuiteRun => ({
  green: failing.length === 0,
  tests: { passed: 10 - failing.length, failed: failing.length, skipped: 0, failing, runner: 'mocha' },
});
const unnamed = (green: boolean): SuiteRun => ({
  green,
  tests: { passed: green ? 1 : 0, failed: green ? 0 : 1, skipped: 0, failing: [], runner: 'exit-code' },
});
const steady = { wavering: new Set<string>(), flaky: false };
const wavers = (...names: string[]) => ({ wavering: new Set(names), flaky: true });

test('three green runs make a green baseline, three red ones a red one', () => {
  expect(judgeBaseline([run(), run()])).toEqual({ kind: 'run-again' });
  expect(judgeBaseline([run(), run(), run()])).toMatchObject({ baseline: 'green', verdict: { passed: 3, of: 3 } });
  expect(judgeBaseline([run('a'), run('a'), run('a', 'b')])).toMatchObject({ baseline: 'red', failing: ['a'] });
});

test('a test that fails now and then is found by name', () => {
  expect(judgeBaseline([run(), run('a'), run()])).toEqual({ kind: 'run-again' });
  const judged = judgeBaseline([run(), run('a'), run(), run(), run('b'), run()]);
  expect(judged).toMatchObject({
    baseline: 'flaky',
    wavering: ['a', 'b'],
    verdict: { kind: 'flaky', passed: 4, of: 6 },
  });
});

test('a suite that fails in another test each time is looked at longer before it is called red', () => {
  expect(judgeBaseline([run('a'), run('b'), run('c')])).toEqual({ kind: 'run-again' });
});

test('red runs of other trials in which the same test failed count, and one run at least is never taken on trust', () => {
  const known = {
    ...steady,
    redBefore: new Map([
      ['a', 5],
      ['c', 2],
    ]),
  };
  expect(judgeTrial([run('a')], 1, known)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([run('a'), run('a')], 1, known)).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 2 } });
  expect(judgeTrial([run('c'), run('c')], 1, known)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([run('c'), run('c'), run('c')], 1, known)).toMatchObject({ verdict: { kind: 'broken', of: 3 } });
  expect(judgeTrial([run('b'), run('b')], 1, known)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([run('a'), run()], 1, known)).toEqual({ kind: 'run-again' });
});

test('a hook that fails is the same hook under every release of its runner', () => {
  const hook = 'Strategy "before all" hook';
  const counted = redRunsOf([{ verdict: { kind: 'broken', passed: 0, of: 5 }, tests: run(hook).tests }]);
  const newer = run(`${hook} for "verifies it"`);
  expect(judgeTrial([newer, newer], 1, { ...steady, redBefore: counted })).toMatchObject({ verdict: { of: 2 } });
});

test('red runs are counted of tests that never wavered, and not where many failed', () => {
  const broken = { kind: 'broken', passed: 0, of: 2 } as const;
  const counts = redRunsOf([
    { verdict: broken, tests: run('a').tests },
    { verdict: { ...broken, of: 3 }, tests: run('a', 'b').tests },
    { verdict: broken, tests: run('a', 'c', 'd').tests },
    { verdict: { ...broken, passed: 1 }, tests: run('e').tests },
    { verdict: { kind: 'flaky', passed: 2, of: 3 }, tests: run('b').tests, quarantined: ['b'] },
  ]);
  expect([...counts]).toEqual([['a', 5]]);
});

test('what only steers the search is red by one run in which many fail, by two in which few do', () => {
  const hint = { ...steady, isHint: true };
  expect(judgeTrial([run('a', 'b', 'c')], 1, hint)).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 1 } });
  expect(judgeTrial([run('a')], 1, hint)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([run('a'), run('a')], 1, hint)).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 2 } });
  expect(judgeTrial([run('a'), run()], 1, hint)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([run('a'), run(), run()], 1, hint)).toMatchObject({ verdict: { kind: 'flaky' } });
  const known = { ...hint, redBefore: new Map([['a', 5]]) };
  expect(judgeTrial([run('a')], 1, known)).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 1 } });
});

test('a run that was ended early counts as red, and its names are not held against those of a whole one', () => {
  const cut = { ...run('x', 'y', 'z'), isCut: true };
  expect(judgeTrial([cut], 1, steady)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([cut, cut], 1, steady)).toMatchObject({ verdict: { kind: 'broken', of: 2 } });
  expect(judgeTrial([run('s x', 's y', 's z'), cut], 1, steady)).toMatchObject({
    verdict: { kind: 'broken', passed: 0, of: 2 },
    failing: ['s x', 's y', 's z'],
  });
  expect(judgeTrial([cut, run()], 1, steady)).toEqual({ kind: 'run-again' });
  expect(judgeTrial([cut], 1, { ...steady, isHint: true })).toMatchObject({ verdict: { kind: 'broken', of: 1 } });
});

test('without names the exit codes decide', () => {
  expect(judgeBaseline([unnamed(true), unnamed(false), unnamed(true)])).toEqual({ kind: 'run-again' });
  expect(judgeTrial([unnamed(false), unnamed(false)], 1, steady)).toMatchObject({ verdict: { kind: 'broken' } });
});

test('an upgrade is green after as many green runs as were asked for', () => {
  expect(judgeTrial([run()], 1, steady)).toMatchObject({ verdict: { kind: 'green', passed: 1, of: 1 } });
  expect(judgeTrial([run()], 3, steady)).toEqual({ kind: 'run-again' });
});

test('many tests that fail twice are a refusal; a single one is run up to five times', () => {
  expect(judgeTrial([run('a', 'b', 'c'), run('a', 'b', 'c')], 1, steady)).toMatchObject({
    verdict: { kind: 'broken', passed: 0, of: 2 },
    failing: ['a', 'b', 'c'],
  });
  expect(judgeTrial([run('a'), run('a')], 1, steady)).toEqual({ kind: 'run-again' });
  expect(
    judgeTrial(
      Array.from({ length: 5 }, () => run('a')),
      1,
      steady,
    ),
  ).toMatchObject({ verdict: { kind: 'broken' } });
  expect(judgeTrial([run('a'), run(), run('a'), run()], 1, steady)).toMatchObject({
    verdict: { kind: 'flaky', passed: 2, of: 4 },
  });
  const seldom = [run('a'), run(), run('a'), run('a'), run('a'), run('a'), run('a')];
  expect(judgeTrial(seldom, 1, steady)).toMatchObject({ verdict: { kind: 'broken', passed: 1, of: 7 } });
});

test('a failure in nothing but tests that waver without the upgrade is no refusal', () => {
  expect(judgeTrial([run('a')], 1, wavers('a', 'b'))).toMatchObject({ verdict: { kind: 'flaky', passed: 0, of: 1 } });
});

test('a test that never wavered and fails five times is a refusal even where others waver', () => {
  const runs = [run('a', 'new'), run('new'), run('new'), run('a', 'new'), run('new')];
  expect(judgeTrial(runs.slice(0, 4), 1, wavers('a'))).toEqual({ kind: 'run-again' });
  expect(judgeTrial(runs, 1, wavers('a'))).toMatchObject({ verdict: { kind: 'broken' }, failing: ['new'] });
});

test('every sequence of runs comes to a verdict within seven', () => {
  const anyRun = fc.subarray(['a', 'b', 'c', 'd']).map((failing) => run(...failing));
  fc.assert(
    fc.property(
      fc.array(anyRun, { minLength: 7, maxLength: 7 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 3 }),
      (runs, flaky, wanted) => {
        const steadiness = flaky ? wavers('a', 'b') : steady;
        const judged = runs.some(
          (_, index) => judgeTrial(runs.slice(0, index + 1), wanted, steadiness).kind === 'judged',
        );
        expect(judged).toBe(true);
      },
    ),
  );
});

test('a test that wavers once in three runs is refused in less than one trial of a hundred', () => {
  let refusals = 0;
  let seed = 7;
  const random = (): number => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let trial = 0; trial < 5000; trial += 1) {
    const runs: SuiteRun[] = [];
    const steadiness = trial % 2 === 0 ? steady : wavers();
    let verdict = judgeTrial(runs, 1, steadiness);
    while (runs.length === 0 || verdict.kind === 'run-again') {
      runs.push(random() < 1 / 3 ? run('sometimes') : run());
      verdict = judgeTrial(runs, 1, steadiness);
    }
    if (verdict.verdict.kind === 'broken') refusals += 1;
  }
  expect(refusals / 5000).toBeLessThan(0.01);
});
