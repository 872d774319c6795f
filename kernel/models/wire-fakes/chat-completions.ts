// OpenAI chat completions: also Qwen, OpenRouter, Ollama, llama.cpp and LM Studio.

import {
  errorType,
  frame,
  inputPieces,
  textOf,
  usageOf,
  type WireAnswer,
  type WireFormat,
  type WireFrame,
} from './wire.ts';

const FINISH = { stop: 'stop', length: 'length', 'content-filter': 'content_filter' };

const finishOf = (answer: WireAnswer): string =>
  answer.end === undefined && answer.tools !== undefined ? 'tool_calls' : FINISH[answer.end ?? 'stop'];

function usageJson(answer: WireAnswer): Record<string, unknown> {
  const usage = usageOf(answer);
  if (usage === null) return {};
  return {
    usage: {
      prompt_tokens: usage.input,
      completion_tokens: usage.output,
      total_tokens: usage.input + usage.output,
      prompt_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
    },
  };
}

function frames(answer: WireAnswer, model: string): readonly WireFrame[] {
  const chunk = (isPiece: boolean, delta: unknown, finish: string | null = null): WireFrame =>
    frame(isPiece, {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    });
  const opening = chunk(false, { role: 'assistant', content: '' });
  const reasoning = answer.reasoning === undefined ? [] : [chunk(true, { reasoning_content: answer.reasoning })];
  const text = (answer.pieces ?? []).map((content) => chunk(true, { content }));
  // Parallel calls open first, then their inputs come in turn, as the real one interleaves them.
  const tools = (answer.tools ?? []).flatMap((tool, index) => [
    chunk(true, {
      tool_calls: [{ index, id: tool.id, type: 'function', function: { name: tool.name, arguments: '' } }],
    }),
    ...inputPieces(tool.input).map((piece) => chunk(true, { tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  const usage =
    usageOf(answer) === null
      ? []
      : [
          frame(false, {
            id: 'chatcmpl-1',
            object: 'chat.completion.chunk',
            created: 1,
            model,
            choices: [],
            ...usageJson(answer),
          }),
        ];
  return [
    opening,
    ...reasoning,
    ...text,
    ...tools,
    chunk(false, {}, finishOf(answer)),
    ...usage,
    frame(false, '[DONE]'),
  ];
}

export const chatCompletions: WireFormat = {
  frames,
  whole: (answer, model) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model,
    choices: [
      {
        index: 0,
        finish_reason: finishOf(answer),
        message: {
          role: 'assistant',
          content: textOf(answer) === '' ? null : textOf(answer),
          ...(answer.tools === undefined
            ? {}
            : {
                tool_calls: answer.tools.map((tool) => ({
                  id: tool.id,
                  type: 'function',
                  function: { name: tool.name, arguments: tool.input },
                })),
              }),
        },
      },
    ],
    ...usageJson(answer),
  }),
  errorBody: (status, message) => ({
    error: { message, type: status === 429 ? 'rate_limit_error' : 'server_error', param: null, code: null },
  }),
  errorEvent: (kind) =>
    frame(false, { error: { message: 'The server had an error.', type: errorType(kind), param: null, code: null } })
      .text,
};
