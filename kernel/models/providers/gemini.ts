import { z } from 'zod';

import { asModel, packageSettings, type ProviderDoor } from './provider-door.ts';

const threshold = z.enum(['BLOCK_LOW_AND_ABOVE', 'BLOCK_MEDIUM_AND_ABOVE', 'BLOCK_ONLY_HIGH', 'BLOCK_NONE', 'OFF']);
const options = z.strictObject({
  safetySettings: z
    .array(
      z.strictObject({
        category: z.enum([
          'HARM_CATEGORY_HATE_SPEECH',
          'HARM_CATEGORY_DANGEROUS_CONTENT',
          'HARM_CATEGORY_HARASSMENT',
          'HARM_CATEGORY_SEXUALLY_EXPLICIT',
          'HARM_CATEGORY_CIVIC_INTEGRITY',
        ]),
        threshold,
      }),
    )
    .max(5)
    .optional(),
  /** For every category that safetySettings do not name. */
  threshold: threshold.optional(),
  thinkingConfig: z
    .strictObject({
      thinkingBudget: z.int().min(-1).optional(),
      includeThoughts: z.boolean().optional(),
      thinkingLevel: z.enum(['minimal', 'low', 'medium', 'high', 'xhigh']).optional(),
    })
    .optional(),
  structuredOutputs: z.boolean().optional(),
  cachedContent: z.string().max(200).optional(),
});

export const gemini: ProviderDoor = {
  optionsKey: 'google',
  options,
  modelByDefault: 'gemini-2.5-flash',
  needsKey: true,
  async open(access) {
    const { createGoogle } = await import('@ai-sdk/google');
    const provider = createGoogle(packageSettings(access));
    return (model) => asModel(provider(model));
  },
};
