// The official clients of OpenAI and Anthropic against our wires, with models that answer over real wires on loopback.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Anthropic from '@anthropic-ai/sdk';
import { Hono } from 'hono';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, microdollars, Secret, systemClock, type ManualClock } from 'kernel/basics';
import { createGuard, NO_SECRETS } from 'kernel/guard';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { createModels, type Models } from 'kernel/models';
import { createSpending, SPENDING_MIGRATIONS, type Spending } from 'kernel/spending';
import { openStore, sqliteUrl, type Store } from 'kernel/store';
import { startWireFake, type WireFake, type WireScript } from 'kernel/wire-fakes';

import { createGatewayKeys, GATEWAY_MIGRATIONS, type GatewayKeys } from './keys.ts';
import { gatewayRoutes } from './routes.ts';

const WORDS = ['The ', 'quick ', 'brown ', 'fox.'];
const fox: WireScript = () => ({ kind: 'answer', pieces: WORDS, usage: { input: 20, output: 4, cacheRead: 5 } });
const adder: WireScript = ({ hasToolResult }) =>
  hasToolResult
    ? { kind: 'answer', pieces: ['It is 5.'] }
    : { kind: 'answer', tools: [{ id: 't1', name: 'add', input: '{"a":2,"b":3}' }] };
const MODEL = 'openai/gpt-4o';

let folder: string;
let store: Store;
let fake: WireFake;
let spending: Spending;
let models: Models;
let keys: GatewayKeys;
let journal: Journal;
let clock: ManualClock;
let app: Hono;
let key: { readonly id: string; readonly key: string };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-gateway-'));
  store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  await store.migrate([JOURNAL_MIGRATIONS, SPENDING_MIGRATIONS, GATEWAY_MIGRATIONS]);
  fake = await startWireFake(fox);
  clock = manualClock(Date.now());
  spending = createSpending({ store, clock: systemClock, holder: 'a', isGone: () => false });
  const settings = [
    { provider: 'openai', model: 'gpt-4o', baseUrl: fake.url, keys: [new Secret('sk-the-key-of-openai')] },
    { provider: 'anthropic', model: 'claude-sonnet-4-0', baseUrl: fake.url, keys: [new Secret('sk-ant-the-key')] },
  ] as const;
  models = createModels({ settings, spending, clock: systemClock, discoveryPorts: [] });
  keys = createGatewayKeys(store, clock);
  journal = createJournal(store, clock);
  key = await keys.issue('ada', 'my editor');
  const personOf = async (token: string) => (token === 'a-token' ? 'ada' : undefined);
  const guard = createGuard([NO_SECRETS], systemClock);
  const ports = { guard, models, keys, journal, clock, closing: new AbortController().signal, personOf };
  app = new Hono().route('/v1', gatewayRoutes(ports));
});
afterEach(async () => {
  await models.close();
  await spending.close();
  await fake.close();
  await store.close();
  rmSync(folder, { recursive: true });
});

const through = async (url: unknown, init?: unknown): Promise<Response> =>
  app.request(url as string, init as RequestInit);
const openai = (apiKey = key.key, headers: Record<string, string> = {}) =>
  new OpenAI({ apiKey, baseURL: 'http://tandem.test/v1', fetch: through, maxRetries: 0, defaultHeaders: headers });
const anthropic = (apiKey = key.key) =>
  new Anthropic({ apiKey, baseURL: 'http://tandem.test', fetch: through, maxRetries: 0 });
const hello = {
  model: MODEL,
  messages: [{ role: 'user', content: 'Hello! Please tell me what the quick brown fox does all day long.' }],
} as const;
const lines = async () => (await spending.lines({}, { limit: 50 })).lines;

