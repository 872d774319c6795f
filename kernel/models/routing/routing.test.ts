import { afterEach, describe, expect, test } from 'vitest';

import { Fault, instant, manualClock, microdollars, systemClock } from '../../basics/index.ts';
import { sourceChangeOf } from '../answer-notes.ts';
import { ADD_TOOL, asking, modelContract, partsOf, textIn } from '../model.contract.ts';
import { CALLER, KEY_A, KEY_B, setting, underTest, type Plan, type UnderTest } from '../models-under-test.ts';
import type { WireBehaviour, WireFault, WireRequest } from '../wire-fakes/index.ts';
import { answering, firstMeets, notesIn, PIECES, stream, TEXT } from './answers-under-test.ts';

const open: UnderTest[] = [];
const started = async (plan: Plan): Promise<UnderTest> => {
  const test = await underTest(plan);
  open.push(test);
  return test;
};
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

modelContract('the router', async () => {
  const under = await started({
    script: (request) =>
      request.text.includes('add') && !request.hasToolResult
        ? { kind: 'answer', tools: [{ id: 'c1', name: 'add', input: '{"a":2,"b":3}' }] }
        : answering(request),
  });
  const model = under.models.model('auto', CALLER);
  if (model === undefined) throw new Error('auto is always there.');
  return { model, forText: 'Tell me of the fox.', forTool: 'Please add 2 and 3.' };
});

const FAULTS: readonly (WireFault & { readonly code: string })[] = [
  { how: 'drop', afterPieces: 5, code: 'broken-off' },
  { how: 'clean-end', afterPieces: 5, code: 'broken-off' },
  { how: 'error-event', afterPieces: 5, code: 'error-event' },
  { how: 'overloaded-event', afterPieces: 5, code: 'overloaded-event' },
  { how: 'rate-limit-event', afterPieces: 5, code: 'rate-limit-event' },
  { how: 'key-refused-event', afterPieces: 5, code: 'key-refused-event' },
  { how: 'garbage', afterPieces: 5, code: 'unreadable' },
  { how: 'half-json', afterPieces: 5, code: 'unreadable' },
  { how: 'stall', afterPieces: 5, code: 'stalled' },
];

