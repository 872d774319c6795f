// Anthropic messages.

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

const STOP = { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'refusal' };

const stopOf = (answer: WireAnswer): string =>
  answer.end === undefined && answer.tools !== undefined ? 'tool_use' : STOP[answer.end ?? 'stop'];

/** `input_tokens` leaves out the cached ones here, other than with the rest. */
function usageJson(answer: WireAnswer) {
  const usage = usageOf(answer) ?? { input: 0, output: 0 };
  return {
    input_tokens: usage.input - (usage.cacheRead ?? 0) - (usage.cacheWrite ?? 0),
    cache_read_input_tokens: usage.cacheRead ?? 0,
    cache_creation_input_tokens: usage.cacheWrite ?? 0,
    output_tokens: usage.output,
  };
}

const messageJson = (answer: WireAnswer, model: string, content: readonly unknown[], stop: string | null) => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model,
  content,
  stop_reason: stop,
  stop_sequence: null,
  usage: usageJson(answer),
});

function frames(answer: WireAnswer, model: string): readonly WireFrame[] {
  const event = (type: string, fields: object, isPiece = false): WireFrame => frame(isPiece, { type, ...fields }, type);
  const block = (index: number, opened: object, deltas: readonly object[]): readonly WireFrame[] => [
    event('content_block_start', { index, content_block: opened }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta }, true)),
    event('content_block_stop', { index }),
  ];
  const blocks: ((index: number) => readonly WireFrame[])[] = [];
  const { reasoning, pieces, tools } = answer;
  if (reasoning !== undefined) {
    const deltas = [
      { type: 'thinking_delta', thinking: reasoning },
      { type: 'signature_delta', signature: 'c2lnbmVk' },
    ];
    blocks.push((index) => block(index, { type: 'thinking', thinking: '', signature: '' }, deltas));
  }
  if (pieces !== undefined && pieces.length > 0) {
    const deltas = pieces.map((text) => ({ type: 'text_delta', text }));
    blocks.push((index) => block(index, { type: 'text', text: '' }, deltas));
  }
  for (const tool of tools ?? []) {
    const deltas = inputPieces(tool.input).map((piece) => ({ type: 'input_json_delta', partial_json: piece }));
    blocks.push((index) => block(index, { type: 'tool_use', id: tool.id, name: tool.name, input: {} }, deltas));
  }
  const usage = usageJson(answer);
  return [
    event('message_start', {
      message: { ...messageJson(answer, model, [], null), usage: { ...usage, output_tokens: 1 } },
    }),
    event('ping', {}),
    ...blocks.flatMap((made, index) => made(index)),
    event('message_delta', {
      delta: { stop_reason: stopOf(answer), stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    }),
    event('message_stop', {}),
  ];
}

export const messages: WireFormat = {
  frames,
  whole: (answer, model) =>
    messageJson(
      answer,
      model,
      [
        ...(textOf(answer) === '' ? [] : [{ type: 'text', text: textOf(answer) }]),
        ...(answer.tools ?? []).map((tool) => ({
          type: 'tool_use',
          id: tool.id,
          name: tool.name,
          input: JSON.parse(tool.input) as unknown,
        })),
      ],
      stopOf(answer),
    ),
  errorBody: (status, message) => ({
    type: 'error',
    error: { type: status === 429 ? 'rate_limit_error' : status === 529 ? 'overloaded_error' : 'api_error', message },
  }),
  errorEvent: (kind) =>
    frame(
      false,
      {
        type: 'error',
        error: {
          type: errorType(kind) === 'server_error' ? 'api_error' : errorType(kind),
          message: 'The server had an error.',
        },
      },
      'error',
    ).text,
};