describe('the official OpenAI client', () => {
  test('lists the models, and finds one', async () => {
    const ids = (await Array.fromAsync(await openai().models.list())).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['auto', MODEL, 'anthropic/claude-sonnet-4-0']));
    expect(await openai().models.retrieve(MODEL)).toMatchObject({ id: MODEL, object: 'model' });
    await expect(openai().models.retrieve('no/such')).rejects.toMatchObject({ status: 404 });
  });

  test('gets a whole answer with its usage, which is on the ledger of the person and the key', async () => {
    const answer = await openai().chat.completions.create({ ...hello, messages: [...hello.messages] });
    expect(answer.choices[0]).toMatchObject({ message: { content: 'The quick brown fox.' }, finish_reason: 'stop' });
    expect(answer.usage).toMatchObject({
      prompt_tokens: 20,
      completion_tokens: 4,
      prompt_tokens_details: { cached_tokens: 5 },
    });
    expect(await lines()).toMatchObject([
      { person: 'ada', key: key.id, product: 'gateway', run: null, outcome: 'ok', costMicroUsd: 84 },
    ]);
  });

  test('gets a stream, with usage at its end where it asks for it', async () => {
    const stream = await openai().chat.completions.create({
      ...hello,
      messages: [...hello.messages],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('The quick brown fox.');
    expect(chunks.at(-1)?.usage).toMatchObject({ total_tokens: 24 });
    expect(chunks.find(({ choices }) => choices[0]?.finish_reason)?.choices[0]?.finish_reason).toBe('stop');
  });

  test('calls tools, whole and streamed, and goes on with what they answered', async () => {
    fake.setScript(adder);
    const tool = {
      type: 'function',
      function: { name: 'add', description: 'Adds', parameters: { type: 'object', properties: {} } },
    } as const;
    const first = await openai().chat.completions.create({ ...hello, messages: [...hello.messages], tools: [tool] });
    const call = first.choices[0]?.message.tool_calls?.[0];
    expect(call).toMatchObject({ id: 't1', type: 'function', function: { name: 'add' } });
    expect(JSON.parse(call?.type === 'function' ? call.function.arguments : '')).toEqual({ a: 2, b: 3 });
    const runner = openai().chat.completions.stream({ ...hello, messages: [...hello.messages], tools: [tool] });
    expect((await runner.finalMessage()).tool_calls?.[0]).toMatchObject({
      function: { name: 'add', arguments: expect.stringContaining('"b":3') },
    });
    const message = first.choices[0]?.message;
    if (message === undefined) throw new Error('no message');
    const then = await openai().chat.completions.create({
      ...hello,
      messages: [...hello.messages, message, { role: 'tool', tool_call_id: 't1', content: '5' }],
      tools: [tool],
    });
    expect(then.choices[0]?.message.content).toBe('It is 5.');
  });

  test('is told what is wrong in the words of its wire', async () => {
    const refused = async (ask: Promise<unknown>) => {
      const error = await ask.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof OpenAI.APIError)) throw new Error(`no API error: ${String(error)}`);
      return [error.status, error.code];
    };
    const create = (body: object, apiKey?: string) => refused(openai(apiKey).chat.completions.create(body as never));
    expect(await create(hello, 'tk_wrong')).toEqual([401, 'GATEWAY_KEY_WRONG']);
    expect(await create({ ...hello, model: 'no-such-model' })).toEqual([404, 'GATEWAY_MODEL_UNKNOWN']);
    expect(await create({ ...hello, messages: [] })).toEqual([400, 'GATEWAY_REQUEST_WRONG']);
    expect(await create({ ...hello, n: 5 })).toEqual([400, 'GATEWAY_REQUEST_WRONG']);
    const picture = [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://169.254.169.254/' } }] }];
    expect(await create({ ...hello, messages: picture })).toEqual([400, 'GATEWAY_PICTURE_ELSEWHERE']);
    const notJson = await through('http://tandem.test/v1/chat/completions', {
      method: 'POST',
      headers: { authorization: `Bearer ${key.key}` },
      body: '{"model":',
    });
    expect(notJson.status).toBe(400);
    expect(fake.requestCount).toBe(0);
  });

  test('a budget stops the key that has used it up, and no other', async () => {
    await spending.setBudget({
      scope: 'key',
      subject: key.id,
      period: 'total',
      // Enough for what one call may cost at most, and after it not for another.
      limitMicroUsd: microdollars(430),
      note: '',
    });
    const create = (apiKey: string) =>
      openai(apiKey).chat.completions.create({ ...hello, messages: [...hello.messages], max_tokens: 5 });
    await create(key.key);
    await expect(create(key.key)).rejects.toMatchObject({
      status: 402,
      code: 'MODELS_OVER_BUDGET',
      type: 'insufficient_quota',
    });
    const other = await keys.issue('ada', 'another');
    await expect(create(other.key)).resolves.toBeDefined();
  });

  test('a key that is taken back ends at once, also in the middle of a stream', async () => {
    fake.setScript(() => ({ kind: 'answer', pieces: ['The '], fault: { how: 'stall', afterPieces: 1 } }));
    const stream = await openai().chat.completions.create({ ...hello, messages: [...hello.messages], stream: true });
    const said: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) {
        said.push(chunk.choices[0]?.delta.content ?? '');
        if (said.join('') === 'The ') await keys.revoke(key.id);
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(OpenAI.APIError);
    expect(await lines()).toMatchObject([{ outcome: 'cut', isEstimated: true }]);
    await expect(openai().models.list()).rejects.toMatchObject({ status: 401 });
  });

  test('a call belongs to a run of its own person, and to no other’s', async () => {
    const run = async (owner: string) =>
      (await journal.start({ product: 'modernizer', title: 't', source: 's', owner, input: null })).run.id;
    const mine = await run('ada');
    await openai(key.key, { 'tandem-run': mine }).chat.completions.create({ ...hello, messages: [...hello.messages] });
    expect(await spending.costOf(mine)).toBe(84);
    const theirs = openai(key.key, { 'tandem-run': await run('eve') });
    const asked = theirs.chat.completions.create({ ...hello, messages: [...hello.messages] });
    await expect(asked).rejects.toMatchObject({ status: 400, code: 'GATEWAY_RUN_WRONG' });
  });
});

