import { z } from 'zod';

import { asModel, packageSettings, type ProviderDoor } from './provider-door.ts';

const options = z.strictObject({
  reasoningEffort: z.string().max(40).optional(),
  instructions: z.string().max(10_000).optional(),
  strictJsonSchema: z.boolean().optional(),
  metadata: z.record(z.string().max(64), z.string().max(512)).optional(),
});

export const huggingface: ProviderDoor = {
  optionsKey: 'huggingface',
  options,
  modelByDefault: 'meta-llama/Llama-3.3-70B-Instruct',
  needsKey: true,
  async open(access) {
    const { createHuggingFace } = await import('@ai-sdk/huggingface');
    const provider = createHuggingFace(packageSettings(access));
    return (model) => asModel(provider(model));
  },
};
