import { systemClock, type Clock } from 'kernel/basics';
import { afterEach, expect, test } from 'vitest';

import { CHAT_EVENT_NAMES, createEvents } from '../events/index.ts';
import { createChatApi, createRequests, memoryKeeping, type Keeping, type Wake } from '../requests/index.ts';
import { startChatServer, type ChatServer } from '../requests/fixtures/chat-server.ts';
import { createThread, type Thread } from './create-thread.ts';
import { PendingTable } from './pending.ts';
import type { Frames } from './token-buffer.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Waits pass at once; what guards against silence and long requests stays as it is. */
const hasty: Clock = {
  ...systemClock,
  now: systemClock.now,
  sleep: (delayMs, signal) =>
    delayMs < 20_000 ? new Promise((resolve) => void setImmediate(resolve)) : systemClock.sleep(delayMs, signal),
};

async function open(before: Parameters<typeof startChatServer>[0] = {}): Promise<ChatServer> {
  const server = await startChatServer(before);
  endings.push(() => server.close());
  return server;
}

interface Tab {
  readonly thread: Thread;
  readonly told: string[];
  texts(): readonly string[];
  until(condition: () => boolean): Promise<void>;
}

function tab(
  server: ChatServer,
  keeping: Keeping = memoryKeeping(),
  more: { target?: string; wake?: Wake; frames?: Frames } = {},
): Tab {
  const requests = createRequests({ baseUrl: server.base, clock: hasty });
  const events = createEvents();
  const told: string[] = [];
  for (const name of CHAT_EVENT_NAMES) events.on(name, () => told.push(name));
  const { target = 'c1', ...rest } = more;
  const frames = (callback: () => void): (() => void) => {
    const handle = setImmediate(callback);
    return () => clearImmediate(handle);
  };
  const api = createChatApi(requests, events);
  const thread = createThread({ requests, api, events, target, keeping, frames, random: () => 0, ...rest });
  endings.push(() => thread.close());
  return {
    thread,
    told,
    texts: () => thread.store.getState().ids.map((id) => thread.message(id)?.content ?? '?'),
    until: async (condition) => {
      for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await new Promise(setImmediate);
      expect(condition(), 'It came to that.').toBe(true);
    },
  };
}

const isQuiet =
  ({ thread }: Tab) =>
  (): boolean => {
    const { answering, ids } = thread.store.getState();
    return answering === null && ids.every((id) => thread.message(id)?.delivery === 'sent');
  };

test('what is sent is shown at once, and its answer word by word', async () => {
  const server = await open();
  server.room('c1');
  server.hold = true;
  const here = tab(server);
  await here.thread.load();
  await here.thread.send('Hello');
  expect(here.texts()).toEqual(['Hello']);
  await here.until(() => here.thread.store.getState().answering !== null);
  const runId = here.thread.store.getState().answering?.runId ?? '';
  server.say(runId, 'Good ');
  await here.until(() => here.texts()[1] === 'Good ');
  server.say(runId, 'day');
  server.finish(runId);
  await here.until(isQuiet(here));
  expect(here.texts()).toEqual(['Hello', 'Good day']);
  expect(here.told.filter((name) => name.startsWith('message:') || name === 'chat:typing')).toEqual([
    'message:sent',
    'chat:typing',
    'message:received',
    'chat:typing',
  ]);
  expect(here.thread.store.getState().announcement).toBe('Answer complete, 2 words');
});

test('only those who watch a message hear of it, and the list does not change while words come', async () => {
  const server = await open({ messages: 4 });
  server.room('c1');
  const here = tab(server);
  await here.thread.load();
  const [first = ''] = here.thread.store.getState().ids;
  let heard = 0;
  let lists = 0;
  here.thread.watchMessage(first, () => (heard += 1));
  await here.thread.send('Hello');
  await here.until(isQuiet(here));
  here.thread.store.subscribe((now, was) => (now.ids === was.ids ? undefined : (lists += 1)));
  server.answerWith = () => Array.from({ length: 200 }, (_, index) => `${index} `);
  await here.thread.send('Count');
  await here.until(isQuiet(here));
  expect(heard).toBe(0);
  expect(lists).toBeLessThanOrEqual(4);
});

