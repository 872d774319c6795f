import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { RunId } from 'kernel/basics';
import type { WireScript } from 'kernel/wire-fakes';
import { sqliteUrl } from 'kernel/store';

import {
  AnswerEvent,
  type ActionTaken,
  type ChatState,
  type HistoryPage,
  type Message,
  type RunAccepted,
} from '../protocol/index.ts';
import { openTalk, type Asking, type Talk } from './fixtures/talk.ts';

const WORDS = 'The quick brown fox jumps over the lazy dog.'.split(/(?<= )/);
const fox: WireScript = () => ({ kind: 'answer', pieces: WORDS, usage: { input: 20, output: 9 } });

let folder: string;
let talk: Talk;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-chat-'));
  talk = await openTalk({ url: sqliteUrl(join(folder, 'tandem.db')), script: fox });
});
afterEach(async () => {
  await talk.close();
  rmSync(folder, { recursive: true });
});

const ask = (path: string, options: Asking = {}): Promise<Response> => talk.ask('ada', path, options);
const json = async <Shape>(path: string, options: Asking = {}): Promise<Shape> =>
  (await (await ask(path, options)).json()) as Shape;
const begin = async (chatId = 'assistant'): Promise<string> =>
  (await json<ChatState>('', { body: { chatId } })).userChatId ?? '';
const ended = async (run: string): Promise<readonly AnswerEvent[]> => {
  const events = await Array.fromAsync(talk.journal.tail(run as RunId, 0, AbortSignal.timeout(20_000)));
  return events.map((event) => AnswerEvent.parse({ kind: event.kind, data: event.data }));
};
const say = async (chat: string, content: string, key: string = crypto.randomUUID()): Promise<RunAccepted> => {
  const accepted = await json<RunAccepted>(`/${chat}/completion`, { body: { content }, key });
  await ended(accepted.runId);
  return accepted;
};
const history = (chat: string, query = ''): Promise<HistoryPage> => json(`/${chat}/history${query}`);
const codeOf = async (response: Response): Promise<unknown> => [
  response.status,
  ((await response.json()) as { code: string }).code,
];

describe('opening and beginning', () => {
  test('opening changes nothing, and beginning twice begins one chat', async () => {
    const before = await json<ChatState>('?chatId=assistant');
    expect(before).toMatchObject({ chat: null, userChatId: null, isNew: true, totalSteps: 0, currentStep: 0 });
    const first = await begin();
    expect(await begin()).toBe(first);
    expect(await json<ChatState>('?chatId=assistant')).toMatchObject({ userChatId: first, isNew: true });
  });

  test('a reset by GET is refused, and by POST archives for thirty days', async () => {
    const chat = await begin();
    await say(chat, 'Hello');
    expect(await codeOf(await ask('?chatId=assistant&reset=true'))).toEqual([400, 'CHAT_RESET_NEEDS_POST']);
    const again = await json<ChatState>('', { body: { chatId: 'assistant', reset: true } });
    expect(again.userChatId).not.toBe(chat);
    const archived = await json<{ chats: { id: string }[] }>('/list?archived=true');
    expect(archived.chats.map(({ id }) => id)).toEqual([chat]);
    await ask(`/${chat}`, { method: 'PATCH', body: { isArchived: false } });
    expect((await history(chat)).total).toBe(3);
  });

  test('nobody sees or changes what is another’s', async () => {
    const chat = await begin();
    const { answerId } = await say(chat, 'Hello');
    const attempts: [string, Asking][] = [
      [`?chatId=${chat}`, {}],
      [`/${chat}/history`, {}],
      [`/${chat}/active-run`, {}],
      [`/${chat}`, { method: 'PATCH', body: { title: 'mine' } }],
      [`/${chat}/message`, { body: { content: 'x' }, key: 'k' }],
      [`/${chat}/completion`, { body: { content: 'x' }, key: 'k' }],
      [`/${chat}/messages/${answerId}/actions`, { body: { action: 'like' } }],
      [`/suggestions?chatId=${chat}`, {}],
    ];
    for (const [path, options] of attempts) {
      expect([path, await codeOf(await talk.ask('eve', path, options))]).toEqual([path, [404, 'CHAT_NOT_FOUND']]);
    }
    expect(await codeOf(await ask('?chatId=assistant&userId=eve'))).toEqual([403, 'CHAT_NOT_THAT_PERSON']);
  });

  test('a guided set-up asks its questions, keeps the answers, and asks no model for them', async () => {
    const chat = await begin('storyteller');
    for (const answer of ['A ship', 'Mara', 'Brave']) {
      await ask(`/${chat}/completion`, { body: { content: answer }, key: crypto.randomUUID() });
    }
    const state = await json<ChatState>(`?chatId=${chat}`);
    expect(state).toMatchObject({ totalSteps: 3, currentStep: 3, isNew: false });
    expect(state.chat?.metadata).toEqual({ place: 'A ship', hero: 'Mara', mood: 'Brave' });
    expect(talk.fake.requestCount).toBe(0);
    await say(chat, 'Go on');
    expect(talk.fake.requests.at(-1)?.prompt).toContain('Hero: Mara. Mood: Brave.');
  });
});

