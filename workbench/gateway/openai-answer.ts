// Answers in the shape of OpenAI's chat completions: whole, or as chunks that end with [DONE].

import type { LanguageModelV4GenerateResult, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider';

import { answerNotesOf } from 'kernel/models';

import { openAiError } from './wire-errors.ts';

export interface AnswerHead {
  readonly id: string;
  readonly model: string;
  /** Seconds since 1970. */
  readonly created: number;
}

type Unified = LanguageModelV4GenerateResult['finishReason']['unified'];

const FINISH_REASONS: Readonly<Record<Unified, string>> = {
  stop: 'stop',
  length: 'length',
  'content-filter': 'content_filter',
  'tool-calls': 'tool_calls',
  error: 'stop',
  interrupted: 'stop',
  other: 'stop',
};

export function wholeOpenAi(head: AnswerHead, result: LanguageModelV4GenerateResult): object {
  const text = result.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const calls = result.content.flatMap((part) =>
    part.type === 'tool-call'
      ? [{ id: part.toolCallId, type: 'function', function: { name: part.toolName, arguments: part.input } }]
      : [],
  );
  const message = {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    ...head,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: FINISH_REASONS[result.finishReason.unified], logprobs: null }],
    usage: usageOf(result.usage),
  };
}

export async function* chunksOfOpenAi(
  head: AnswerHead,
  stream: ReadableStream<LanguageModelV4StreamPart>,
  includeUsage: boolean,
): AsyncGenerator<string> {
  const chunks = new Chunks(head, includeUsage);
  try {
    for await (const part of stream) yield* chunks.of(part);
    yield 'data: [DONE]\n\n';
  } catch (thrown) {
    // The head has gone out with 200: the error can only be said inside, as this wire does it.
    yield event(openAiError(thrown).body);
  }
}

/** Knows whether the answer was begun, and the number of each tool that is called. */
class Chunks {
  readonly #head: AnswerHead;
  readonly #includeUsage: boolean;
  readonly #calls = new Map<string, number>();
  #isBegun = false;

  constructor(head: AnswerHead, includeUsage: boolean) {
    this.#head = head;
    this.#includeUsage = includeUsage;
  }

  *of(part: LanguageModelV4StreamPart): Generator<string> {
    if (!this.#isBegun) {
      this.#isBegun = true;
      yield this.#chunk({ role: 'assistant', content: '' });
    }
    switch (part.type) {
      case 'text-delta':
        yield this.#chunk({ content: part.delta });
        break;
      case 'tool-input-start':
        yield this.#call(part.id, part.toolName, '');
        break;
      case 'tool-input-delta':
        yield this.#chunk({
          tool_calls: [{ index: this.#calls.get(part.id) ?? 0, function: { arguments: part.delta } }],
        });
        break;
      case 'tool-call':
        // Models that say a call at once never began its input.
        if (!this.#calls.has(part.toolCallId)) yield this.#call(part.toolCallId, part.toolName, part.input);
        break;
      case 'finish':
        yield* this.#end(part);
        break;
      case 'error':
        throw part.error;
      default:
    }
  }

  *#end(part: Extract<LanguageModelV4StreamPart, { type: 'finish' }>): Generator<string> {
    yield this.#chunk({}, FINISH_REASONS[part.finishReason.unified]);
    if (!this.#includeUsage) return;
    const cost = answerNotesOf(part)?.costMicroUsd;
    const usage = { ...usageOf(part.usage), ...(cost === undefined ? {} : { cost_micro_usd: cost }) };
    yield event({ ...this.#head, object: 'chat.completion.chunk', choices: [], usage });
  }

  #call(id: string, name: string, input: string): string {
    const index = this.#calls.size;
    this.#calls.set(id, index);
    return this.#chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }] });
  }

  #chunk(delta: object, finish: string | null = null): string {
    const choices = [{ index: 0, delta, finish_reason: finish, logprobs: null }];
    return event({ ...this.#head, object: 'chat.completion.chunk', choices });
  }
}

const event = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;

const usageOf = ({ inputTokens, outputTokens }: LanguageModelV4Usage) => ({
  prompt_tokens: inputTokens.total ?? 0,
  completion_tokens: outputTokens.total ?? 0,
  total_tokens: (inputTokens.total ?? 0) + (outputTokens.total ?? 0),
  prompt_tokens_details: { cached_tokens: inputTokens.cacheRead ?? 0 },
  completion_tokens_details: { reasoning_tokens: outputTokens.reasoning ?? 0 },
});
