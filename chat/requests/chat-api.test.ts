import { manualClock, systemClock, type Clock } from 'kernel/basics';
import { afterEach, expect, test } from 'vitest';

import { createEvents } from '../events/index.ts';
import { browserWake, followAnswer, wakingClock } from './answers.ts';
import { createChatApi, type Completed } from './chat-api.ts';
import { createRequests } from './create-requests.ts';
import { startChatServer, type ChatServer } from './fixtures/chat-server.ts';
import { createModulesApi } from './modules-api.ts';

const servers: ChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Waits pass at once; the limits stay. */
const hasty: Clock = {
  ...systemClock,
  now: systemClock.now,
  sleep: (delayMs, signal) =>
    delayMs < 20_000 ? new Promise((resolve) => void setImmediate(resolve)) : systemClock.sleep(delayMs, signal),
};

async function open() {
  const server = await startChatServer({ messages: 6 });
  servers.push(server);
  const requests = createRequests({ baseUrl: server.base });
  const events = createEvents();
  return { server, requests, events, api: createChatApi(requests, events), modules: createModulesApi(requests) };
}

function runOf(completed: Completed) {
  if (completed.kind !== 'accepted') throw new Error('No run was begun.');
  return completed.run;
}

test('fetching a chat tells the event, then the callback, then the promise', async () => {
  const { server, events, api } = await open();
  server.room('c1');
  const told: string[] = [];
  events.on('chatapi:fetch-success', ({ chatId }) => told.push(`event ${chatId}`));
  const state = await api.fetchChatData('c1', 'u1', false, () => told.push('callback'));
  expect(told).toEqual(['event c1', 'callback']);
  expect(state).toMatchObject({ isNew: false, userChatId: 'c1', totalSteps: 0 });
  expect(server.asked[0]).toMatchObject({ method: 'GET', path: '/api/chat?chatId=c1&userId=u1' });
});

test('a reset is a POST under a key, never a GET', async () => {
  const { server, api } = await open();
  await api.fetchChatData('c1', null, true);
  expect(server.asked[0]).toMatchObject({ method: 'POST', path: '/api/chat', body: { chatId: 'c1', reset: true } });
  expect(server.asked[0]?.key).not.toBeNull();
});

test('a chat that is not there is told to both, and thrown', async () => {
  const { events, api } = await open();
  const told: unknown[] = [];
  events.on('chatapi:fetch-error', ({ error }) => told.push(error));
  await expect(api.fetchChatData('none', null, false, (_, error) => told.push(error))).rejects.toMatchObject({
    kind: 'not-found',
  });
  expect(told).toHaveLength(2);
});

