// Every provider by its name, and what a route may set for it.
// Rule: options are checked when a route is set, not when a person waits for an answer.

import type { SharedV4ProviderOptions } from '@ai-sdk/provider';
import { z } from 'zod';

import { optionsWrong } from '../faults.ts';
import { LOCAL_PROVIDER, PROVIDERS, type Provider, type Route } from '../models.ts';
import { anthropic } from './anthropic.ts';
import { gemini } from './gemini.ts';
import { huggingface } from './huggingface.ts';
import { openai } from './openai.ts';
import { openaiCompatible, openrouter } from './openai-compatible.ts';
import type { ProviderDoor } from './provider-door.ts';
import { qwen } from './qwen.ts';

// The packages would write their warnings to the console; the router hands them to who asked.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

export const PROVIDER_DOORS: Readonly<Record<Provider | typeof LOCAL_PROVIDER, ProviderDoor>> = {
  anthropic,
  openai,
  gemini,
  huggingface,
  qwen,
  openrouter,
  openai_compatible: openaiCompatible,
  local: openaiCompatible,
};

const isProvider = (name: string): name is Provider => PROVIDERS.some((provider) => provider === name);

export const doorOf = (provider: string): ProviderDoor | undefined =>
  isProvider(provider) || provider === LOCAL_PROVIDER ? PROVIDER_DOORS[provider] : undefined;

/** Throws a fault that names the option, where a route sets one that its provider does not have. */
export function checkOptions(route: Route): void {
  for (const [provider, options] of Object.entries(route.options)) {
    const door = doorOf(provider);
    if (door === undefined) throw optionsWrong(route.name, provider, 'No provider has that name.');
    const checked = door.options.safeParse(options);
    if (!checked.success)
      throw optionsWrong(route.name, provider, z.prettifyError(checked.error).replaceAll('\n', ' '));
  }
}

/** A route's options under the name that the provider's package knows; what the caller set itself goes before it. */
export function optionsFor(
  provider: string,
  route: Pick<Route, 'options'>,
  own: SharedV4ProviderOptions | undefined,
): SharedV4ProviderOptions | undefined {
  const door = doorOf(provider);
  const set = route.options[provider];
  if (door === undefined || set === undefined) return own;
  const checked = door.options.safeParse(set);
  if (!checked.success) return own;
  return { ...own, [door.optionsKey]: { ...asJson(checked.data), ...own?.[door.optionsKey] } };
}

type JsonObject = SharedV4ProviderOptions[string];
/** Checked options are JSON: their schemas allow nothing else. */
const asJson = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