test('a reload in mid-answer misses and doubles nothing', async () => {
  const server = await open();
  server.room('c1');
  server.hold = true;
  const keeping = memoryKeeping();
  const before = tab(server, keeping);
  await before.thread.load();
  await before.thread.send('Hello');
  await before.until(() => before.thread.store.getState().answering !== null);
  const runId = before.thread.store.getState().answering?.runId ?? '';
  server.say(runId, 'one ');
  before.thread.close();
  server.say(runId, 'two ');
  const after = tab(server, keeping);
  await after.thread.load();
  server.say(runId, 'three');
  server.finish(runId);
  await after.until(isQuiet(after));
  expect(after.texts()).toEqual(['Hello', 'one two three']);
});

test('what is shown of an answer never gets shorter or doubled when it is read again from its start', async () => {
  const server = await open();
  server.room('c1');
  server.hold = true;
  // Shown as soon as each word is read, not once in a frame.
  const frames: Frames = (callback) => {
    queueMicrotask(callback);
    return () => undefined;
  };
  const keeping = memoryKeeping();
  const starter = tab(server, keeping);
  await starter.thread.load();
  await starter.thread.send('Hello');
  await starter.until(() => starter.thread.store.getState().answering !== null);
  const { runId = '', answerId = '' } = starter.thread.store.getState().answering ?? {};
  for (const word of ['one ', 'two ', 'three ']) server.say(runId, word);
  starter.thread.close();
  const here = tab(server, keeping, { frames });
  const lengths: number[] = [];
  here.thread.watchMessage(answerId, () => lengths.push(here.thread.message(answerId)?.content.length ?? 0));
  await here.thread.load();
  server.say(runId, 'four ');
  await here.until(() => here.texts()[1] === 'one two three four ');
  await here.thread.load();
  server.say(runId, 'five');
  await here.until(() => here.texts()[1] === 'one two three four five');
  expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
});

test('readers that are killed at any moment of a stream lose and double nothing', async () => {
  const server = await open();
  server.room('c1');
  server.hold = true;
  const keeping = memoryKeeping();
  const words = Array.from({ length: 300 }, (_, index) => `w${index} `);
  const starter = tab(server, keeping);
  await starter.thread.load();
  await starter.thread.send('Go');
  await starter.until(() => starter.thread.store.getState().answering !== null);
  const runId = starter.thread.store.getState().answering?.runId ?? '';
  let reader = starter;
  for (const [index, word] of words.entries()) {
    server.say(runId, word);
    if (index % 7 === 3) server.cut();
    if (index % 11 === 5) {
      reader.thread.close();
      reader = tab(server, keeping);
      void reader.thread.load();
    }
    await new Promise(setImmediate);
  }
  server.finish(runId);
  await reader.until(() => reader.texts().length === 2 && isQuiet(reader)());
  expect(reader.texts()).toEqual(['Go', words.join('')]);
});

test('through a proxy that drops 30 % of the replies, each message is sent once', async () => {
  const server = await open();
  server.room('c1');
  const here = tab(server);
  await here.thread.load();
  let state = 42;
  const chance = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  server.fate = (method) => (method === 'POST' && chance() < 0.3 ? { drops: true } : null);
  const sent: string[] = [];
  for (let index = 0; index < 40; index += 1) {
    sent.push(`message ${index}`);
    await here.thread.send(`message ${index}`);
    if (index % 10 === 9) await here.until(isQuiet(here));
  }
  await here.until(isQuiet(here));
  const stored = server.room('c1').messages.filter(({ sender }) => sender === 'user');
  expect(stored.map(({ content }) => content)).toEqual(sent);
  expect(new Set(here.thread.store.getState().ids).size).toBe(80);
});