describe('an answer that breaks off', () => {
  for (const provider of ['anthropic', 'openai', 'gemini', 'huggingface', 'qwen'] as const) {
    test.each(FAULTS)(
      `${provider}: by $how is gone on with, without a gap or a repeat, and both attempts are on the ledger`,
      async (fault) => {
        const under = await started({
          script: firstMeets({ kind: 'answer', pieces: PIECES, fault }),
          settings: (fake) => [
            setting(provider, provider === 'gemini' ? fake.geminiUrl : fake.url, [KEY_A], FREE_OF_DOUBT[provider]),
            setting('openrouter', fake.url, [KEY_B], 'openai/gpt-4o'),
          ],
          options: { limits: { stallMs: 40, coolingMs: 20 } },
        });
        await under.spending.setPrice({ provider: 'openrouter', model: 'openai/gpt-4o', tiers: [TIER] }, 'test');
        if (provider === 'huggingface') {
          await under.spending.setPrice({ provider, model: FREE_OF_DOUBT[provider], tiers: [TIER] }, 'test');
        }
        const parts = await stream(under);
        expect(textIn(parts)).toBe(TEXT);
        expect(parts.filter(({ type }) => type === 'text-start' || type === 'text-end')).toHaveLength(2);
        expect(parts.map(sourceChangeOf).find((change) => change !== undefined)?.source.provider).toBe('openrouter');
        const lines = await under.lines();
        expect(lines.map(({ outcome, error }) => [outcome, error])).toEqual([
          ['cut', fault.code],
          ['ok', null],
        ]);
        expect(lines[0]).toMatchObject({ isEstimated: true });
        expect(lines[0]?.usage.outputTokens).toBeGreaterThan(0);
        expect(notesIn(parts)).toMatchObject({
          source: { provider: 'openrouter', attempts: 2 },
          isEstimated: true,
          costMicroUsd: lines.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
          verdict: { kind: 'not-checked' },
        });
      },
    );
  }

  test('at any byte of the stream is gone on with', async () => {
    for (let afterBytes = 0; afterBytes < 4500; afterBytes += 311) {
      const under = await started({
        script: firstMeets({ kind: 'answer', pieces: PIECES, fault: { how: 'drop', afterBytes } }),
      });
      expect(textIn(await stream(under)), `after ${afterBytes} bytes`).toBe(TEXT);
    }
  });

  test('several times is gone on with each time', async () => {
    const under = await started({
      script: (request) => {
        const answer = answering(request);
        const pieces = answer.kind === 'answer' ? (answer.pieces ?? []) : [];
        return request.number > 3 ? answer : { kind: 'answer', pieces, fault: { how: 'drop', afterPieces: 9 } };
      },
    });
    expect(textIn(await stream(under))).toBe(TEXT);
    expect((await under.lines()).map(({ outcome }) => outcome)).toEqual(['cut', 'cut', 'cut', 'ok']);
  });

  test('after a tool with an effect was called ends with an error that says so', async () => {
    const under = await started({
      script: firstMeets({
        kind: 'answer',
        tools: TWICE,
        pieces: ['I will. '],
        fault: { how: 'drop', afterPieces: 5 },
      }),
    });
    const parts = await stream(under, { ...CALLER, toolsAreHarmless: false }, 'auto', { tools: [ADD_TOOL] });
    expect(parts.some(({ type }) => type === 'tool-call')).toBe(true);
    const error = parts.find((part) => part.type === 'error');
    expect(error?.error).toMatchObject({ code: 'MODELS_BROKE_AFTER_TOOL' });
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'error' } });
    expect(under.fake.requestCount).toBe(1);
  });

  test('after a harmless tool was called ends so that the tool is run', async () => {
    const under = await started({
      script: firstMeets({ kind: 'answer', tools: TWICE, fault: { how: 'drop', afterPieces: 4 } }),
    });
    const parts = await stream(under, CALLER, 'auto', { tools: [ADD_TOOL] });
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'tool-calls' } });
  });

  test('in the input of a tool shows none of it, and asks again', async () => {
    const tools = [{ id: 'c1', name: 'add', input: '{"a":1,"b":2}' }];
    const under = await started({
      script: firstMeets({ kind: 'answer', tools, fault: { how: 'drop', afterPieces: 2 } }),
    });
    const parts = await stream(under, { ...CALLER, toolsAreHarmless: false }, 'auto', { tools: [ADD_TOOL] });
    expect(parts.some(({ type }) => type.startsWith('tool'))).toBe(false);
    expect(textIn(parts)).toBe(TEXT);
  });

  test('as JSON is joined where the two fit, and ends with an error where they do not', async () => {
    const json = '{"animals": ["fox", "dog"], "trees": ["oak"]}';
    const cut = {
      kind: 'answer',
      pieces: json.match(/.{1,6}/g) ?? [],
      fault: { how: 'drop', afterPieces: 4 },
    } as const;
    const more = { responseFormat: { type: 'json' } } as const;
    const good = await started({
      script: firstMeets2(cut, { kind: 'answer', pieces: ['```json\n', json, '\n', '```', '\n'] }),
    });
    expect(JSON.parse(textIn(await stream(good, CALLER, 'auto', more)))).toEqual(JSON.parse(json));
    const bad = await started({ script: firstMeets2(cut, { kind: 'answer', pieces: ['Once upon a time.'] }) });
    const parts = await stream(bad, CALLER, 'auto', more);
    expect(parts.find((part) => part.type === 'error')?.error).toMatchObject({ code: 'MODELS_CONTINUED_BADLY' });
  });

  test('in a process that died is gone on with from what its reader has', async () => {
    const under = await started({ script: answering });
    const parts = await stream(under, { ...CALLER, alreadySaid: TEXT.slice(0, 47) });
    expect(TEXT.slice(0, 47) + textIn(parts)).toBe(TEXT);
  });
});

const TWICE = [
  { id: 'c1', name: 'add', input: '{"a":1,"b":2}' },
  { id: 'c2', name: 'add', input: '{"a":3,"b":4}' },
];

