import { Fault } from 'kernel/basics';
import { expect, test } from 'vitest';

import type { KnownModel } from './attribution.ts';
import {
  BUILT_IN_REGISTRY,
  canonicalName,
  checkModel,
  isModelCalled,
  isProviderCalled,
  recognise,
  withProviders,
} from './registry.ts';
import { SONNET } from './sample-attributions.ts';

const model = (provider: string, name: string): KnownModel => ({ ...SONNET, provider, model: name });

test.each([
  ['claude-sonnet-4-5', 'anthropic', 'claude-sonnet-4-5'],
  ['claude-sonnet-4-5-20250929', 'anthropic', 'claude-sonnet-4-5'],
  ['Claude Sonnet 4.5', 'anthropic', 'claude-sonnet-4-5'],
  ['claude-4.5-sonnet', 'anthropic', 'claude-sonnet-4-5'],
  ['anthropic/claude-opus-4.5', 'anthropic', 'claude-opus-4-5'],
  ['sonnet', 'anthropic', 'claude-sonnet-4-5'],
  ['gpt-4', 'openai', 'gpt-4'],
  ['gpt-4o-2024-08-06', 'openai', 'gpt-4o'],
  ['gpt-5-codex', 'openai', 'gpt-5-codex'],
  ['o4-mini', 'openai', 'o4-mini'],
  ['gemini-2.5-pro', 'google', 'gemini-2.5-pro'],
  ['copilot', 'github', 'copilot'],
  ['composer-1', 'cursor', 'composer-1'],
  ['qwen3-coder-plus', 'alibaba', 'qwen3-coder'],
  ['llama-4-scout', 'meta', 'llama-4-scout'],
  ['codestral-latest', 'mistral', 'codestral'],
  ['deepseek-r1', 'deepseek', 'deepseek-reasoner'],
])('%s is known as a model of %s', (name, provider, id) => {
  expect(recognise(BUILT_IN_REGISTRY, null, name)).toMatchObject({ kind: 'listed', provider, id });
});

test('numbers keep their order, so that 4.5 and 5.4 are two models', () => {
  expect(isModelCalled(BUILT_IN_REGISTRY, SONNET, 'claude-sonnet-5-4')).toBe(false);
  expect(isModelCalled(BUILT_IN_REGISTRY, model('openai', 'gpt-4'), 'gpt-4o')).toBe(false);
  expect(isModelCalled(BUILT_IN_REGISTRY, model('anthropic', 'claude-opus-4'), 'claude-opus-4-1')).toBe(false);
});

test('a model that is not listed is given to the family it is of, and the nearest names are told', () => {
  expect(recognise(BUILT_IN_REGISTRY, null, 'gpt-6-turbo')).toEqual({
    kind: 'unlisted',
    provider: 'openai',
    nearest: ['gpt-4-turbo', 'gpt-3.5-turbo', 'gpt-5-nano'],
  });
  expect(recognise(BUILT_IN_REGISTRY, null, 'zzzzzzzzzzzz')).toEqual({ kind: 'unlisted', provider: null, nearest: [] });
});

test('an unknown model is a warning, and in strict mode a fault with the nearest names', () => {
  const unknown = model('anthropic', 'claude-sonet-4-5');
  expect(checkModel(BUILT_IN_REGISTRY, SONNET, true, '--ai-model')).toBeNull();
  expect(checkModel(BUILT_IN_REGISTRY, unknown, false, '--ai-model')).toContain('Nearest: claude-sonnet-4-5');
  expect(() => checkModel(BUILT_IN_REGISTRY, unknown, true, 'ATOMIC_AI_MODEL')).toThrow(Fault);
  expect(() => checkModel(BUILT_IN_REGISTRY, unknown, true, 'ATOMIC_AI_MODEL')).toThrow(
    /ATOMIC_AI_MODEL names anthropic\/claude-sonet-4-5.*Did you mean claude-sonnet-4-5/,
  );
  expect(checkModel(BUILT_IN_REGISTRY, { kind: 'untold', provider: 'cursor' }, false, '')).toBeNull();
  expect(() => checkModel(BUILT_IN_REGISTRY, { kind: 'untold', provider: 'cursor' }, true, 'x')).toThrow('cursor');
});

test('the same model asked for by two names is one', () => {
  const dated = model('anthropic', 'claude-sonnet-4-5-20250929');
  expect(canonicalName(BUILT_IN_REGISTRY, dated)).toBe('anthropic/claude-sonnet-4-5');
  expect(canonicalName(BUILT_IN_REGISTRY, model('Acme', 'x-1'))).toBe('Acme/x-1');
  expect(canonicalName(BUILT_IN_REGISTRY, model('copilot', 'Claude Sonnet 4.5'))).toBe('github/claude-sonnet-4-5');
  expect(isModelCalled(BUILT_IN_REGISTRY, dated, 'sonnet-4.5')).toBe(true);
  expect(isModelCalled(BUILT_IN_REGISTRY, dated, 'claude/sonnet-4.5')).toBe(true);
  expect(isModelCalled(BUILT_IN_REGISTRY, dated, 'openai/claude-sonnet-4-5')).toBe(false);
  expect(isModelCalled(BUILT_IN_REGISTRY, model('acme', 'X-1'), 'x-1')).toBe(true);
  expect(isProviderCalled(BUILT_IN_REGISTRY, 'anthropic', 'Claude')).toBe(true);
  expect(isProviderCalled(BUILT_IN_REGISTRY, 'anthropic', 'openai')).toBe(false);
  expect(isProviderCalled(BUILT_IN_REGISTRY, 'Acme', 'acme')).toBe(true);
});

test('a repository adds providers, models and prices, and its own come first', () => {
  const registry = withProviders(BUILT_IN_REGISTRY, {
    provider: {
      acme: { families: ['acme'], models: { 'acme-coder-1': { aliases: ['coder'], price: { input: 3, output: 15 } } } },
      anthropic: { models: { 'claude-house': { aliases: ['sonnet'] } } },
    },
  });
  expect(recognise(registry, null, 'coder')).toEqual({
    kind: 'listed',
    provider: 'acme',
    id: 'acme-coder-1',
    price: { input: 3_000_000, output: 15_000_000 },
  });
  expect(recognise(registry, null, 'acme-2')).toMatchObject({ provider: 'acme' });
  expect(recognise(registry, null, 'sonnet')).toMatchObject({ id: 'claude-house' });
  expect(recognise(registry, null, 'claude-opus-4-5')).toMatchObject({ kind: 'listed', provider: 'anthropic' });
});

test.each([
  [{ provider: { acme: { alias: [] } } }, 'provider.acme.alias is not a key; did you mean aliases?'],
  [{ provider: { acme: { aliases: 'x' } } }, 'provider.acme.aliases is not a list'],
  [
    { provider: { acme: { models: { x: { price: { input: -1, output: 1 } } } } } },
    'provider.acme.models.x.price.input is not a number from 0 on',
  ],
  [
    { provider: { acme: { models: { x: { price: { input: 1 } } } } } },
    'provider.acme.models.x.price.output is missing',
  ],
  [{ provider: { acme: { models: { x: 1 } } } }, 'provider.acme.models.x is not a table'],
  [{ provider: { acme: { families: [''] } } }, 'provider.acme.families is not a list'],
  [{ providers: {} }, 'providers is not a key; did you mean provider?'],
  [[], 'it is not a table'],
])('a mistake in the providers’ file is named with its place: %j', (file, mistake) => {
  expect(() => withProviders(BUILT_IN_REGISTRY, file)).toThrow(mistake);
});
