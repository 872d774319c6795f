import fc from 'fast-check';
import { expect, test } from 'vitest';

import { BoundedQueue } from './bounded-queue.ts';

async function drained<T>(queue: BoundedQueue<T>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const item of queue) items.push(item);
  return items;
}

test('a reader gets what was pushed, in order, and ends when the queue is closed', async () => {
  const queue = new BoundedQueue<number>(10);
  for (const item of [1, 2, 3]) queue.push(item);
  queue.close();
  expect(await drained(queue)).toEqual([1, 2, 3]);
  expect([queue.length, queue.dropped]).toEqual([0, 0]);
});

test('a full queue loses the oldest items, and tells how many', async () => {
  const queue = new BoundedQueue<number>(2);
  for (const item of [1, 2, 3, 4, 5]) queue.push(item);
  expect([queue.length, queue.dropped]).toEqual([2, 3]);
  queue.close();
  expect(await drained(queue)).toEqual([4, 5]);
});

test('a reader that waits is woken by a push, again and again, and by the end', async () => {
  const queue = new BoundedQueue<string>(2);
  const reader = queue[Symbol.asyncIterator]();
  for (const item of ['a', 'b', 'c']) {
    const next = reader.next();
    queue.push(item);
    expect(await next).toEqual({ value: item, done: false });
  }
  const last = reader.next();
  queue.close();
  expect(await last).toEqual({ value: undefined, done: true });
});

test('a closed queue takes nothing more, and closing twice is no fault', async () => {
  const queue = new BoundedQueue<number>(2);
  queue.push(1);
  queue.close();
  queue.push(2);
  queue.close();
  expect(await drained(queue)).toEqual([1]);
});

test('a queue holds at least one item', () => {
  for (const itemsMax of [0, -1, 1.5, Number.NaN, Infinity])
    expect(() => new BoundedQueue(itemsMax)).toThrow(RangeError);
});

test('whatever is pushed and whatever the bound, the newest items are kept in order and the rest are counted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer(), { maxLength: 50 }), fc.integer({ min: 1, max: 20 }), async (items, max) => {
      const queue = new BoundedQueue<number>(max);
      for (const item of items) {
        queue.push(item);
        expect(queue.length).toBeLessThanOrEqual(max);
      }
      queue.close();
      expect(queue.dropped).toBe(Math.max(0, items.length - max));
      expect(await drained(queue)).toEqual(items.slice(-max));
    }),
  );
});
