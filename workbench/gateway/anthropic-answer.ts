// Answers in the shape of Anthropic's messages: whole, or as named events.

import type { LanguageModelV4GenerateResult, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';

import type { AnswerHead } from './openai-answer.ts';
import { jsonOf } from './openai-request.ts';
import { anthropicError } from './wire-errors.ts';

type Unified = LanguageModelV4GenerateResult['finishReason']['unified'];

const STOP_REASONS: Readonly<Record<Unified, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'content-filter': 'refusal',
  'tool-calls': 'tool_use',
  error: 'end_turn',
  interrupted: 'end_turn',
  other: 'end_turn',
};

export const wholeAnthropic = ({ id, model }: AnswerHead, result: LanguageModelV4GenerateResult): object => ({
  id,
  type: 'message',
  role: 'assistant',
  model,
  content: result.content.flatMap((part): object[] => {
    if (part.type === 'text') return [{ type: 'text', text: part.text }];
    if (part.type !== 'tool-call') return [];
    return [{ type: 'tool_use', id: part.toolCallId, name: part.toolName, input: jsonOf(part.input) }];
  }),
  stop_reason: STOP_REASONS[result.finishReason.unified],
  stop_sequence: null,
  usage: usageOf(result.usage),
});

export async function* eventsOfAnthropic(
  { id, model }: AnswerHead,
  stream: ReadableStream<LanguageModelV4StreamPart>,
): AsyncGenerator<string> {
  const blocks = new Blocks();
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  };
  try {
    yield event('message_start', { message });
    for await (const part of stream) yield* eventsOf(part, blocks);
  } catch (thrown) {
    yield event('error', anthropicError(thrown).body);
  }
}

function* eventsOf(part: LanguageModelV4StreamPart, blocks: Blocks): Generator<string> {
  switch (part.type) {
    case 'text-delta':
      yield* blocks.open('text', 'text', { type: 'text', text: '' });
      yield blocks.delta({ type: 'text_delta', text: part.delta });
      break;
    case 'tool-input-start':
      yield* blocks.open('tool', part.id, { type: 'tool_use', id: part.id, name: part.toolName, input: {} });
      break;
    case 'tool-input-delta':
      yield blocks.delta({ type: 'input_json_delta', partial_json: part.delta });
      break;
    case 'tool-call': {
      // Models that say a call at once never began its input.
      if (blocks.hasSeen(part.toolCallId)) break;
      const block = { type: 'tool_use', id: part.toolCallId, name: part.toolName, input: {} };
      yield* blocks.open('tool', part.toolCallId, block);
      yield blocks.delta({ type: 'input_json_delta', partial_json: part.input });
      break;
    }
    case 'finish':
      yield* blocks.close();
      yield event('message_delta', {
        delta: { stop_reason: STOP_REASONS[part.finishReason.unified], stop_sequence: null },
        usage: usageOf(part.usage),
      });
      yield event('message_stop', {});
      break;
    case 'error':
      throw part.error;
    default:
  }
}

/** One block is open at a time; each has its number. */
class Blocks {
  #open: string | undefined;
  #index = -1;
  readonly #seen = new Set<string>();

  hasSeen(id: string): boolean {
    return this.#seen.has(id);
  }

  *open(kind: 'text' | 'tool', id: string, block: object): Generator<string> {
    if (kind === 'text' && this.#open === id) return;
    yield* this.close();
    this.#open = id;
    this.#seen.add(id);
    this.#index += 1;
    yield event('content_block_start', { index: this.#index, content_block: block });
  }

  delta(delta: object): string {
    return event('content_block_delta', { index: this.#index, delta });
  }

  *close(): Generator<string> {
    if (this.#open === undefined) return;
    yield event('content_block_stop', { index: this.#index });
    this.#open = undefined;
  }
}

const event = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** There the fresh tokens only are the input; the cached ones stand beside. */
const usageOf = ({ inputTokens, outputTokens }: LanguageModelV4Usage) => {
  const cacheRead = inputTokens.cacheRead ?? 0;
  const cacheWrite = inputTokens.cacheWrite ?? 0;
  return {
    input_tokens: inputTokens.noCache ?? Math.max(0, (inputTokens.total ?? 0) - cacheRead - cacheWrite),
    output_tokens: outputTokens.total ?? 0,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWrite,
  };
};