describe('the official Anthropic client', () => {
  const ask = {
    model: 'anthropic/claude-sonnet-4-0',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'Hello' }],
  } as const;

  test('gets a whole answer and a stream, with usage', async () => {
    const answer = await anthropic().messages.create({ ...ask, messages: [...ask.messages], system: 'Be short.' });
    expect(answer).toMatchObject({
      type: 'message',
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: 'The quick brown fox.' }],
    });
    expect(answer.usage.output_tokens).toBe(4);
    expect(answer.usage.input_tokens + (answer.usage.cache_read_input_tokens ?? 0)).toBe(20);
    const stream = anthropic().messages.stream({ ...ask, messages: [...ask.messages] });
    const final = await stream.finalMessage();
    expect(final).toMatchObject({ stop_reason: 'end_turn', content: [{ text: 'The quick brown fox.' }] });
    expect(fake.requests[0]?.prompt).toContain('Be short.');
  });

  test('calls tools, whole and streamed, and goes on with what they answered', async () => {
    fake.setScript(adder);
    const tools = [{ name: 'add', description: 'Adds', input_schema: { type: 'object' as const, properties: {} } }];
    const first = await anthropic().messages.create({ ...ask, messages: [...ask.messages], tools });
    expect(first).toMatchObject({
      stop_reason: 'tool_use',
      content: [{ type: 'tool_use', id: 't1', name: 'add', input: { a: 2, b: 3 } }],
    });
    const streamed = await anthropic()
      .messages.stream({ ...ask, messages: [...ask.messages], tools })
      .finalMessage();
    expect(streamed.content).toMatchObject([{ type: 'tool_use', name: 'add', input: { a: 2, b: 3 } }]);
    const then = await anthropic().messages.create({
      ...ask,
      messages: [
        ...ask.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: '5' }] },
      ],
      tools,
    });
    expect(then.content).toMatchObject([{ type: 'text', text: 'It is 5.' }]);
  });

  test('lists the models in its own shape, and is told what is wrong in its own words', async () => {
    const ids = (await Array.fromAsync(await anthropic().models.list())).map(({ id }) => id);
    expect(ids).toContain('anthropic/claude-sonnet-4-0');
    const wrong = anthropic('tk_wrong').messages.create({ ...ask, messages: [...ask.messages] });
    await expect(wrong).rejects.toMatchObject({ status: 401, error: { error: { type: 'authentication_error' } } });
    fake.setScript(() => ({ kind: 'status', status: 400, message: 'no' }));
    await expect(anthropic().messages.create({ ...ask, messages: [...ask.messages] })).rejects.toBeInstanceOf(
      Anthropic.APIError,
    );
  });
});

test('no key of a provider or of the gateway is in anything that was answered or kept', async () => {
  fake.setScript(() => ({ kind: 'status', status: 401, message: 'the key sk-the-key-of-openai is wrong' }));
  const answered = await through('http://tandem.test/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${key.key}` },
    body: JSON.stringify(hello),
  });
  const everything = [
    await answered.text(),
    JSON.stringify(await lines()),
    JSON.stringify(models.legs()),
    JSON.stringify(await keys.list()),
  ].join('\n');
  for (const secret of ['sk-the-key-of-openai', 'sk-ant-the-key', key.key]) expect(everything).not.toContain(secret);
});
