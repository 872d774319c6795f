import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { analyticsModule } from 'chat/modules';
import { memoryKeeping } from 'chat/requests';
import { openChat } from 'chat/thread';
import { afterEach, expect, test } from 'vitest';

import { startChatServer } from '../../chat/requests/fixtures/chat-server.ts';
import { pollsModule } from './polls.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

async function chatWithPolls() {
  const server = await startChatServer({ messages: 4 });
  endings.push(() => server.close());
  server.room('c1');
  const chat = openChat({
    baseUrl: server.base,
    target: 'c1',
    keeping: memoryKeeping(),
    frames: (callback) => {
      const handle = setImmediate(callback);
      return () => clearImmediate(handle);
    },
    modules: [pollsModule, analyticsModule()],
  });
  endings.push(() => chat.close());
  await chat.start();
  return chat;
}

test('a poll is offered under an answer, opened by its button, and counts votes', async () => {
  const { thread, modules, events } = await chatWithPolls();
  const told: unknown[] = [];
  events.on('poll:voted', (data) => told.push(data));
  const answer = thread.message(thread.store.getState().ids[1] ?? '');
  if (answer === undefined) throw new Error('There is an answer.');
  expect(modules.actionsFor(answer)).toEqual([{ action: 'poll', label: 'Ask everybody' }]);
  events.triggerChatEvent('chat:action', { action: 'poll', messageId: answer.id });
  const polls = modules.port(pollsModule);
  expect(polls?.vote(answer.id, 'agree')).toBe(true);
  expect(polls?.vote(answer.id, 'constructor')).toBe(false);
  expect(polls?.results()).toEqual([{ messageId: answer.id, votes: { agree: 1, disagree: 0, unsure: 0 } }]);
  expect(told).toEqual([{ messageId: answer.id, choice: 'agree' }]);
});

test('it is seen in the status beside the others', async () => {
  const { modules } = await chatWithPolls();
  expect(modules.getStatus().states).toMatchObject({ polls: 'ready', analytics: 'ready', personaModule: 'absent' });
});

test('a module takes at most sixty lines', () => {
  expect(
    readFileSync(join(import.meta.dirname, 'polls.ts'), 'utf8')
      .trimEnd()
      .split('\n').length,
  ).toBeLessThanOrEqual(60);
});