test('what could not be sent is sent after a reload, under the same key, and shown once', async () => {
  const server = await open();
  server.room('c1');
  const keeping = memoryKeeping();
  const before = tab(server, keeping);
  await before.thread.load();
  // The server does the work, but its answers never arrive.
  server.fate = (method, path) => (method === 'POST' && path.endsWith('/completion') ? { drops: true } : null);
  await before.thread.send('Hello');
  await before.until(() => server.room('c1').messages.length === 2);
  before.thread.close();
  server.fate = () => null;
  const after = tab(server, keeping);
  await after.thread.load();
  await after.until(isQuiet(after));
  expect(after.texts()).toEqual(['Hello', 'You said: Hello']);
  expect(server.room('c1').messages).toHaveLength(2);
  expect(new Set(server.asked.filter(({ path }) => path.endsWith('/completion')).map(({ key }) => key)).size).toBe(1);
});

test('what the server refuses is shown with its reason, and may be sent again or taken back', async () => {
  const server = await open();
  server.room('c1');
  const here = tab(server);
  await here.thread.load();
  server.fate = (_, path) => (path.endsWith('/completion') ? { status: 422 } : null);
  const key = await here.thread.send('Hello');
  const id = here.thread.store.getState().ids[0] ?? '';
  await here.until(() => here.thread.message(id)?.delivery === 'failed');
  expect(here.thread.message(id)?.problem).toBe('It was refused.');
  const second = await here.thread.send('Bye');
  await here.until(() => here.texts().length === 2 && here.thread.message(`pending:${second}`)?.delivery === 'failed');
  expect(here.thread.discard(second)).toBe('Bye');
  server.fate = () => null;
  here.thread.retry(key);
  await here.until(isQuiet(here));
  expect(here.texts()).toEqual(['Hello', 'You said: Hello']);
});

test('too many unsent messages are refused, and nothing of them is lost', async () => {
  const table = new PendingTable(memoryKeeping(), 'c1');
  const send = { content: 'x', artifactIds: [], at: 0, problem: null };
  const taken = Array.from({ length: 25 }, (_, index) => table.add({ ...send, key: `k${index}` }));
  expect(taken.filter(Boolean)).toHaveLength(20);
  expect(table.next?.key).toBe('k0');
});

test.each(['', '{', '[{"key":"a b"}]', '[{"key":"k","content":5}]', `${'['.repeat(5000)}`])(
  'what somebody else wrote into the storage is not sent: %j',
  (text) => {
    const keeping = memoryKeeping();
    keeping.set('tandem:pending:c1', text);
    expect(new PendingTable(keeping, 'c1').all).toEqual([]);
  },
);

test('a conversation is begun by its first message, once', async () => {
  const server = await open();
  const here = tab(server, memoryKeeping(), { target: 'guide' });
  await here.thread.load();
  expect(here.thread.store.getState()).toMatchObject({ chatId: null, isNew: true, character: { name: 'Guide' } });
  await here.thread.send('Hello');
  await here.until(isQuiet(here));
  expect(here.thread.store.getState().chatId).toBe('chat-of-guide');
  expect(server.asked.filter(({ method, path }) => method === 'POST' && path === '/api/chat')).toHaveLength(1);
});

test('the guided set-up asks its questions one after the other, and no run makes them', async () => {
  const steps = [
    { key: 'goal', question: 'What for?', choices: ['Learn'] },
    { key: 'time', question: 'How long?', choices: [] },
  ];
  const server = await open({ steps });
  const here = tab(server, memoryKeeping(), { target: 'guide' });
  await here.thread.load();
  expect(here.thread.store.getState()).toMatchObject({ isNew: true, totalSteps: 2, currentStep: 0 });
  await here.thread.send('Learn');
  await here.until(() => here.thread.store.getState().currentStep === 1);
  expect(here.texts()).toEqual(['Learn', 'How long?']);
  expect(here.thread.store.getState().isNew).toBe(false);
  await here.thread.send('An hour');
  await here.until(() => here.thread.store.getState().currentStep === 2);
  expect(here.texts().at(-1)).toBe('Hello.');
  expect(server.runs.size).toBe(0);
  await here.thread.send('Then let us begin');
  await here.until(isQuiet(here));
  expect(here.texts().at(-1)).toBe('You said: Then let us begin');
});

