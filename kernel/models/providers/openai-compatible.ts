// Any server that speaks chat completions: OpenRouter, and what a person runs, such as Ollama, llama.cpp or LM Studio.

import { z } from 'zod';

import { asModel, packageSettings, type ProviderAccess, type ProviderDoor } from './provider-door.ts';

/** Where OpenRouter answers; a base url of the settings goes before it. */
const OPENROUTER_URL = 'https://openrouter.ai/api/v1';

const options = z.strictObject({
  reasoningEffort: z.string().max(40).optional(),
  textVerbosity: z.string().max(40).optional(),
  strictJsonSchema: z.boolean().optional(),
  user: z.string().max(200).optional(),
});

async function openCompatible(name: string, access: ProviderAccess, baseUrl: string) {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const { apiKey, fetch } = packageSettings(access);
  const provider = createOpenAICompatible({
    name,
    baseURL: baseUrl,
    // Unasked a stream does not tell what it used.
    includeUsage: true,
    supportsStructuredOutputs: true,
    ...(access.key === undefined ? {} : { apiKey }),
    ...(fetch === undefined ? {} : { fetch }),
  });
  return (model: string) => asModel(provider(model));
}

export const openrouter: ProviderDoor = {
  optionsKey: 'openrouter',
  options,
  modelByDefault: undefined,
  needsKey: true,
  open: (access) => openCompatible('openrouter', access, access.baseUrl ?? OPENROUTER_URL),
};

/** Also for servers that were found on this machine. */
export const openaiCompatible: ProviderDoor = {
  optionsKey: 'openaiCompatible',
  options,
  modelByDefault: undefined,
  needsKey: false,
  open: (access) => openCompatible('openaiCompatible', access, access.baseUrl ?? 'http://127.0.0.1:11434/v1'),
};