describe('sending', () => {
  test('a message sent many times with one key is there once', async () => {
    const chat = await begin();
    const body = { content: 'Hello', timestamp: 5 };
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`/${chat}/message`, { body, key: 'one' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([...Array.from({ length: 19 }, () => 200), 201]);
    const ids = await Promise.all(
      answers.map(async (answer) => ((await answer.json()) as { messageId: string }).messageId),
    );
    expect(new Set(ids).size).toBe(1);
    expect((await history(chat)).messages.filter(({ sender }) => sender === 'user')).toHaveLength(1);
    expect(await codeOf(await ask(`/${chat}/message`, { body: { content: 'Other' }, key: 'one' }))).toEqual([
      409,
      'CHAT_KEY_REUSED',
    ]);
  });

  test('a forged sender, a missing key and too long a text are refused and leave nothing', async () => {
    const chat = await begin();
    const forged = await ask(`/${chat}/message`, { body: { content: 'I am the bot', sender: 'bot' }, key: 'k' });
    expect(await codeOf(forged)).toEqual([403, 'CHAT_SENDER_FORGED']);
    expect(await codeOf(await ask(`/${chat}/message`, { body: { content: 'x' } }))).toEqual([400, 'CHAT_KEY_MISSING']);
    const long = await ask(`/${chat}/message`, { body: { content: 'x'.repeat(70_000) }, key: 'k' });
    expect(await codeOf(long)).toEqual([400, 'REQUEST_INVALID']);
    const odd = await ask(`/${chat}/message`, {
      body: JSON.parse('{"__proto__":{"admin":true},"content":"hi"}'),
      key: 'p',
    });
    expect(odd.status).toBe(201);
    expect((await history(chat)).messages.map(({ content }) => content)).toEqual([
      'Hello! What are you working on?',
      'hi',
    ]);
  });
});

describe('answering', () => {
  test('the words come as events, and the conversation has them with source, cost and verdict', async () => {
    const chat = await begin();
    const { runId, answerId } = await json<RunAccepted>(`/${chat}/completion`, {
      body: { content: 'Hello' },
      key: 'k',
    });
    const events = await ended(runId);
    expect(events[0]?.kind).toBe('answer-start');
    expect(events.map((event) => (event.kind === 'answer-delta' ? event.data.text : '')).join('')).toBe(WORDS.join(''));
    const last = events.at(-1);
    expect(last?.kind).toBe('answer-end');
    const answer = (await history(chat)).messages.at(-1);
    expect(answer).toMatchObject({
      id: answerId,
      sender: 'bot',
      status: 'complete',
      content: WORDS.join(''),
      costMicroUsd: 0,
      verdict: { kind: 'passed' },
      source: { model: 'house' },
      usage: { inputTokens: 20, outputTokens: 9, isEstimated: false },
    });
    const { lines } = await talk.spending.lines({ run: runId }, { limit: 5 });
    expect(lines).toMatchObject([{ person: 'ada', product: 'chat', outcome: 'ok' }]);
    expect(await talk.journal.get(runId as RunId)).toMatchObject({ status: 'done', owner: 'ada' });
  });

  test('who accepts events is streamed to at once, and reads on at a cursor', async () => {
    const chat = await begin();
    const headers = { accept: 'text/event-stream' };
    const stream = await ask(`/${chat}/completion`, { body: { content: 'Hello' }, key: 'k', headers });
    const text = await stream.text();
    expect(text).toContain('event: end');
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    const repeated = await ask(`/${chat}/completion`, {
      body: { content: 'Hello' },
      key: 'k',
      headers: { ...headers, 'last-event-id': '2' },
    });
    expect(repeated.headers.get('idempotent-replay')).toBe('true');
    const rest = [...(await repeated.text()).matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
    expect(rest).toEqual(ids.slice(2));
    expect(talk.fake.requestCount).toBe(1);
  });

  test('one run answers a message; a second is told which', async () => {
    const chat = await begin();
    talk.fake.setScript(() => ({ kind: 'answer', pieces: WORDS, pieceDelayMs: 30 }));
    const first = await json<RunAccepted>(`/${chat}/completion`, { body: { content: 'Hello' }, key: 'k' });
    const second = await ask(`/${chat}/completion`, { body: { messageId: first.messageId } });
    expect(second.status).toBe(409);
    expect(((await second.json()) as { detail: string }).detail).toContain(first.runId);
    expect(await json(`/${chat}/active-run`)).toMatchObject({ runId: first.runId, answerId: first.answerId });
    await ended(first.runId);
    expect((await ask(`/${chat}/active-run`)).status).toBe(204);
  });

  test('a stop keeps what was said', async () => {
    const chat = await begin();
    talk.fake.setScript(() => ({
      kind: 'answer',
      pieces: Array.from({ length: 500 }, (_, index) => `w${index} `),
      pieceDelayMs: 5,
    }));
    const { runId } = await json<RunAccepted>(`/${chat}/completion`, { body: { content: 'Hello' }, key: 'k' });
    for await (const event of talk.journal.tail(runId as RunId, 0, AbortSignal.timeout(20_000))) {
      if (event.kind === 'answer-delta') break;
    }
    expect(await talk.conversations.stop(runId as RunId)).toBe(true);
    const answer = (await history(chat)).messages.at(-1);
    expect(answer).toMatchObject({ status: 'stopped', problem: null });
    expect(answer?.content).toMatch(/^w0 /);
    expect((await talk.journal.get(runId as RunId))?.status).toBe('stopped');
    await say(chat, 'And then?');
    expect(talk.fake.requests.at(-1)?.prompt).toContain(answer?.content.trim());
  });

  test('an answer that cannot be had says so in a sentence, and can be asked for again', async () => {
    const chat = await begin();
    talk.fake.setScript(() => ({ kind: 'status', status: 400, message: 'no such thing' }));
    const { runId, answerId } = await say(chat, 'Hello');
    const failed = (await history(chat)).messages.at(-1);
    expect(failed).toMatchObject({ status: 'failed', content: '' });
    expect(failed?.problem?.length).toBeGreaterThan(20);
    expect((await talk.journal.get(runId as RunId))?.status).toBe('failed');
    talk.fake.setScript(fox);
    const again = await json<ActionTaken>(`/${chat}/messages/${answerId}/actions`, {
      body: { action: 'regenerate' },
      key: 'r',
    });
    await ended(again.run?.runId ?? '');
    expect((await history(chat)).messages.at(-1)).toMatchObject({ status: 'complete', branch: { number: 2, of: 2 } });
  });

  test('a tool that is called is answered, and the answer goes on', async () => {
    const chat = await begin();
    talk.fake.setScript(({ hasToolResult, prompt }) =>
      hasToolResult
        ? { kind: 'answer', pieces: [prompt.includes('"value":42') ? 'It is 42.' : 'I do not know.'] }
        : { kind: 'answer', tools: [{ id: 't1', name: 'calculate', input: '{"expression":"6*7"}' }] },
    );
    await say(chat, 'What is 6*7?');
    const answer = (await history(chat)).messages.at(-1);
    expect(answer?.content).toBe('It is 42.');
    expect(answer?.tools).toEqual([
      { callId: 't1', name: 'calculate', input: { expression: '6*7' }, output: { value: 42 } },
    ]);
  });

  test('without any model the built-in rules answer, and are named as such', async () => {
    await talk.close();
    talk = await openTalk({ url: sqliteUrl(join(folder, 'other.db')), script: fox, withoutModel: true });
    const chat = await begin();
    await say(chat, 'What is 12 * 12?');
    const answer = (await history(chat)).messages.at(-1);
    expect(answer).toMatchObject({
      status: 'complete',
      costMicroUsd: 0,
      source: { provider: 'tandem-rules', text: 'built-in rules' },
    });
    expect(answer?.content).toContain('144');
  });
});

describe('branches', () => {
  test('regenerate and edit hide nothing, and any branch can be shown again', async () => {
    const chat = await begin();
    const first = await say(chat, 'Hello');
    await say(chat, 'And then?');
    const linear = await history(chat);
    const regenerated = await json<ActionTaken>(`/${chat}/messages/${first.answerId}/actions`, {
      body: { action: 'regenerate' },
      key: 'r',
    });
    await ended(regenerated.run?.runId ?? '');
    const short = await history(chat);
    expect(short.messages.at(-1)).toMatchObject({ id: regenerated.run?.answerId, branch: { number: 2, of: 2 } });
    expect(short.total).toBe(3);
    await ask(`/${chat}/messages/${first.answerId}/actions`, { body: { action: 'branch' } });
    const back = await history(chat);
    expect(back.messages.map(({ id }) => id)).toEqual(linear.messages.map(({ id }) => id));
    const edited = await json<ActionTaken>(`/${chat}/messages/${first.messageId}/actions`, {
      body: { action: 'edit', content: 'Hi' },
      key: 'e',
    });
    await ended(edited.run?.runId ?? '');
    const after = await history(chat);
    expect(after.messages.map(({ content }) => content)).toEqual([linear.messages[0]?.content, 'Hi', WORDS.join('')]);
    expect((await history(chat, '?branches=all')).messages).toHaveLength(8);
    const repeated = await json<ActionTaken>(`/${chat}/messages/${first.messageId}/actions`, {
      body: { action: 'edit', content: 'Hi' },
      key: 'e',
    });
    expect(repeated.run?.runId).toBe(edited.run?.runId);
  });

  test('pages of a chat with branches lose and repeat nothing, by keyset and by offset', async () => {
    const chat = await begin();
    for (let turn = 0; turn < 6; turn += 1) {
      const { answerId } = await say(chat, `Question ${turn}`);
      if (turn % 2 === 0) {
        const { run } = await json<ActionTaken>(`/${chat}/messages/${answerId}/actions`, {
          body: { action: 'regenerate' },
          key: `r${turn}`,
        });
        await ended(run?.runId ?? '');
      }
    }
    const whole = await history(chat, '?limit=200');
    const pages = async (query: (page: HistoryPage | undefined, index: number) => string | undefined) => {
      const seen: Message[] = [];
      let page: HistoryPage | undefined;
      for (let index = 0; ; index += 1) {
        const asked = query(page, index);
        if (asked === undefined) return seen;
        page = await history(chat, asked);
        seen.unshift(...page.messages);
      }
    };
    const ids = whole.messages.map(({ id }) => id);
    const byKeyset = await pages((page) =>
      page === undefined ? '?limit=4' : page.before === null ? undefined : `?limit=4&before=${page.before}`,
    );
    expect(byKeyset.map(({ id }) => id)).toEqual(ids);
    const byOffset = await pages((page, index) =>
      page !== undefined && page.messages.length < 4 ? undefined : `?limit=4&offset=${index * 4}`,
    );
    expect(byOffset.map(({ id }) => id)).toEqual(ids);
    expect(whole.total).toBe(ids.length);
  });
});

describe('a process that was killed', () => {
  test('is gone on with from the words that are there', async () => {
    const chat = await begin();
    talk.fake.setScript(() => ({ kind: 'answer', pieces: WORDS.slice(0, 4), fault: { how: 'stall', afterPieces: 4 } }));
    const { runId, answerId } = await json<RunAccepted>(`/${chat}/completion`, {
      body: { content: 'Hello' },
      key: 'k',
    });
    for await (const event of talk.journal.tail(runId as RunId, 0, AbortSignal.timeout(20_000))) {
      if (event.kind === 'answer-delta' && JSON.stringify(event.data).includes('fox')) break;
    }
    // As after a kill: the first process leaves the run as it is.
    await talk.conversations.close();
    expect((await talk.journal.get(runId as RunId))?.status).toBe('running');
    const other = await openTalk({ url: sqliteUrl(join(folder, 'tandem.db')), script: fox, holder: 'b' });
    await other.conversations.resume();
    const events = await ended(runId);
    await other.close();
    expect(events.map((event) => (event.kind === 'answer-delta' ? event.data.text : '')).join('')).toBe(WORDS.join(''));
    expect(events.filter(({ kind }) => kind === 'answer-start')).toHaveLength(1);
    expect((await history(chat)).messages.at(-1)).toMatchObject({
      id: answerId,
      status: 'complete',
      content: WORDS.join(''),
    });
  });
});