test('history comes by offset and by keyset, and a message is saved once under one key', async () => {
  const { server, api } = await open();
  server.room('c1');
  expect((await api.getChatHistory('c1', 2, 0)).messages).toHaveLength(2);
  const newest = await api.history('c1', { limit: 4 });
  const older = await api.history('c1', { limit: 4, ...(newest.before === null ? {} : { before: newest.before }) });
  expect([...older.messages, ...newest.messages].map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
  const [one, two] = [
    await api.saveMessage('c1', { content: 'hi' }, { key: 'k' }),
    await api.saveMessage('c1', { content: 'hi' }, { key: 'k' }),
  ];
  expect(one.messageId).toBe(two.messageId);
  expect(server.room('c1').messages).toHaveLength(7);
});

test('a thousand messages through a proxy that drops 30 % of the replies are a thousand messages', async () => {
  const { server } = await open();
  server.room('c1');
  const before = server.room('c1').messages.length;
  let state = 7;
  const chance = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  let dropped = 0;
  server.fate = () => (chance() < 0.3 ? ((dropped += 1), { drops: true }) : null);
  const api = createChatApi(createRequests({ baseUrl: server.base, clock: hasty }));
  // As long as it takes: a person's page would not give up either.
  const save = async (index: number): Promise<string> => {
    for (;;) {
      const saved = await api
        .saveMessage('c1', { content: `message ${index}` }, { key: `k${index}` })
        .catch(() => null);
      if (saved !== null) return saved.messageId;
    }
  };
  const ids: string[] = [];
  for (let from = 0; from < 1000; from += 25) {
    ids.push(...(await Promise.all(Array.from({ length: 25 }, (_, index) => save(from + index)))));
  }
  expect(dropped).toBeGreaterThan(200);
  expect(new Set(ids).size).toBe(1000);
  expect(server.room('c1').messages).toHaveLength(before + 1000);
});

test('an answer is read on over a connection that is cut, each word once', async () => {
  const { server, requests, api } = await open();
  server.room('c1');
  server.hold = true;
  const { runId } = runOf(await api.complete('c1', { content: 'hi' }));
  server.say(runId, 'one ');
  let wake = (): void => {};
  const following = followAnswer({
    requests,
    runId,
    signal: new AbortController().signal,
    wake: (listener) => {
      wake = listener;
      // The network is back at once.
      queueMicrotask(listener);
      return () => {};
    },
  });
  let text = '';
  for await (const { event } of following) {
    if (event.kind === 'answer-start') continue;
    if (event.kind === 'answer-delta') text += event.data.text;
    if (text === 'one ') {
      server.cut();
      server.say(runId, 'two ');
      server.finish(runId);
    }
  }
  wake();
  expect(text).toBe('one two ');
});

test('an answer that is not there ends in an error of its kind', async () => {
  const { requests } = await open();
  const following = followAnswer({ requests, runId: 'none', signal: new AbortController().signal });
  await expect(following.next()).rejects.toMatchObject({ kind: 'not-found' });
});

test('a wait ends early when the page is seen again, but not when it is hidden', async () => {
  const page = Object.assign(new EventTarget(), { hidden: true });
  const window = new EventTarget();
  const clock = wakingClock(manualClock(), browserWake(window, page));
  let isOver = false;
  const sleeping = clock.sleep(5000).then(() => (isOver = true));
  page.dispatchEvent(new Event('visibilitychange'));
  await Promise.resolve();
  expect(isOver).toBe(false);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  await sleeping;
  expect(isOver).toBe(true);
});

test('nobody answering is null; stopping keeps what was said', async () => {
  const { server, api } = await open();
  server.room('c1');
  expect(await api.activeRun('c1')).toBeNull();
  server.hold = true;
  const { runId, answerId } = runOf(await api.complete('c1', { content: 'hi' }));
  server.say(runId, 'half');
  expect(await api.activeRun('c1')).toMatchObject({ runId, answerId });
  await api.stop(runId);
  expect((await api.history('c1')).messages.at(-1)).toMatchObject({ content: 'half', status: 'stopped' });
});

test('personas, prompts, gifts, suggestions and visitors are asked for at their places', async () => {
  const { modules, api } = await open();
  const persona = await modules.personas.add({ name: 'Ada', description: 'Counts.' });
  expect(await modules.personas.list()).toEqual([persona]);
  expect((await modules.personas.change(persona.id, { name: 'Ada L.', description: '' })).name).toBe('Ada L.');
  await modules.personas.remove(persona.id);
  expect(await modules.personas.list()).toEqual([]);
  const prompt = await modules.prompts.add({ name: 'p', content: 'Dear {{name}}, {{greeting}}' });
  expect(await modules.prompts.filled(prompt.id, { name: 'Ada' })).toMatchObject({
    content: 'Dear Ada, {{greeting}}',
    missing: ['greeting'],
  });
  expect(await modules.prompts.versions(prompt.id)).toHaveLength(1);
  expect(await modules.rewards('Europe/Berlin')).toMatchObject({ points: 12, streak: { timeZone: 'Europe/Berlin' } });
  expect((await modules.takeGift('rose')).isOwned).toBe(true);
  expect((await modules.suggestions('c1')).suggestions).toHaveLength(1);
  expect((await modules.characters())[0]?.id).toBe('guide');
  expect((await modules.visitor('e1')).token).toBe('visitor-of-e1');
  await expect(api.upscale('a1')).rejects.toMatchObject({ status: 503, code: 'CHAT_NO_IMAGE_MODEL' });
}, 20_000);
