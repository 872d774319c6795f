// The built-in rules behind the face of a model, so that whoever asks walks the same way with and without one: they
// stream, call tools and count what they use. They cost nothing and need no network. To people they are never a model.

import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';

import type { Clock } from '../../basics/index.ts';
import { RULES_PROVIDER } from '../models.ts';
import { promptText, roughTokens } from '../routing/tokens.ts';
import { replyTo, type Reply } from './reply.ts';

/** The one set of rules there is. */
export const GUIDE = 'guide';

const TEXT_ID = 'text';

export function rulesModel({ clock, seed }: { readonly clock: Clock; readonly seed: number }): LanguageModelV4 {
  const answer = (options: LanguageModelV4CallOptions): Answer => {
    options.abortSignal?.throwIfAborted();
    return answerOf(replyTo(options, clock.now(), seed), options);
  };
  return {
    specificationVersion: 'v4',
    provider: RULES_PROVIDER,
    modelId: GUIDE,
    supportedUrls: {},
    doGenerate: async (options) => {
      const { content, finishReason, usage } = answer(options);
      return { content: [content], finishReason, usage, warnings: [] };
    },
    doStream: async (options) => ({ stream: streamOf(partsOf(answer(options)), options.abortSignal) }),
  };
}

interface Answer {
  readonly content: Extract<LanguageModelV4Content, { type: 'text' | 'tool-call' }>;
  readonly finishReason: LanguageModelV4FinishReason;
  readonly usage: LanguageModelV4Usage;
}

function answerOf(reply: Reply, options: LanguageModelV4CallOptions): Answer {
  const input = roughTokens(promptText(options).length);
  if (reply.kind === 'tool') {
    const { name, input: json } = reply.tool;
    const toolCallId = `call-${options.prompt.length}-${name}`;
    return {
      content: { type: 'tool-call', toolCallId, toolName: name, input: json },
      finishReason: { unified: 'tool-calls', raw: 'tool' },
      usage: usageOf(input, roughTokens(json.length)),
    };
  }
  // Four characters are about a token; an answer that is too long ends there, as a model's does.
  const charactersMax = (options.maxOutputTokens ?? Infinity) * 4;
  const isCut = reply.text.length > charactersMax;
  const text = isCut ? reply.text.slice(0, charactersMax) : reply.text;
  return {
    content: { type: 'text', text },
    finishReason: isCut ? { unified: 'length', raw: 'length' } : { unified: 'stop', raw: 'end' },
    usage: usageOf(input, roughTokens(text.length)),
  };
}

const usageOf = (input: number, output: number): LanguageModelV4Usage => ({
  inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: output, text: output, reasoning: 0 },
});

function* partsOf({ content, finishReason, usage }: Answer): Generator<LanguageModelV4StreamPart> {
  yield { type: 'stream-start', warnings: [] };
  if (content.type === 'text') {
    yield { type: 'text-start', id: TEXT_ID };
    for (const [word] of content.text.matchAll(/\s*\S+|\s+$/g)) yield { type: 'text-delta', id: TEXT_ID, delta: word };
    yield { type: 'text-end', id: TEXT_ID };
  } else {
    const id = content.toolCallId;
    yield { type: 'tool-input-start', id, toolName: content.toolName };
    yield { type: 'tool-input-delta', id, delta: content.input };
    yield { type: 'tool-input-end', id };
    yield content;
  }
  yield { type: 'finish', finishReason, usage };
}

/** Word by word, as fast as it is read. */
function streamOf(
  parts: Iterator<LanguageModelV4StreamPart>,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  return new ReadableStream(
    {
      pull(controller) {
        signal?.throwIfAborted();
        const next = parts.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
    },
    { highWaterMark: 0 },
  );
}
