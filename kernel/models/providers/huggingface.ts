import type { LanguageModelV4, LanguageModelV4FinishReason, LanguageModelV4StreamPart } from '@ai-sdk/provider';
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
    return (model) => sayingWhyItEnds(asModel(provider(model)));
  },
};

const FOR_TOOLS: LanguageModelV4FinishReason = { unified: 'tool-calls', raw: 'function_call' };

/** Its package says `stop` also where the answer ends because a tool is to be run; who waits for tools would not run it. */
const sayingWhyItEnds = (model: LanguageModelV4): LanguageModelV4 => ({
  specificationVersion: 'v4',
  provider: model.provider,
  modelId: model.modelId,
  supportedUrls: model.supportedUrls,
  async doGenerate(options) {
    const answer = await model.doGenerate(options);
    const calls = answer.content.some((part) => part.type === 'tool-call' && part.providerExecuted !== true);
    return calls && answer.finishReason.unified === 'stop' ? { ...answer, finishReason: FOR_TOOLS } : answer;
  },
  async doStream(options) {
    const answer = await model.doStream(options);
    let calls = false;
    const ending = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
      transform(part, controller) {
        if (part.type === 'tool-call' && part.providerExecuted !== true) calls = true;
        const isWrong = part.type === 'finish' && calls && part.finishReason.unified === 'stop';
        controller.enqueue(isWrong ? { ...part, finishReason: FOR_TOOLS } : part);
      },
    });
    return { ...answer, stream: answer.stream.pipeThrough(ending) };
  },
});
