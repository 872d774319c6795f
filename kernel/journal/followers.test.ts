import { expect, test } from 'vitest';

import { newId } from '../basics/index.ts';
import { Followers, type RunState } from './followers.ts';

const NEVER = new AbortController().signal;

test('what one reader has found in the tables is still told to another who waits', async () => {
  const changes: ((from: 'here' | 'elsewhere') => void)[] = [];
  const store = { onChange: (told: (from: 'here' | 'elsewhere') => void) => (changes.push(told), { stop() {} }) };
  const run = newId<'run'>();
  const state: RunState = { lastSeq: 6, status: 'running' };
  const followers = new Followers(store, async () => new Map([[run, state]]));
  const waiting = followers.follow(run, NEVER);
  waiting.saw({ lastSeq: 5, status: 'running' });
  const quick = followers.follow(run, NEVER);
  // Another process wrote the sixth, and the second reader looked before anybody was told of it.
  quick.saw(state);
  for (const told of changes) told('elsewhere');
  await waiting.rung();
  expect(waiting.take()).toEqual({ events: [], isWhole: false });
  expect(quick.take()).toEqual({ events: [], isWhole: true });
});