const firstMeets2 = (first: WireBehaviour, then: WireBehaviour) => (request: WireRequest) =>
  request.number === 1 ? first : then;
const TIER = {
  aboveInputTokens: 0,
  input: microdollars(1_000_000),
  output: microdollars(2_000_000),
  cacheRead: microdollars(100_000),
  cacheWrite: microdollars(1_000_000),
};
const FREE_OF_DOUBT = {
  anthropic: 'claude-sonnet-4-5',
  openai: 'gpt-4o',
  gemini: 'gemini-2.5-flash',
  huggingface: 'meta-llama/Llama-3.3-70B-Instruct',
  qwen: 'qwen-plus',
} as const;

describe('before the first word', () => {
  test.each([
    [{ kind: 'status', status: 529 } as const, 'failed', '529'],
    [{ kind: 'status', status: 503 } as const, 'failed', '503'],
    [{ kind: 'status', status: 500 } as const, 'failed', '500'],
    [{ kind: 'status', status: 401 } as const, 'failed', '401'],
    [{ kind: 'status', status: 403 } as const, 'failed', '403'],
    [{ kind: 'status', status: 429, headers: { 'retry-after-ms': '5' } } as const, 'failed', '429'],
    [{ kind: 'hang' } as const, 'failed', 'first-token-timeout'],
    [{ kind: 'answer', pieces: [] } as const, 'cut', 'empty'],
    [{ kind: 'answer', pieces: PIECES, fault: { how: 'drop', afterPieces: 0 } } as const, 'cut', 'broken-off'],
    [{ kind: 'raw', contentType: 'text/html', body: '<html>hello</html>' } as const, 'cut', 'broken-off'],
  ])('%j is met by the next leg, and the reader sees nothing of it', async (behaviour, outcome, code) => {
    const under = await started({
      script: firstMeets(behaviour),
      options: { limits: { firstTokenMs: 40, coolingMs: 20 } },
    });
    const parts = await stream(under);
    expect(textIn(parts)).toBe(TEXT);
    expect(parts[0]?.type).toBe('stream-start');
    const [first, second] = await under.lines();
    expect([first?.outcome, first?.error]).toEqual([outcome, code]);
    if (outcome === 'failed') expect(first?.costMicroUsd).toBe(0);
    expect(second?.outcome).toBe('ok');
  });

  test.each([400, 404, 413, 422])('%d is our mistake: it is sent nowhere else', async (status) => {
    const under = await started({ script: () => ({ kind: 'status', status, message: 'too many tokens' }) });
    await expect(stream(under)).rejects.toMatchObject({ code: 'MODELS_REJECTED' });
    expect(under.fake.requestCount).toBe(1);
  });

  test('a refused key is told as such, and never asked with again until the settings change', async () => {
    let isGood = false;
    const under = await started({
      script: (request) => (isGood ? answering(request) : { kind: 'status', status: 401, message: `bad key ${KEY_A}` }),
      settings: (fake) => [setting('anthropic', fake.url)],
    });
    const error: unknown = await stream(under).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ code: 'MODELS_KEY_REFUSED' });
    expect(String(error)).not.toContain(KEY_A);
    await expect(stream(under)).rejects.toMatchObject({ code: 'MODELS_KEY_REFUSED' });
    expect(under.fake.requestCount).toBe(1);
    expect(under.models.legs()[0]?.state.kind).toBe('revoked');
    isGood = true;
    under.models.configure([setting('anthropic', under.fake.url, [KEY_B])]);
    expect(textIn(await stream(under))).toBe(TEXT);
    expect(under.fake.requests.at(-1)?.key).toBe(KEY_B);
    expect(under.models.legs()[0]).toMatchObject({ leg: 'anthropic/claude-sonnet-4-5#2', keyMasked: 'plan…4712' });
  });

  test('a call in flight ends on the key it began with', async () => {
    const under = await started({
      script: () => ({ kind: 'answer', pieces: PIECES, pieceDelayMs: 2 }),
      settings: (fake) => [setting('anthropic', fake.url, [KEY_A])],
    });
    const result = await under.models.model('auto', CALLER)?.doStream(asking('Hi'));
    under.models.configure([setting('anthropic', under.fake.url, [KEY_B])]);
    expect(textIn(await partsOf(result?.stream ?? new ReadableStream()))).toBe(TEXT);
    await stream(under);
    expect(under.fake.requests.map(({ key }) => key)).toEqual([KEY_A, KEY_B]);
  });

  test('the table bounds the tries: five more after too many requests, three more after a timeout', async () => {
    const busy = await started({
      script: () => ({ kind: 'status', status: 429, headers: { 'retry-after-ms': '1' } }),
      settings: (fake) => [setting('anthropic', fake.url)],
    });
    await expect(stream(busy)).rejects.toMatchObject({ code: 'MODELS_NONE_ANSWERED', about: { reason: 'rate-limit' } });
    expect(busy.fake.requestCount).toBe(6);
    const slow = await started({
      script: () => ({ kind: 'hang' }),
      settings: (fake) => [setting('anthropic', fake.url)],
      options: { limits: { firstTokenMs: 8 } },
    });
    await expect(stream(slow)).rejects.toMatchObject({ about: { kind: 'llm', reason: 'timeout' } });
    expect(slow.fake.requestCount).toBe(4);
  });

  test('who has to wait for too long is told for how long, at once', async () => {
    const under = await started({
      script: () => ({ kind: 'status', status: 429, headers: { 'retry-after': '600' } }),
      settings: (fake) => [setting('anthropic', fake.url)],
    });
    await expect(stream(under)).rejects.toMatchObject({ code: 'MODELS_NONE_ANSWERED' });
    await expect(stream(under)).rejects.toMatchObject({ code: 'MODELS_ALL_COOLING', about: { kind: 'limit' } });
    expect(under.fake.requestCount).toBe(1);
  });
});

