import { afterEach, expect, test, vi } from 'vitest';

import { fetchOrTake, readAhead } from './read-ahead.ts';

afterEach(() => vi.unstubAllGlobals());

test('an answer that was asked for ahead is taken once, and then asked for anew', async () => {
  let count = 0;
  const fetch = vi.fn(() => Promise.resolve(new Response(String((count += 1)))));
  vi.stubGlobal('fetch', fetch);
  readAhead('c 1');
  const url = '/api/chat?chatId=c%201';
  expect(await (await fetchOrTake(url, {})).text()).toBe('1');
  expect(fetch).toHaveBeenCalledOnce();
  expect(await (await fetchOrTake(url, {})).text()).toBe('2');
  expect(await (await fetchOrTake('/api/chat/list', {})).text()).toBe('3');
});

test('what failed ahead is tried again by who needs it, and a change is never taken for a question', async () => {
  const fetch = vi
    .fn<() => Promise<Response>>()
    .mockRejectedValueOnce(new TypeError('away'))
    .mockImplementation(() => Promise.resolve(new Response('here')));
  vi.stubGlobal('fetch', fetch);
  readAhead('c2');
  expect(await (await fetchOrTake('/api/chat?chatId=c2', {})).text()).toBe('here');
  readAhead('c3');
  await fetchOrTake('/api/chat?chatId=c3', { method: 'POST' });
  expect(fetch).toHaveBeenCalledTimes(4);
});
