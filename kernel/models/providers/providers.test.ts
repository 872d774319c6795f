import { afterAll, beforeAll, expect, test } from 'vitest';

import { Fault } from '../../basics/index.ts';
import { ADD_TOOL, asking, modelContract, partsOf } from '../model.contract.ts';
import type { Route } from '../models.ts';
import { startWireFake, type WireFake, type WireScript } from '../wire-fakes/index.ts';
import { checkOptions, optionsFor, PROVIDER_DOORS } from './providers.ts';

const PIECES = ['The quick', ' brown', ' fox jumps', ' over the lazy dog.'];
const script: WireScript = ({ text }) =>
  text.includes('add')
    ? { kind: 'answer', tools: [{ id: 'call_1', name: 'add', input: '{"a": 2, "b": 3}' }] }
    : { kind: 'answer', pieces: PIECES };

let fake: WireFake;
beforeAll(async () => void (fake = await startWireFake(script)));
afterAll(() => fake.close());

const opened = async (name: keyof typeof PROVIDER_DOORS) => {
  const baseUrl = name === 'gemini' ? fake.geminiUrl : fake.url;
  return (await PROVIDER_DOORS[name].open({ key: 'key-of-test', baseUrl, fetch: undefined }))('model-1');
};

const NAMES = ['anthropic', 'openai', 'gemini', 'huggingface', 'qwen', 'openrouter', 'openai_compatible'] as const;

for (const name of NAMES) {
  modelContract(`${name} over its wire`, async () => ({
    model: await opened(name),
    forText: 'Say something.',
    forTool: 'Please add 2 and 3.',
  }));
}

test.each(NAMES)('%s sends its key, and tells what was read from a cache', async (name) => {
  const answer = await (await opened(name)).doGenerate(asking('Say something.', { maxOutputTokens: 100 }));
  expect(fake.requests.at(-1)?.key).toBe('key-of-test');
  expect(answer.usage.inputTokens).toMatchObject({ total: 11, cacheRead: 4 });
  expect(answer.usage.outputTokens.total).toBe(9);
});

test.each(NAMES)('%s gives calls of several tools at once, each with all of its input', async (name) => {
  fake.setScript(() => ({
    kind: 'answer',
    tools: [
      { id: 'one', name: 'add', input: '{"a":1,"b":1}' },
      { id: 'two', name: 'add', input: '{"a":2,"b":2}' },
    ],
  }));
  const model = await opened(name);
  const parts = await partsOf((await model.doStream(asking('Add twice.', { tools: [ADD_TOOL] }))).stream);
  fake.setScript(script);
  const calls = parts.filter((part) => part.type === 'tool-call');
  expect(calls.map((call) => JSON.parse(call.input))).toEqual([
    { a: 1, b: 1 },
    { a: 2, b: 2 },
  ]);
});

const route = (options: Route['options']): Route => ({ name: 'r', policy: 'pinned', targets: [], options });

test('options of a route are checked by the schema of their provider, and the wrong one is named', () => {
  const safety = { safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_ONLY_HIGH' }] };
  expect(() => checkOptions(route({ gemini: safety }))).not.toThrow();
  expect(() => checkOptions(route({ anthropic: { thinking: { type: 'enabled', budgetTokens: 2000 } } }))).not.toThrow();
  const wrong = () => checkOptions(route({ openai: { reasoningEffort: 'enormous' } }));
  expect(wrong).toThrow(Fault);
  expect(wrong).toThrow(/route r for openai .*reasoningEffort/s);
  expect(() => checkOptions(route({ anthropic: { budget: 1 } }))).toThrow(/budget/);
  expect(() => checkOptions(route({ nobody: {} }))).toThrow(/No provider has that name/);
});

test('options reach the wire under the name its package knows, and what the caller set goes before them', async () => {
  const threshold = {
    threshold: 'BLOCK_NONE',
    safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
  };
  const providerOptions = optionsFor('gemini', route({ gemini: threshold }), { google: { threshold: 'OFF' } });
  expect(providerOptions).toEqual({ google: { ...threshold, threshold: 'OFF' } });
  await (await opened('gemini')).doGenerate(asking('Hi', { providerOptions: providerOptions ?? {} }));
  expect(fake.requests.at(-1)?.body['safetySettings']).toEqual(
    expect.arrayContaining([{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }]),
  );
  expect(optionsFor('openai', route({ gemini: threshold }), undefined)).toBeUndefined();
});