test('a stall is found by ticks of the clock, however its readings jump', async () => {
  const clock = manualClock();
  const under = await started({
    script: firstMeets({ kind: 'hang' }),
    clock,
    options: { limits: { firstTokenMs: 40_000, callMs: 1e12 } },
  });
  const answer = stream(under);
  while (under.fake.requestCount < 1) await new Promise((resolve) => setImmediate(resolve));
  // Each tick is 7.5 s long; how far the clock says it went on does not matter.
  for (let tick = 0; tick < 6; tick += 1) {
    await clock.advance(3_600_000);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(textIn(await answer)).toBe(TEXT);
});

test('a provider that is down gets few extra calls, however many are made', async () => {
  const under = await started({
    script: () => ({ kind: 'answer', pieces: ['a'], fault: { how: 'drop', afterPieces: 0 } }),
    settings: (fake) => [setting('anthropic', fake.url)],
    options: { limits: { breakerFailures: Infinity } },
  });
  const calls = 10;
  for (let call = 0; call < calls; call += 1)
    await expect(stream(under)).rejects.toMatchObject({ about: { kind: 'llm' } });
  // Ten extra ones at first, one for every tenth call, and one for a second that may have passed.
  expect(under.fake.requestCount).toBeLessThanOrEqual(calls + 12);
});

test('a leg that was left alone is tried by one of many callers, and by all once it answers', async () => {
  let isUp = false;
  let offsetMs = 0;
  const clock = { ...systemClock, now: () => instant(Date.now() + offsetMs) };
  const under = await started({
    script: (request) => (isUp ? { ...answering(request), pieceDelayMs: 2 } : { kind: 'status', status: 500 }),
    settings: (fake) => [setting('anthropic', fake.url)],
    clock,
    options: { limits: { breakerFailures: 4 } },
  });
  await expect(stream(under)).rejects.toThrow();
  expect(under.models.legs()[0]?.state).toMatchObject({ kind: 'cooling', why: 'It failed too often lately.' });
  await expect(stream(under)).rejects.toMatchObject({ code: 'MODELS_ALL_COOLING' });
  const before = under.fake.requestCount;
  isUp = true;
  offsetMs = 60_000;
  const all = await Promise.allSettled(Array.from({ length: 10 }, () => stream(under)));
  expect(under.fake.requestCount - before).toBe(1);
  expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(textIn(await stream(under))).toBe(TEXT);
});