test('stopping keeps what was said', async () => {
  const server = await open();
  server.room('c1');
  server.hold = true;
  const here = tab(server);
  await here.thread.load();
  await here.thread.send('Hello');
  await here.until(() => here.thread.store.getState().answering !== null);
  server.say(here.thread.store.getState().answering?.runId ?? '', 'Half an');
  await here.until(() => here.texts()[1] === 'Half an');
  await here.thread.stop();
  await here.until(isQuiet(here));
  const last = here.thread.store.getState().ids.at(-1) ?? '';
  expect(here.thread.message(last)).toMatchObject({ content: 'Half an', status: 'stopped' });
  expect(here.thread.store.getState().announcement).toBe('Answer stopped after 2 words');
});

test('edit and regenerate add a branch, hide nothing, and one can go back', async () => {
  const server = await open();
  server.room('c1');
  const here = tab(server);
  await here.thread.load();
  await here.thread.send('First');
  await here.until(isQuiet(here));
  await here.thread.send('Second');
  await here.until(isQuiet(here));
  const [, , second = '', answer = ''] = here.thread.store.getState().ids;
  server.answerWith = () => ['Another answer'];
  await here.thread.regenerate(answer);
  await here.until(isQuiet(here));
  expect(here.texts()).toEqual(['First', 'You said: First', 'Second', 'Another answer']);
  const other = here.thread.store.getState().ids.at(-1) ?? '';
  expect(here.thread.message(other)?.branch).toEqual({ number: 2, of: 2 });
  await here.thread.edit(second, 'Changed');
  await here.until(isQuiet(here));
  expect(here.texts()).toEqual(['First', 'You said: First', 'Changed', 'Another answer']);
  const changed = here.thread.store.getState().ids[2] ?? '';
  await here.thread.showBranch(changed, 1);
  await here.until(isQuiet(here));
  expect(here.texts()).toEqual(['First', 'You said: First', 'Second', 'Another answer']);
  expect(server.room('c1').messages).toHaveLength(7);
});

test('older pages come before the ones that are here, each message once', async () => {
  const server = await open({ messages: 120 });
  server.room('c1');
  const here = tab(server);
  await here.thread.load();
  expect(here.thread.store.getState()).toMatchObject({ hasOlder: true });
  await here.thread.loadOlder();
  await here.thread.loadOlder();
  await here.thread.loadOlder();
  const { ids, hasOlder } = here.thread.store.getState();
  expect(hasOlder).toBe(false);
  expect(ids.map((id) => here.thread.message(id)?.seq)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
});

test('a like is shown at once and taken back when it was refused', async () => {
  const server = await open({ messages: 2 });
  server.room('c1');
  const here = tab(server);
  await here.thread.load();
  const id = here.thread.store.getState().ids[1] ?? '';
  await here.thread.react(id, 'like');
  expect(here.thread.message(id)?.reaction).toBe('like');
  server.fate = () => ({ status: 403 });
  await here.thread.react(id, 'dislike');
  expect(here.thread.message(id)?.reaction).toBe('like');
  expect(here.thread.store.getState().problem).toMatchObject({ kind: 'permission' });
});

test('a reset archives on the server and begins anew here', async () => {
  const server = await open({ messages: 2 });
  server.room('chat-of-guide');
  const here = tab(server, memoryKeeping(), { target: 'guide' });
  await here.thread.load();
  await here.thread.reset();
  expect(server.asked.find(({ method, path }) => method === 'POST' && path === '/api/chat')?.body).toMatchObject({
    reset: true,
  });
});
