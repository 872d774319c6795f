import { expect, test } from 'vitest';

import { fromIso } from '../basics/index.ts';
import { costOf, listedPrice, worstCostOf } from './prices.ts';

const NOW = fromIso('2026-11-21T00:00:00Z');

/** Every model that the designs of the products name, as their providers call it, and what is known of its price. */
const NAMED: [provider: string, model: string, kind: string, input?: number, output?: number][] = [
  ['anthropic', 'claude-sonnet-4-20250514', 'priced', 3_000_000, 15_000_000],
  ['anthropic', 'claude-sonnet-4-0', 'priced', 3_000_000, 15_000_000],
  ['anthropic', 'claude-opus-4-0', 'priced', 15_000_000, 75_000_000],
  ['anthropic', 'claude-haiku-4', 'unpriced'],
  ['anthropic', 'claude-haiku-4-5', 'priced', 1_000_000, 5_000_000],
  ['anthropic', 'claude-3', 'retired'],
  ['openai', 'gpt-4o', 'priced', 2_500_000, 10_000_000],
  ['openai', 'gpt-4-turbo', 'priced', 10_000_000, 30_000_000],
  ['openai', 'gpt-4', 'priced', 30_000_000, 60_000_000],
  ['openai', 'gpt-3.5-turbo', 'priced', 500_000, 1_500_000],
  ['gemini', 'gemini-2.0-flash', 'priced', 100_000, 400_000],
  ['gemini', 'gemini-2.0-pro', 'retired'],
  ['gemini', 'gemini-3-pro-preview', 'priced', 2_000_000, 12_000_000],
  ['huggingface', 'meta-llama/Llama-3.3-70B-Instruct', 'unpriced'],
  ['huggingface', 'microsoft/DialoGPT-large', 'unpriced'],
  ['qwen', 'qwen-turbo', 'priced', 50_000, 200_000],
  ['qwen', 'qwen-plus', 'priced', 400_000, 1_200_000],
  ['qwen', 'qwen-max', 'priced', 1_600_000, 6_400_000],
  ['qwen', 'qwen2.5-72b-instruct', 'unpriced'],
  ['qwen', 'qwen2.5-14b-instruct', 'unpriced'],
  ['minimax', 'speech-02-turbo', 'unpriced'],
];

test.each(NAMED)('%s/%s is %s, with its source', (provider, model, kind, input, output) => {
  const answer = listedPrice(provider, model, NOW);
  expect(answer.kind).toBe(kind);
  if (answer.kind === 'unpriced') expect(answer.why.length).toBeGreaterThan(20);
  if (answer.kind === 'retired') expect(answer.source).not.toBe('');
  if (answer.kind === 'priced') {
    expect(answer.price).toMatchObject({ tiers: [{ input, output }, ...answer.price.tiers.slice(1)] });
    expect(answer.price.source).not.toBe('');
    expect(answer.price.version).not.toBe('');
  }
});

test('a model that nobody named is unpriced and never free', () => {
  for (const provider of ['openai', 'openai_compatible', 'openrouter', 'constructor', '__proto__', '']) {
    expect(listedPrice(provider, 'no-such-model-at-all', NOW).kind).toBe('unpriced');
  }
  expect(listedPrice('local', 'llama3', NOW)).toMatchObject({
    kind: 'priced',
    price: { tiers: [{ input: 0, output: 0 }] },
  });
});

test('a long prompt is paid by its dearer tier, and so is the worst case', () => {
  const answer = listedPrice('gemini', 'gemini-3-pro-preview', NOW);
  if (answer.kind !== 'priced') throw new Error('not priced');
  const usage = (inputTokens: number) => ({ inputTokens, outputTokens: 1000, cacheReadTokens: 0, cacheWriteTokens: 0 });
  expect(costOf(answer.price, usage(100_000))).toBe(212_000);
  expect(costOf(answer.price, usage(300_000))).toBe(1_218_000);
  expect(worstCostOf(answer.price, usage(300_000))).toBe(1_218_000);
  expect(worstCostOf(answer.price, usage(100_000))).toBe(212_000);
});

test('cached tokens are part of the input and have prices of their own', () => {
  const answer = listedPrice('anthropic', 'claude-sonnet-4-20250514', NOW);
  if (answer.kind !== 'priced') throw new Error('not priced');
  const usage = { inputTokens: 1000, cacheReadTokens: 600, cacheWriteTokens: 300, outputTokens: 10 };
  expect(costOf(answer.price, usage)).toBe(300 + 180 + 1125 + 150);
});

test('a part of a microdollar is a whole one', () => {
  const answer = listedPrice('gemini', 'gemini-2.0-flash', NOW);
  if (answer.kind !== 'priced') throw new Error('not priced');
  expect(costOf(answer.price, { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 })).toBe(1);
});

test('a price that begins later is not charged before', () => {
  const at = (day: string) => {
    const answer = listedPrice('gemini', 'gemini-3.6-flash', fromIso(`${day}T12:00:00Z`));
    return answer.kind === 'priced' ? answer.price.tiers[0].input : answer.kind;
  };
  expect([at('2026-12-30'), at('2027-01-01')]).toEqual([750_000, 1_500_000]);
});
