// Gemini generateContent and streamGenerateContent.

import { frame, textOf, usageOf, type WireAnswer, type WireFault, type WireFormat } from './wire.ts';

const FINISH = { stop: 'STOP', length: 'MAX_TOKENS', 'content-filter': 'SAFETY' };

function usageJson(answer: WireAnswer): Record<string, unknown> {
  const usage = usageOf(answer);
  if (usage === null) return {};
  return {
    usageMetadata: {
      promptTokenCount: usage.input,
      candidatesTokenCount: usage.output,
      totalTokenCount: usage.input + usage.output,
      cachedContentTokenCount: usage.cacheRead ?? 0,
    },
  };
}

const candidate = (parts: readonly unknown[], finish?: string) => ({
  candidates: [
    { content: { role: 'model', parts }, index: 0, ...(finish === undefined ? {} : { finishReason: finish }) },
  ],
});

const callPart = (tool: { readonly name: string; readonly input: string }) => ({
  functionCall: { name: tool.name, args: JSON.parse(tool.input) as unknown },
});

const STATUS: Partial<Record<WireFault['how'], { readonly code: number; readonly status: string }>> = {
  'rate-limit-event': { code: 429, status: 'RESOURCE_EXHAUSTED' },
  'overloaded-event': { code: 503, status: 'UNAVAILABLE' },
  'key-refused-event': { code: 401, status: 'UNAUTHENTICATED' },
};

export const gemini: WireFormat = {
  frames: (answer, model) => {
    const rest = { modelVersion: model, responseId: 'r1' };
    const thoughts =
      answer.reasoning === undefined
        ? []
        : [frame(true, { ...candidate([{ text: answer.reasoning, thought: true }]), ...rest })];
    const texts = (answer.pieces ?? []).map((text) => frame(true, { ...candidate([{ text }]), ...rest }));
    const tools = (answer.tools ?? []).map((tool) => frame(true, { ...candidate([callPart(tool)]), ...rest }));
    const last = { ...candidate([{ text: '' }], FINISH[answer.end ?? 'stop']), ...usageJson(answer), ...rest };
    return [...thoughts, ...texts, ...tools, frame(false, last)];
  },
  whole: (answer, model) => ({
    ...candidate(
      [...(textOf(answer) === '' ? [] : [{ text: textOf(answer) }]), ...(answer.tools ?? []).map(callPart)],
      FINISH[answer.end ?? 'stop'],
    ),
    ...usageJson(answer),
    modelVersion: model,
  }),
  errorBody: (status, message) => ({
    error: { code: status, message, status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL' },
  }),
  errorEvent: (kind) =>
    frame(false, {
      error: { message: 'The server had an error.', ...(STATUS[kind] ?? { code: 500, status: 'INTERNAL' }) },
    }).text,
};
