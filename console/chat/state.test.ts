import { createEvents } from 'chat/events';
import type { Artifact, Chat, Message } from 'chat/protocol';
import type { ThreadMessage } from 'chat/thread';
import { expect, test } from 'vitest';

import { ATTACHED_MAX, PICTURE_BYTES_MAX, withFiles } from './attachments.ts';
import { lineOf } from './chat-line.ts';
import { avatarOf, chatsFor, chatsOf, chatTitle, stepsText } from './chats-state.ts';
import { embedLine, originsIn } from './embed-state.ts';
import { attemptsText, costText, isOverBudget, looksOf, verdictLook } from './message-state.ts';
import { namesIn } from './prompt-state.ts';
import { entriesIn } from './scenario-state.ts';
import { createSentPictures } from './sent-pictures.ts';
import { isPrepended, jumpText } from './thread-list-state.ts';
import { voiceHere } from './voice.ts';

const chat = (id: string, title: string) => ({ id, title }) as Chat;

test('a chat is found by the beginnings of its words, in any order', () => {
  const chats = [chat('1', 'Quick lists in a page'), chat('2', 'Größe der Liste'), chat('3', '')];
  const found = (search: string) => chatsFor(chats, search).map(({ id }) => id);
  expect(found('')).toEqual(['1', '2', '3']);
  expect(found('pa quick')).toEqual(['1']);
  expect(found('lis')).toEqual(['1', '2']);
  expect(found('größe')).toEqual(['2']);
  expect(found('new chat')).toEqual(['3']);
  expect(found('uick')).toEqual([]);
  expect(chatTitle({ title: '' })).toBe('A new chat');
});

test('a chat that moved from one page to another is shown once', () => {
  const pages = [{ chats: [chat('1', 'a'), chat('2', 'b')] }, { chats: [chat('1', 'a'), chat('3', 'c')] }];
  expect(chatsOf(pages).map(({ id }) => id)).toEqual(['1', '2', '3']);
});

test('a character says how many questions come first, and one that is gone has a face all the same', () => {
  const step = { key: 'k', question: 'Q?', choices: [] };
  expect([[], [step], [step, step]].map((steps) => stepsText({ steps }))).toEqual([
    'Begins at once',
    'One question first',
    '2 questions first',
  ]);
  expect(avatarOf([], 'gone')).toBe('💬');
});

const message = (parts: Partial<Message> = {}) =>
  ({ status: 'complete', delivery: 'sent', artifacts: [], tools: [], ...parts }) as unknown as ThreadMessage;

test('words alone do not change how a message looks; its state, its branch and its reaction do', () => {
  const before = looksOf(message({ content: 'a' }));
  expect(looksOf(message({ content: 'a b' }))).toBe(before);
  expect(looksOf(message({ status: 'stopped' }))).not.toBe(before);
  expect(looksOf(message({ reaction: 'like' }))).not.toBe(before);
  expect(looksOf(message({ branch: { number: 1, of: 2 } }))).not.toBe(before);
});

test('a cost is said as it is: free, counted by us, or told; and a verdict has a word', () => {
  const usage = { inputTokens: 1, outputTokens: 1, isEstimated: true };
  expect(costText({ costMicroUsd: null, usage: null })).toBeNull();
  expect(costText({ costMicroUsd: 0, usage })).toBe('free');
  expect(costText({ costMicroUsd: 4200, usage })).toBe('about $0.0042');
  expect(costText({ costMicroUsd: 1_230_000, usage: { ...usage, isEstimated: false } })).toBe('$1.23');
  expect(verdictLook({ kind: 'not-checked', by: null, reason: null }).word).toBe('not checked');
  expect([attemptsText(1), attemptsText(3)]).toEqual(['one attempt', '3 attempts: it went on elsewhere']);
});

