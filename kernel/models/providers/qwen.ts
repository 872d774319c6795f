import { z } from 'zod';

import { asModel, packageSettings, type ProviderDoor } from './provider-door.ts';

const options = z.strictObject({
  enableThinking: z.boolean().optional(),
  thinkingBudget: z.int().positive().optional(),
  preserveThinking: z.boolean().optional(),
  parallelToolCalls: z.boolean().optional(),
});

export const qwen: ProviderDoor = {
  optionsKey: 'alibaba',
  options,
  modelByDefault: 'qwen-plus',
  needsKey: true,
  async open(access) {
    const { createAlibaba } = await import('@ai-sdk/alibaba');
    const provider = createAlibaba({ ...packageSettings(access), includeUsage: true });
    return (model) => asModel(provider(model));
  },
};
