// The AI SDK's own useChat machinery against our endpoint: what it reads of us is judged by its code, not by ours.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chat } from '@ai-sdk/react';
import { DefaultChatTransport } from 'ai';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { sqliteUrl } from 'kernel/store';

import type { ChatState, HistoryPage } from '../protocol/index.ts';
import { openTalk, type Talk } from './fixtures/talk.ts';

const WORDS = ['The ', 'quick ', 'brown ', 'fox.'];
let folder: string;
let talk: Talk;
let chatId: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-ui-'));
  const url = sqliteUrl(join(folder, 'tandem.db'));
  talk = await openTalk({ url, script: () => ({ kind: 'answer', pieces: WORDS }) });
  chatId =
    ((await (await talk.ask('ada', '', { body: { chatId: 'assistant' } })).json()) as ChatState).userChatId ?? '';
});
afterEach(async () => {
  await talk.close();
  rmSync(folder, { recursive: true });
});

const history = async (): Promise<HistoryPage> =>
  (await (await talk.ask('ada', `/${chatId}/history`)).json()) as HistoryPage;
const ownChat = () =>
  new Chat({
    id: chatId,
    transport: new DefaultChatTransport({
      api: `http://tandem.test/api/chat/${chatId}/ui-stream`,
      headers: { person: 'ada' },
      fetch: (async (url: string, init: RequestInit) => talk.app.request(url, init)) as typeof fetch,
    }),
  });
const textOf = (chat: ReturnType<typeof ownChat>): string =>
  (chat.messages.at(-1)?.parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('');

test('a message is sent, and its answer read with where it came from', async () => {
  const chat = ownChat();
  await chat.sendMessage({ text: 'Hello' });
  expect([chat.status, textOf(chat)]).toEqual(['ready', 'The quick brown fox.']);
  expect(chat.messages.at(-1)?.metadata).toMatchObject({ status: 'complete', source: { model: 'house' } });
  const { messages } = await history();
  expect(messages.map(({ content }) => content).slice(1)).toEqual(['Hello', 'The quick brown fox.']);
  expect(chat.messages.at(-1)?.id).toBe(messages.at(-1)?.id);
});

test('the same message sent again adds nothing', async () => {
  const body = { id: chatId, messages: [{ id: 'm-1', role: 'user', parts: [{ type: 'text', text: 'Hello' }] }] };
  for (let time = 0; time < 3; time += 1) {
    await (await talk.ask('ada', `/${chatId}/ui-stream`, { body })).text();
  }
  expect((await history()).messages).toHaveLength(3);
});

test('a regenerated answer is a branch of ours', async () => {
  const chat = ownChat();
  await chat.sendMessage({ text: 'Hello' });
  await chat.regenerate();
  expect(textOf(chat)).toBe('The quick brown fox.');
  expect((await history()).messages.at(-1)?.branch).toEqual({ number: 2, of: 2 });
});

test('a tool that was called is shown with what it answered', async () => {
  talk.fake.setScript(({ hasToolResult }) =>
    hasToolResult
      ? { kind: 'answer', pieces: ['42.'] }
      : { kind: 'answer', tools: [{ id: 't1', name: 'calculate', input: '{"expression":"6*7"}' }] },
  );
  const chat = ownChat();
  await chat.sendMessage({ text: 'What is 6*7?' });
  const tool = chat.messages.at(-1)?.parts.find(({ type }) => type === 'tool-calculate');
  expect(tool).toMatchObject({ state: 'output-available', input: { expression: '6*7' }, output: { value: 42 } });
});

test('an answer that failed is an error of its machinery, with a sentence', async () => {
  talk.fake.setScript(() => ({ kind: 'status', status: 400, message: 'no' }));
  const chat = ownChat();
  await chat.sendMessage({ text: 'Hello' });
  expect(chat.status).toBe('error');
  expect(chat.error?.message.length).toBeGreaterThan(20);
});

test('who comes back in the middle of an answer gets it from its beginning', async () => {
  talk.fake.setScript(() => ({ kind: 'answer', pieces: WORDS, pieceDelayMs: 40 }));
  const first = ownChat();
  const sending = first.sendMessage({ text: 'Hello' });
  await expect.poll(() => textOf(first)).toContain('The');
  const second = ownChat();
  await second.resumeStream();
  await sending;
  expect(textOf(second)).toBe('The quick brown fox.');
  const idle = ownChat();
  await idle.resumeStream();
  expect(idle.status).toBe('ready');
});
