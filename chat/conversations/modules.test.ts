import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, type ManualClock } from 'kernel/basics';
import { sqliteUrl } from 'kernel/store';

import type { ChatState, Embed, Persona, Prompt, Rewards, Scenario, Visitor } from '../protocol/index.ts';
import { calculate } from './calculate.ts';
import { welcomeVisitor, visitorOf } from './embeds.ts';
import { openTalk, type Asking, type Talk } from './fixtures/talk.ts';
import { titleFrom } from './messages.ts';
import { pictureOf } from './picture.ts';
import { streakOf } from './rewards.ts';
import { suggestionsFor } from './suggestions.ts';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
let folder: string;
let talk: Talk;
let clock: ManualClock;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-modules-'));
  clock = manualClock(Date.UTC(2026, 10, 21, 12));
  const url = sqliteUrl(join(folder, 'tandem.db'));
  talk = await openTalk({ url, clock, withoutModel: true, script: () => ({ kind: 'answer', pieces: ['Hi.'] }) });
});
afterEach(async () => {
  await talk.close();
  rmSync(folder, { recursive: true });
});
const ask = (path: string, options: Asking = {}, person = 'ada'): Promise<Response> => talk.ask(person, path, options);
const json = async <Shape>(path: string, options: Asking = {}): Promise<Shape> =>
  (await (await ask(path, options)).json()) as Shape;
const begin = async (): Promise<string> =>
  (await json<ChatState>('', { body: { chatId: 'assistant' } })).userChatId ?? '';
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code: string }).code;

describe('what a person keeps', () => {
  test('personas and scenarios are their own: nobody else lists, changes or uses them', async () => {
    const persona = await json<Persona>('/personas', { body: { name: 'Mara', description: 'A sailor.' } });
    const scenario = await json<Scenario>('/scenarios', { body: { name: 'Harbour', description: 'A port.' } });
    const chat = await begin();
    await ask(`/${chat}`, { method: 'PATCH', body: { personaId: persona.id, scenarioId: scenario.id } });
    expect(await (await ask('/personas', {}, 'eve')).json()).toEqual({ personas: [] });
    const changed = { method: 'PUT', body: { name: 'X', description: '' } };
    expect(await codeOf(await ask(`/personas/${persona.id}`, changed, 'eve'))).toBe('CHAT_THING_NOT_FOUND');
    const theirs = ((await (await ask('', { body: { chatId: 'assistant' } }, 'eve')).json()) as ChatState).userChatId;
    const used = await ask(`/${theirs}`, { method: 'PATCH', body: { personaId: persona.id } }, 'eve');
    expect(await codeOf(used)).toBe('CHAT_THING_NOT_FOUND');
    await ask(`/personas/${persona.id}`, { method: 'DELETE' });
    expect((await json<ChatState>(`?chatId=${chat}`)).chat?.personaId).toBeNull();
  });

  test('a prompt keeps its versions, and says which names it lacks', async () => {
    const first = await json<Prompt>('/prompts', { body: { name: 'Mail', content: 'Dear {{name}}, about {{topic}}' } });
    const same = await json<Prompt>(`/prompts/${first.id}`, {
      method: 'PUT',
      body: { name: 'Mail', content: first.content },
    });
    expect(same.version).toBe(1);
    await ask(`/prompts/${first.id}`, { method: 'PUT', body: { name: 'Mail', content: 'Hello {{name}}' } });
    const versions = await json<{ prompts: Prompt[] }>(`/prompts/${first.id}/versions`);
    expect(versions.prompts.map(({ version, content }) => [version, content])).toEqual([
      [2, 'Hello {{name}}'],
      [1, 'Dear {{name}}, about {{topic}}'],
    ]);
    expect(await json(`/prompts/${first.id}/filled?name=Ada`)).toEqual({
      id: first.id,
      version: 2,
      content: 'Hello Ada',
      missing: [],
    });
    expect(await json(`/prompts/${first.id}/filled?__proto__=x`)).toMatchObject({
      content: 'Hello ',
      missing: ['name'],
    });
    await ask(`/prompts/${first.id}`, { method: 'DELETE' });
    expect(await json('/prompts')).toEqual({ prompts: [] });
  });
});

