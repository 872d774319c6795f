import { manualClock } from 'kernel/basics';
import type { TrialLog } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { serverAway } from '../requests/faults.ts';
import { readLog } from './log-reading.ts';
import {
  appendLog,
  EMPTY_LOG,
  matchesIn,
  matchesText,
  nextMatch,
  plainText,
  searchLog,
  type LogState,
} from './log-state.ts';

test('colours, titles and lines written over are taken out as a terminal would', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['\u001b[32m✓\u001b[0m green', '✓ green'],
    ['\u001b]0;title\u0007text', 'text'],
    ['10 %\r50 %\r100 %\ndone\r\n', '100 %\ndone\n'],
    ['\u001b[2K\u001b[1Gspinner\r', 'spinner'],
    ['plain [32m is text', 'plain [32m is text'],
  ];
  for (const [text, plain] of cases) expect(plainText(text)).toBe(plain);
});

test('a page that was asked for twice is taken once', () => {
  const page = (text: string, nextFrom: number): TrialLog => ({ text, nextFrom, complete: false });
  const once = appendLog(EMPTY_LOG, page('one\n', 4));
  expect(appendLog(once, page('', 4)).text).toBe('one\n');
  expect(appendLog(appendLog(once, page('two\n', 8)), page('one\n', 4)).text).toBe('one\ntwo\n');
});

test('a log without end keeps its last million characters, cut at a line', () => {
  let log = EMPTY_LOG;
  for (let page = 1; page <= 30; page += 1) {
    log = appendLog(log, { text: `${'x'.repeat(49_999)}\n`, nextFrom: page * 50_000, complete: false });
  }
  expect(log.cut).toBe(true);
  expect(log.text.length).toBeLessThanOrEqual(1_000_000);
  expect(log.text.startsWith('x'.repeat(49_999))).toBe(true);
});

test('a search finds every match in any case and puts the text together again', () => {
  const text = 'Error: a\nno error\nERROR';
  const pieces = searchLog(text, 'error');
  expect(matchesIn(pieces)).toBe(3);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(searchLog(text, '')).toEqual([{ text, match: null }]);
  expect(matchesIn(searchLog(text, 'nothing'))).toBe(0);
});

test('the matches are walked in a circle', () => {
  expect([nextMatch(2, 1, 3), nextMatch(0, -1, 3), nextMatch(0, 1, 0)]).toEqual([0, 2, 0]);
  expect([matchesText(0, 0), matchesText(1, 3)]).toEqual(['no match', '2 of 3']);
});

test('a log is read until it is complete, over a server that is away for a while', async () => {
  const clock = manualClock();
  const stop = new AbortController();
  const answers: readonly (TrialLog | Error)[] = [
    { text: 'a', nextFrom: 1, complete: false },
    { text: '', nextFrom: 1, complete: false },
    serverAway('gone'),
    { text: 'b', nextFrom: 2, complete: true },
    { text: '', nextFrom: 2, complete: true },
  ];
  const asked: number[] = [];
  const told: LogState[] = [];
  const reading = readLog({
    read: async (from) => {
      const answer = answers[asked.push(from) - 1];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('asked too often');
      return answer;
    },
    clock,
    signal: stop.signal,
    tell: (log) => told.push(log),
  });
  // More seconds than the four pauses it can need at most.
  for (let second = 0; second < 40; second += 1) await clock.advance(1000);
  await reading;
  expect(told.at(-1)).toMatchObject({ text: 'ab', complete: true });
  expect(asked).toEqual([0, 1, 1, 1, 2]);
});
