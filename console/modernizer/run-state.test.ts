import { Fault } from 'kernel/basics';
import { EMPTY_VIEW, foldEvents, type ModernizationView } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { RECORDED, upTo } from './recorded-run.ts';
import { levelLines } from './baseline-state.ts';
import { actionsOf, asListed, elapsedOf, endingOf, progressOf, runFaceOf } from './run-state.ts';
import { answeredText, longestMs, trialBar, upgradesText } from './trials-state.ts';
import { evidenceOf, firstChoice } from './decision-state.ts';

const at = (kind: Parameters<typeof upTo>[0]): ModernizationView => foldEvents(upTo(kind));
const listed = {
  id: 'r1',
  product: 'modernizer',
  title: 'shop',
  status: 'interrupted',
  reason: 'Its lease ran out.',
  source: 'built-in rules',
  costMicroUsd: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  completedAt: null,
  lastSeq: 9,
} as const;

test('a run whose process was killed is shown as interrupted, once its whole journal is read', () => {
  const view = at('progress');
  expect(asListed(view, listed)).toMatchObject({ status: 'interrupted', reason: 'Its lease ran out.' });
  expect(asListed(view, { ...listed, lastSeq: 10 }).status).toBe('running');
  expect(asListed(view, { ...listed, status: 'running' }).status).toBe('running');
  expect(asListed(foldEvents(RECORDED), { ...listed, lastSeq: RECORDED.length }).status).toBe('done');
});

test('what can be done with a run follows from how it stands', () => {
  expect(actionsOf(at('progress'))).toEqual({ stop: true, resume: false, report: false });
  expect(actionsOf({ ...at('progress'), status: 'interrupted' })).toEqual({ stop: false, resume: true, report: false });
  expect(actionsOf(foldEvents(RECORDED))).toEqual({ stop: false, resume: false, report: true });
  expect(actionsOf(EMPTY_VIEW).stop).toBe(true);
});

test('progress is an estimate while somebody works, and waits while a person is asked', () => {
  expect(progressOf(at('progress'))).toMatchObject({ trials: '1 of about 3 trials', remaining: 'about 40 s left' });
  expect(progressOf(at('decision-asked'))).toMatchObject({ remaining: 'waiting' });
  expect(progressOf(foldEvents(RECORDED))).toBeNull();
});

test('the time it took ends with the run', () => {
  expect(elapsedOf(EMPTY_VIEW, 0)).toBeNull();
  expect(elapsedOf(at('run-started'), Date.UTC(2026, 0, 1, 0, 2, 5))).toBe('2 min 5 s');
  expect(elapsedOf(foldEvents(RECORDED), Date.UTC(2027, 0, 1))).toBe(`${RECORDED.length - 1} s`);
});

test('a run ends with a branch, or with the reason why there is none and what next', () => {
  expect(endingOf(foldEvents(RECORDED))).toMatchObject({ kind: 'brought', deployment: { branch: 'tandem/r1' } });
  expect(endingOf(at('progress'))).toEqual({ kind: 'none' });
  const red: ModernizationView = {
    ...at('baseline-judged'),
    status: 'stopped',
    reason: 'The project is red as it is.',
    next: 'Mend the tests.',
    baseline: {
      kind: 'red',
      level: 2,
      flaky: [],
      verdict: { kind: 'broken', passed: 0, of: 3 },
      label: '3 tests fail.',
    },
  };
  expect(endingOf(red)).toEqual({
    kind: 'left-alone',
    reason: 'The project is red as it is.',
    why: '3 tests fail.',
    next: 'Mend the tests.',
  });
  expect(endingOf({ ...EMPTY_VIEW, status: 'done' })).toMatchObject({
    why: 'No upgrade was found that could be tried.',
  });
});

test('a run page is loading until the server was heard, and says why when it is refused', () => {
  const feed = { view: EMPTY_VIEW, tail: { kind: 'connecting', attempt: 0 }, heard: false, fault: null } as const;
  const fault = new Fault('X', { what: 'a', why: 'b', next: 'c', about: { kind: 'not-found' } });
  const signedOut = new Fault('X', { what: 'a', why: 'b', next: 'c', about: { kind: 'not-signed-in' } });
  expect(runFaceOf(feed).kind).toBe('loading');
  expect(runFaceOf({ ...feed, heard: true }).kind).toBe('ready');
  expect(runFaceOf({ ...feed, fault })).toEqual({ kind: 'failed', fault });
  expect(runFaceOf({ ...feed, heard: true, fault: signedOut }).kind).toBe('signed-out');
});

test('a level that was not tried is not vouched for by a higher one', () => {
  const [first] = foldEvents(RECORDED).trials;
  if (first === undefined) throw new Error('The recording has a baseline.');
  const result = { command: 'npm test', detail: '', wallMs: 1, tests: null, health: [] };
  const levels = [
    { ...result, level: 1, ok: true },
    { ...result, level: 4, ok: false },
  ] as const;
  const states = levelLines([{ ...first, levels }]).map((line) => line.state);
  expect(states).toEqual(['yes', 'not tried', 'not tried', 'no']);
});

test('a trial that was not run says by which other it is known, and bars compare the lengths', () => {
  const { trials } = foldEvents(RECORDED);
  const [first, second, third] = trials;
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('The recording has three trials.');
  expect(trials.map((trial) => answeredText(trial, trials))).toEqual([null, null, 'same tree as trial 1']);
  expect(trialBar(first, longestMs(trials), 0)).toEqual({ share: 1, text: '10 s' });
  expect(trialBar(second, longestMs(trials), 0)).toEqual({ share: 0.5, text: '5 s' });
  expect(upgradesText(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c and 2 more');
});

test('a question marks its default and links only to trials that are there', () => {
  const view = at('decision-asked');
  const [question] = view.decisions;
  if (question === undefined) throw new Error('The recording has a question.');
  expect(firstChoice(question)).toBe('yes');
  expect(firstChoice({ ...question, defaultOption: 'gone' })).toBe('yes');
  expect(evidenceOf(question, view)).toEqual([{ trial: 't3', text: 'Trial 3' }]);
});
