import { Fault, manualClock, seconds } from 'kernel/basics';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { shopStory, type Story } from '../../atomic/describe/story.samples.ts';
import { OpenRepositories } from './open-repositories.ts';
import { RepositoryThread } from './thread.ts';

let shop: Story;
beforeEach(() => {
  shop = shopStory();
});
afterEach(() => shop[Symbol.dispose]());

const codeOf = (thrown: unknown): string => (thrown instanceof Fault ? thrown.code : String(thrown));

test('a question that takes too long is given up, and the next one is answered', async () => {
  const clock = manualClock();
  const thread = new RepositoryThread(clock);
  const slow = thread.ask(shop.root, 'standing', {}).then(() => 'answered', codeOf);
  await clock.advance(seconds(45));
  expect(await slow).toBe('REPOSITORY_SLOW');
  expect(await thread.ask(shop.root, 'standing', {})).toMatchObject({ current: 'main' });
  await thread.close();
  expect(await thread.ask(shop.root, 'standing', {}).catch(codeOf)).toBe('REPOSITORIES_ENDED');
});

test('questions beyond what may wait are refused at once, and the others are answered', async () => {
  const thread = new RepositoryThread(manualClock());
  const asked = Array.from({ length: 70 }, () => thread.ask(shop.root, 'standing', {}).then(() => 'answered', codeOf));
  const answers = await Promise.all(asked);
  expect(answers.filter((each) => each === 'REPOSITORIES_BUSY')).toHaveLength(6);
  expect(answers.filter((each) => each === 'answered')).toHaveLength(64);
  await thread.close();
});

test('only the repositories that were asked for last stay open, and none for long', () => {
  let nowMs = 0;
  const open = new OpenRepositories(() => nowMs);
  const others = Array.from({ length: 4 }, () => shopStory());
  const first = open.at(shop.root);
  expect(open.at(shop.root)).toBe(first);
  for (const other of others) open.at(other.root);
  expect(open.count).toBe(4);
  nowMs = 1000;
  expect(open.at(shop.root)).not.toBe(first);
  open.closeIdle(1000);
  expect(open.count).toBe(1);
  open.close();
  for (const other of others) other[Symbol.dispose]();
});

test('a folder that was made anew is opened anew', () => {
  const open = new OpenRepositories(() => 0);
  using other = shopStory();
  const before = open.at(shop.root);
  shop.repository.close();
  shop.remove('.atomic');
  expect(() => open.at(shop.root)).toThrow(/no Atomic repository/);
  expect(open.at(other.root)).not.toBe(before);
  open.close();
});
