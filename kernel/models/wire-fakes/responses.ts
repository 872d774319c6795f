// OpenAI responses: what Hugging Face's router speaks.

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

const message = (text: string, status: string) => ({
  id: 'msg_1',
  type: 'message',
  status,
  role: 'assistant',
  content: status === 'completed' ? [{ type: 'output_text', text, annotations: [] }] : [],
});

const call = (tool: { id: string; name: string }, input: string, status: string) => ({
  id: `fc_${tool.id}`,
  type: 'function_call',
  call_id: tool.id,
  name: tool.name,
  arguments: input,
  status,
});

function responseJson(answer: WireAnswer, model: string, status: 'in_progress' | 'completed' | 'incomplete') {
  const usage = usageOf(answer);
  const isOver = status !== 'in_progress';
  const output = [
    ...(textOf(answer) === '' ? [] : [message(textOf(answer), 'completed')]),
    ...(answer.tools ?? []).map((tool) => call(tool, tool.input, 'completed')),
  ];
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status,
    model,
    output: isOver ? output : [],
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    max_output_tokens: null,
    previous_response_id: null,
    usage:
      isOver && usage !== null
        ? {
            input_tokens: usage.input,
            input_tokens_details: { cached_tokens: usage.cacheRead ?? 0 },
            output_tokens: usage.output,
            output_tokens_details: { reasoning_tokens: 0 },
            total_tokens: usage.input + usage.output,
          }
        : null,
  };
}

function frames(answer: WireAnswer, model: string): readonly WireFrame[] {
  let number = 0;
  const event = (type: string, fields: object, isPiece = false): WireFrame =>
    frame(isPiece, { type, sequence_number: (number += 1), ...fields }, type);
  const made: WireFrame[] = [event('response.created', { response: responseJson(answer, model, 'in_progress') })];
  const at = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  if (answer.pieces !== undefined && answer.pieces.length > 0) {
    made.push(event('response.output_item.added', { output_index: 0, item: message('', 'in_progress') }));
    for (const delta of answer.pieces) made.push(event('response.output_text.delta', { ...at, delta }, true));
    made.push(event('response.output_item.done', { output_index: 0, item: message(textOf(answer), 'completed') }));
  }
  for (const [index, tool] of (answer.tools ?? []).entries()) {
    const place = { item_id: `fc_${tool.id}`, output_index: index + 1 };
    made.push(event('response.output_item.added', { output_index: index + 1, item: call(tool, '', 'in_progress') }));
    for (const delta of inputPieces(tool.input)) {
      made.push(event('response.function_call_arguments.delta', { ...place, delta }, true));
    }
    made.push(event('response.function_call_arguments.done', { ...place, arguments: tool.input }));
    made.push(
      event('response.output_item.done', { output_index: index + 1, item: call(tool, tool.input, 'completed') }),
    );
  }
  const status = answer.end === 'length' ? 'incomplete' : 'completed';
  return [...made, event(`response.${status}`, { response: responseJson(answer, model, status) })];
}

export const responses: WireFormat = {
  frames,
  whole: (answer, model) => responseJson(answer, model, answer.end === 'length' ? 'incomplete' : 'completed'),
  errorBody: (status, text) => ({
    error: { message: text, type: status === 429 ? 'rate_limit_error' : 'server_error' },
  }),
  errorEvent: (kind) =>
    frame(
      false,
      { type: 'error', sequence_number: 99, code: errorType(kind), message: 'The server had an error.', param: null },
      'error',
    ).text,
};