test('a budget that refused is told from other failures by its words', () => {
  expect(isOverBudget('The budget for product chat is used up.')).toBe(true);
  expect([isOverBudget('The answer broke off.'), isOverBudget(null)]).toEqual([false, false]);
});

test('only pictures that can be sent are taken, no more than a message carries, and the rest is explained', () => {
  const file = (name: string, type = 'image/png', size = 10) => ({ name, type, size }) as File;
  const taken = withFiles([], [file('sea.jpg', 'image/jpeg'), file('notes.pdf', 'application/pdf')]);
  expect(taken.all.map(({ alt }) => alt)).toEqual(['sea']);
  expect(taken.problem).toContain('Only PNG');
  expect(withFiles([], [file('big.png', 'image/png', PICTURE_BYTES_MAX + 1)]).problem).toContain('5 MiB');
  const many = withFiles(
    [],
    Array.from({ length: ATTACHED_MAX + 1 }, () => file('image.png')),
  );
  expect(many.all).toHaveLength(ATTACHED_MAX);
  expect(many.problem).toContain('at most 8');
  expect(new Set(many.all.map(({ id }) => id)).size).toBe(ATTACHED_MAX);
  // A picture from the clipboard has a name that says nothing.
  expect(many.all[0]?.alt).toBe('');
});

test('the line under the title says what is going on', () => {
  const quiet = { connection: 'idle', loading: 'none', answering: null, character: null } as const;
  const answering = { runId: 'r', answerId: 'a' };
  expect(lineOf(quiet)).toBe('The assistant');
  expect(lineOf({ ...quiet, loading: 'first' })).toContain('Loading');
  expect(lineOf({ ...quiet, answering, connection: 'live' })).toBe('The assistant is answering…');
  expect(lineOf({ ...quiet, answering, connection: 'waiting' })).toContain('Connection lost');
});

test('older messages before the rest keep the view where it is; newer ones behind it do not', () => {
  expect(isPrepended(['c', 'd'], ['a', 'b', 'c', 'd'])).toBe(true);
  expect(isPrepended(['c', 'd'], ['c', 'd', 'e'])).toBe(false);
  expect(isPrepended([], ['a'])).toBe(false);
  expect(isPrepended(['c', 'd'], ['x', 'd'])).toBe(false);
  expect([0, 1, 5].map(jumpText)).toEqual(['To the latest', 'One new message', '5 new messages']);
});

test('what is told when a word comes up is written a line each', () => {
  expect(entriesIn('lighthouse, keeper: It is dark.\n\nno colon\nx: too short a word\nsea:')).toEqual([
    { words: ['lighthouse', 'keeper'], text: 'It is dark.' },
  ]);
});

test('the names of a prompt are found once each, in their order', () => {
  expect(namesIn('Dear {{name}}, about {{ topic }}: {{name}}. {{}} {{no way}}')).toEqual(['name', 'topic']);
});

test('an embedded chat has one line, and origins are taken apart as people write them', () => {
  expect(embedLine('https://a.example', 'e1')).toBe(
    '<script src="https://a.example/embed.js" data-embed="e1" async></script>',
  );
  expect(originsIn(' https://a.example,https://b.example\nhttps://a.example ')).toEqual([
    'https://a.example',
    'https://b.example',
  ]);
});

test('a picture that was just sent is known by its message', () => {
  const events = createEvents();
  const pictures = createSentPictures(events);
  const picture = { id: 'p' } as Artifact;
  pictures.add('Look', [picture]);
  pictures.add('Nothing', []);
  events.triggerChatEvent('message:sent', { chatId: 'c', messageId: 'm0', content: 'Nothing', timestamp: 0 });
  events.triggerChatEvent('message:sent', { chatId: 'c', messageId: 'm1', content: 'Look', timestamp: 0 });
  expect([pictures.of('m0'), pictures.of('m1')]).toEqual([[], [picture]]);
});

test('there is no voice yet, so nothing offers one', () => expect(voiceHere()).toBeNull());