describe('rewards', () => {
  const say = async (chat: string, key: string): Promise<void> =>
    void (await ask(`/${chat}/message`, { body: { content: 'Hello' }, key }));

  test('a message counts once, however often it is sent', async () => {
    const chat = await begin();
    for (let time = 0; time < 5; time += 1) await say(chat, 'one');
    expect(await json<Rewards>('/rewards')).toMatchObject({
      points: 15,
      streak: { days: 1, longest: 1, lastDay: '2026-11-21' },
    });
  });

  test('a streak counts the days of the person’s own zone', async () => {
    const chat = await begin();
    await say(chat, 'a');
    await clock.advance(11.5 * 3600 * 1000);
    await say(chat, 'b');
    // 23:30 in UTC, half past midnight in Berlin.
    expect((await json<Rewards>('/rewards?timeZone=UTC')).streak.days).toBe(1);
    expect((await json<Rewards>('/rewards?timeZone=Europe/Berlin')).streak).toMatchObject({
      days: 2,
      lastDay: '2026-11-22',
    });
    expect((await json<Rewards>('/rewards?timeZone=No/Where')).streak.timeZone).toBe('UTC');
  });

  test('a gift is opened once for its points, and not without them', async () => {
    const chat = await begin();
    expect(await codeOf(await ask('/gifts/bookmark', { method: 'POST' }))).toBe('CHAT_NOT_ENOUGH_POINTS');
    for (const key of ['a', 'b', 'c']) await say(chat, key);
    for (let time = 0; time < 3; time += 1) expect((await ask('/gifts/bookmark', { method: 'POST' })).status).toBe(200);
    const rewards = await json<Rewards>('/rewards');
    expect(rewards.points).toBe(5);
    expect(rewards.gifts.find(({ id }) => id === 'bookmark')?.isOwned).toBe(true);
    const first = rewards.achievements.find(({ id }) => id === 'first-message');
    expect(first).toMatchObject({ progress: { done: 1, of: 1 }, reachedAt: '2026-11-21T12:00:00.000Z' });
  });

  test('streaks break on a day that is missing, and live until the day after', () => {
    expect(streakOf([], '2026-11-21')).toEqual({ days: 0, longest: 0 });
    expect(streakOf(['2026-11-21', '2026-11-20', '2026-11-18'], '2026-11-21')).toEqual({ days: 2, longest: 2 });
    expect(streakOf(['2026-11-20', '2026-11-19'], '2026-11-21')).toEqual({ days: 2, longest: 2 });
    expect(streakOf(['2026-11-19', '2026-11-18', '2026-11-17'], '2026-11-21')).toEqual({ days: 0, longest: 3 });
    expect(streakOf(['2026-03-01', '2026-02-28'], '2026-03-01')).toEqual({ days: 2, longest: 2 });
  });
});

describe('pictures', () => {
  const upload = async (chat: string, body: Uint8Array<ArrayBuffer>, person = 'ada'): Promise<Response> =>
    talk.app.request(`http://tandem.test/api/chat/${chat}/artifacts?alt=A%20dot`, {
      method: 'POST',
      headers: { person, 'content-type': 'text/html' },
      body,
    });

  test('a picture is what its bytes are, is shown to its owner alone, and comes with its message', async () => {
    const chat = await begin();
    const added = await upload(chat, new Uint8Array(PNG));
    const { artifact } = (await added.json()) as { artifact: { id: string } };
    expect([added.status, artifact]).toMatchObject([
      201,
      { mediaType: 'image/png', width: 1, height: 1, alt: 'A dot' },
    ]);
    const shown = await ask(`/artifacts/${artifact.id}`);
    expect([shown.headers.get('content-type'), Buffer.from(await shown.arrayBuffer()).equals(PNG)]).toEqual([
      'image/png',
      true,
    ]);
    expect((await ask(`/artifacts/${artifact.id}`, {}, 'eve')).status).toBe(404);
    const message = await json('/' + chat + '/message', {
      body: { content: 'Look', artifactIds: [artifact.id] },
      key: 'k',
    });
    expect(message).toMatchObject({ artifacts: [{ id: artifact.id }] });
    expect([(await ask(`/artifacts/${artifact.id}/upscale`, { method: 'POST' })).status]).toEqual([503]);
  });

  test('what is no picture is refused, whatever it says it is', async () => {
    const chat = await begin();
    for (const body of ['', '<svg xmlns="http://www.w3.org/2000/svg"/>', '<html>', 'GIF89a', '\x89PNG\r\n']) {
      expect(await codeOf(await upload(chat, new TextEncoder().encode(body)))).toBe('CHAT_ARTIFACT_WRONG');
    }
    expect(await codeOf(await upload(chat, new Uint8Array(5 * 1024 * 1024 + 1)))).toBe('CHAT_ARTIFACT_WRONG');
    for (const bytes of [new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0]), new Uint8Array(40).fill(0xff)])
      expect(pictureOf(bytes)).toBeUndefined();
  });
});

