// What everything that answers keeps, whether a provider's package over its wire, the router above them, or the
// built-in rules. Run with a model whose script is known, so that what comes out can be compared.

import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';

export interface ContractedModel {
  readonly model: LanguageModelV4;
  /** Asks so that the model answers with a text of several words. */
  readonly forText: string;
  /** Asks so that it calls the tool `add` with 2 and 3; undefined where it cannot. */
  readonly forTool: string | undefined;
}

export const asking = (text: string, more: Partial<LanguageModelV4CallOptions> = {}): LanguageModelV4CallOptions => ({
  prompt: [{ role: 'user', content: [{ type: 'text', text }] }],
  ...more,
});

export const ADD_TOOL = {
  type: 'function',
  name: 'add',
  description: 'Adds two numbers.',
  inputSchema: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
    additionalProperties: false,
  },
} as const satisfies NonNullable<LanguageModelV4CallOptions['tools']>[number];

/** All parts up to the end; the last may be an error. */
export async function partsOf(stream: ReadableStream<LanguageModelV4StreamPart>): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

export const textIn = (parts: readonly LanguageModelV4StreamPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');

export function modelContract(name: string, make: () => Promise<ContractedModel>): void {
  describe(name, () => {
    test('it has the face of specification v4', async () => {
      const { model } = await make();
      expect(model.specificationVersion).toBe('v4');
      expect(typeof model.provider).toBe('string');
      expect(model.modelId).not.toBe('');
      expect(typeof (await model.supportedUrls)).toBe('object');
    });

    test('a whole answer has a text, a reason to end, and what it used', async () => {
      const { model, forText } = await make();
      const answer = await model.doGenerate(asking(forText));
      expect(answer.content.some((part) => part.type === 'text' && part.text !== '')).toBe(true);
      expect(answer.finishReason.unified).toBe('stop');
      expect(answer.usage.inputTokens.total).toBeGreaterThan(0);
      expect(answer.usage.outputTokens.total).toBeGreaterThan(0);
      expect(Array.isArray(answer.warnings)).toBe(true);
    });

    test('a stream begins with stream-start and ends with finish, and says the same as the whole answer', async () => {
      const { model, forText } = await make();
      const whole = await model.doGenerate(asking(forText));
      const parts = await partsOf((await model.doStream(asking(forText))).stream);
      expect(parts[0]?.type).toBe('stream-start');
      expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' } });
      expect(parts.filter((part) => part.type === 'text-delta').length).toBeGreaterThan(1);
      expect(textIn(parts)).toBe(whole.content.map((part) => (part.type === 'text' ? part.text : '')).join(''));
    });

    test('texts are opened before they are added to, and closed once', async () => {
      const { model, forText } = await make();
      const open = new Set<string>();
      for (const part of await partsOf((await model.doStream(asking(forText))).stream)) {
        if (part.type === 'text-start') expect(open.has(part.id), 'opened twice').toBe(false);
        if (part.type === 'text-start') open.add(part.id);
        if (part.type === 'text-delta') expect(open.has(part.id), 'open').toBe(true);
        if (part.type === 'text-end') expect(open.delete(part.id), 'closed once').toBe(true);
        if (part.type === 'finish') expect(open.size).toBe(0);
      }
    });

    test('a tool that fits is called with its input, whole and streamed', async () => {
      const { model, forTool } = await make();
      if (forTool === undefined) return;
      const whole = await model.doGenerate(asking(forTool, { tools: [ADD_TOOL] }));
      const call = whole.content.find((part) => part.type === 'tool-call');
      expect(call?.toolName).toBe('add');
      expect(JSON.parse(call?.input ?? '')).toEqual({ a: 2, b: 3 });
      expect(whole.finishReason.unified).toBe('tool-calls');
      const parts = await partsOf((await model.doStream(asking(forTool, { tools: [ADD_TOOL] }))).stream);
      const streamed = parts.find((part) => part.type === 'tool-call');
      expect(JSON.parse(streamed?.input ?? '')).toEqual({ a: 2, b: 3 });
      expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'tool-calls' } });
    });

    test('a call that was ended before it began gives no answer', async () => {
      const { model, forText } = await make();
      const options = asking(forText, { abortSignal: AbortSignal.abort() });
      await expect(async () => model.doGenerate(options)).rejects.toThrow();
      await expect(async () => partsOf((await model.doStream(options)).stream)).rejects.toThrow();
    });

    test('a reader who leaves early leaves nothing hanging', async () => {
      const { model, forText } = await make();
      const { stream } = await model.doStream(asking(forText));
      const reader = stream.getReader();
      expect((await reader.read()).done).toBe(false);
      await reader.cancel();
      expect((await reader.read()).done).toBe(true);
    });
  });
}
