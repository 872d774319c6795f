import { expect, test } from 'vitest';

import { manualClock, newId } from '../basics/index.ts';
import type { Entry } from './book.ts';
import { BookingQueue } from './booking-queue.ts';

const NOTHING = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const begin = (): Entry => ({
  kind: 'begin',
  id: newId<'attempt'>(),
  attempt: {
    payer: { person: 'ada', product: 'chat', run: null, key: null },
    call: 'c',
    provider: 'openai',
    model: 'gpt-4o',
    leg: 'l',
    worstCase: NOTHING,
  },
});
const settle = (): Entry => ({
  kind: 'settle',
  id: newId<'attempt'>(),
  settlement: {
    outcome: 'ok',
    usage: NOTHING,
    isEstimated: false,
    firstTokenMs: null,
    tookMs: 1,
    error: null,
    verdict: null,
  },
});

function recorded(isAlone = true) {
  const clock = manualClock();
  const writes: Entry['kind'][][] = [];
  const write = async (entries: readonly Entry[]) => {
    writes.push(entries.map(({ kind }) => kind));
    return { answers: entries.map(({ id }) => ({ kind: 'begun' as const, attempt: id, heldMicroUsd: 0 as never })) };
  };
  return { clock, writes, queue: new BookingQueue({ clock, isAlone: () => isAlone, write }) };
}

const oneAfterAnother = async (queue: BookingQueue, calls: number): Promise<void> => {
  for (let call = 0; call < calls; call += 1) {
    await queue.urgent(begin());
    void queue.told(settle());
  }
};

test('calls one after another wait for their own line only; what they cost is written together a moment later', async () => {
  const { clock, queue, writes } = recorded();
  await oneAfterAnother(queue, 3);
  expect(writes).toEqual([['begin'], ['begin'], ['begin']]);
  await clock.advance(20);
  await queue.emptied();
  expect(writes.slice(3)).toEqual([['settle', 'settle', 'settle']]);
});

test('what was told is written within a moment, also where calls go on all the time', async () => {
  const { clock, queue, writes } = recorded();
  for (let moment = 0; moment < 3; moment += 1) {
    await oneAfterAnother(queue, 2);
    await clock.advance(20);
  }
  await oneAfterAnother(queue, 1);
  expect(writes.filter((kinds) => kinds.includes('settle')).length).toBeGreaterThanOrEqual(3);
});

test('who wants to read has everything written first, without a wait', async () => {
  const { queue, writes } = recorded();
  await oneAfterAnother(queue, 2);
  await queue.written();
  expect(writes.at(-1)).toEqual(['settle', 'settle']);
});

test('of callers at once the line of one is written together with what others have cost', async () => {
  const { queue, writes } = recorded(false);
  await oneAfterAnother(queue, 2);
  void queue.told(settle());
  await queue.urgent(begin());
  expect(writes.at(-1)).toEqual(['settle', 'settle', 'settle', 'begin']);
});