describe('embedded chats', () => {
  test('a visitor has their own conversations with the page’s character, and is turned away once it is off', async () => {
    const draft = { name: 'Shop', characterId: 'storyteller', origins: ['https://shop.example'] };
    const embed = await json<Embed>('/embeds', { body: draft });
    const visitor = await json<Visitor>(`/embeds/${embed.id}/visitors`, { method: 'POST' });
    expect(visitor.characterId).toBe('storyteller');
    const known = await visitorOf(talk.conversations, visitor.token);
    expect(known?.person).toBe(visitor.userId);
    const again = await welcomeVisitor(talk.conversations, embed.id, visitor.token);
    expect(again.userId).toBe(visitor.userId);
    expect((await ask('', { body: { chatId: 'storyteller' } }, visitor.userId)).status).toBe(200);
    expect(await codeOf(await ask('', { body: { chatId: 'assistant' } }, visitor.userId))).toBe('CHAT_NOT_FOUND');
    expect(await codeOf(await ask('?chatId=assistant', {}, visitor.userId))).toBe('CHAT_NOT_FOUND');
    await ask(`/embeds/${embed.id}`, { method: 'PUT', body: { ...draft, isOn: false } });
    expect(await visitorOf(talk.conversations, visitor.token)).toBeUndefined();
    expect((await ask(`/embeds/${embed.id}/visitors`, { method: 'POST' })).status).toBe(404);
  });

  test('a token ends with its time, and one that was made up opens nothing', async () => {
    const embed = await json<Embed>('/embeds', {
      body: { name: 'S', characterId: 'assistant', origins: ['https://a.example'] },
    });
    const { token } = await welcomeVisitor(talk.conversations, embed.id, undefined);
    await clock.advance(31 * 24 * 3600 * 1000);
    expect(await visitorOf(talk.conversations, token)).toBeUndefined();
    expect(await visitorOf(talk.conversations, 'tv_made-up')).toBeUndefined();
  });

  test.each([
    'https://a.example/path',
    'https://*.example',
    '*',
    'a.example',
    'javascript:alert(1)',
    'https://a.example; script-src *',
  ])('%s is no origin', async (origin) => {
    const answer = await ask('/embeds', { body: { name: 'S', characterId: 'assistant', origins: [origin] } });
    expect(await codeOf(answer)).toBe('CHAT_ORIGIN_WRONG');
  });
});

test('suggestions follow from what was said, and are at most three', () => {
  expect(suggestionsFor('Short.')).toEqual([]);
  const answer = `1. **Alpha**: one\n2. **Beta**: two\n\n\`\`\`ts\nx\n\`\`\`\n${'word '.repeat(300)}`;
  expect(suggestionsFor(answer).map(({ text }) => text)).toEqual([
    'How would you test this code?',
    'Go through the first step with me',
    'Tell me more about Alpha',
  ]);
});

test.each([
  ['6*7', 42],
  ['-(2+3)^2', -25],
  ['1/0', undefined],
  ['2 ** 3', undefined],
  ['process.exit()', undefined],
  ['('.repeat(200), undefined],
  [' 1 + 2 × 3 ÷ 4 ', 2.5],
  ['', undefined],
])('%s is %s', (text, value) => expect(calculate(text)).toBe(value));

test('a chat is named after the first words, cut at a word and never in a character', () => {
  expect(titleFrom('  # **Hello** `you`\nand more')).toBe('Hello you');
  expect(titleFrom(`${'word '.repeat(20)}`)).toBe(`${'word '.repeat(12).trim()}…`);
  expect(titleFrom('👋'.repeat(60)).isWellFormed()).toBe(true);
});
