import { z } from 'zod';

import { asModel, packageSettings, type ProviderDoor } from './provider-door.ts';

const options = z.strictObject({
  reasoningEffort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
  textVerbosity: z.enum(['low', 'medium', 'high']).optional(),
  serviceTier: z.enum(['auto', 'flex', 'priority', 'default']).optional(),
  parallelToolCalls: z.boolean().optional(),
  store: z.boolean().optional(),
  strictJsonSchema: z.boolean().optional(),
  promptCacheKey: z.string().max(200).optional(),
  safetyIdentifier: z.string().max(200).optional(),
});

export const openai: ProviderDoor = {
  optionsKey: 'openai',
  options,
  modelByDefault: 'gpt-5-mini',
  needsKey: true,
  async open(access) {
    const { createOpenAI } = await import('@ai-sdk/openai');
    const provider = createOpenAI(packageSettings(access));
    // Chat completions rather than responses: that is what servers behind another base url speak too.
    return (model) => asModel(provider.chat(model));
  },
};
