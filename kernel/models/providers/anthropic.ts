import { z } from 'zod';

import { asModel, packageSettings, type ProviderDoor } from './provider-door.ts';

const options = z.strictObject({
  thinking: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('enabled'), budgetTokens: z.int().min(1024) }),
      z.strictObject({ type: z.literal('adaptive') }),
      z.strictObject({ type: z.literal('disabled') }),
    ])
    .optional(),
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
  sendReasoning: z.boolean().optional(),
  disableParallelToolUse: z.boolean().optional(),
  cacheControl: z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).optional(),
});

export const anthropic: ProviderDoor = {
  optionsKey: 'anthropic',
  options,
  modelByDefault: 'claude-sonnet-4-5',
  needsKey: true,
  async open(access) {
    const { createAnthropic } = await import('@ai-sdk/anthropic');
    const provider = createAnthropic(packageSettings(access));
    return (model) => asModel(provider(model));
  },
};
