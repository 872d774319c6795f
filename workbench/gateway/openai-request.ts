// The request of OpenAI's chat completions as a call of the model specification.
// Rule: what we do not know is let through where it changes nothing, and refused where it would change the answer.

import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import * as z from 'zod/mini';

import { filePartOf } from './pictures.ts';

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const ImagePart = z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) });
const RefusalPart = z.object({ type: z.literal('refusal'), refusal: z.string() });
const Content = z.union([z.string(), z.array(z.discriminatedUnion('type', [TextPart, ImagePart, RefusalPart]))]);
const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
const Message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: Content }),
  z.object({ role: z.literal('developer'), content: Content }),
  z.object({ role: z.literal('user'), content: Content }),
  z.object({
    role: z.literal('assistant'),
    content: z.optional(z.nullable(Content)),
    tool_calls: z.optional(z.array(ToolCall)),
  }),
  z.object({ role: z.literal('tool'), content: Content, tool_call_id: z.string() }),
]);
const FunctionTool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string().check(z.minLength(1), z.maxLength(64)),
    description: z.optional(z.string()),
    parameters: z.optional(z.record(z.string(), z.unknown())),
    strict: z.optional(z.nullable(z.boolean())),
  }),
});
const ResponseFormat = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text') }),
  z.object({ type: z.literal('json_object') }),
  z.object({
    type: z.literal('json_schema'),
    json_schema: z.object({
      name: z.string(),
      description: z.optional(z.string()),
      schema: z.optional(z.record(z.string(), z.unknown())),
    }),
  }),
]);

export const OpenAiRequest = z.object({
  model: z.string().check(z.minLength(1), z.maxLength(200)),
  messages: z.array(Message).check(z.minLength(1), z.maxLength(10_000)),
  stream: z.optional(z.nullable(z.boolean())),
  stream_options: z.optional(z.nullable(z.object({ include_usage: z.optional(z.boolean()) }))),
  max_tokens: z.optional(z.nullable(z.int().check(z.positive()))),
  max_completion_tokens: z.optional(z.nullable(z.int().check(z.positive()))),
  temperature: z.optional(z.nullable(z.number().check(z.minimum(0), z.maximum(2)))),
  top_p: z.optional(z.nullable(z.number().check(z.minimum(0), z.maximum(1)))),
  presence_penalty: z.optional(z.nullable(z.number().check(z.minimum(-2), z.maximum(2)))),
  frequency_penalty: z.optional(z.nullable(z.number().check(z.minimum(-2), z.maximum(2)))),
  seed: z.optional(z.nullable(z.int())),
  stop: z.optional(z.nullable(z.union([z.string(), z.array(z.string()).check(z.maxLength(4))]))),
  tools: z.optional(z.array(FunctionTool).check(z.maxLength(128))),
  tool_choice: z.optional(
    z.union([
      z.enum(['none', 'auto', 'required']),
      z.object({ type: z.literal('function'), function: z.object({ name: z.string() }) }),
    ]),
  ),
  response_format: z.optional(ResponseFormat),
  /** More than one answer at once is not given: it would be paid for several times. */
  n: z.optional(z.nullable(z.literal(1))),
  reasoning_effort: z.optional(z.nullable(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']))),
});
export type OpenAiRequest = z.infer<typeof OpenAiRequest>;

/** What a caller is given where they set no limit; it also bounds what is set aside. */
const OUTPUT_TOKENS_DEFAULT = 4096;

export function callOfOpenAi(request: OpenAiRequest): LanguageModelV4CallOptions {
  const { stop, tools, tool_choice: choice, response_format: format, seed } = request;
  return {
    prompt: promptOf(request.messages),
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens ?? OUTPUT_TOKENS_DEFAULT,
    ...given('temperature', request.temperature),
    ...given('topP', request.top_p),
    ...given('presencePenalty', request.presence_penalty),
    ...given('frequencyPenalty', request.frequency_penalty),
    ...given('seed', seed),
    ...given('reasoning', request.reasoning_effort),
    ...(stop == null ? {} : { stopSequences: typeof stop === 'string' ? [stop] : stop }),
    ...(tools === undefined ? {} : { tools: tools.map(toolOf) }),
    ...(choice === undefined ? {} : { toolChoice: choiceOf(choice) }),
    ...(format === undefined ? {} : { responseFormat: formatOf(format) }),
  };
}

export const given = <Name extends string, Value>(name: Name, value: Value | null | undefined) =>
  (value == null ? {} : { [name]: value }) as Partial<Record<Name, Value>>;

type Given = z.infer<typeof Message>;

function promptOf(messages: readonly Given[]): LanguageModelV4Prompt {
  const names = new Map<string, string>();
  return messages.map((message): LanguageModelV4Message => {
    switch (message.role) {
      case 'system':
      case 'developer':
        return { role: 'system', content: textOf(message.content) };
      case 'user':
        return { role: 'user', content: partsOf(message.content) };
      case 'assistant': {
        const text = textOf(message.content ?? '');
        for (const call of message.tool_calls ?? []) names.set(call.id, call.function.name);
        const calls = (message.tool_calls ?? []).map((call) => ({
          type: 'tool-call' as const,
          toolCallId: call.id,
          toolName: call.function.name,
          input: jsonOf(call.function.arguments),
        }));
        return { role: 'assistant', content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls] };
      }
      case 'tool':
        return {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: message.tool_call_id,
              toolName: names.get(message.tool_call_id) ?? 'tool',
              output: { type: 'text', value: textOf(message.content) },
            },
          ],
        };
    }
  });
}

const textOf = (content: z.infer<typeof Content>): string =>
  typeof content === 'string'
    ? content
    : content.map((part) => (part.type === 'text' ? part.text : part.type === 'refusal' ? part.refusal : '')).join('');

const partsOf = (content: z.infer<typeof Content>) =>
  typeof content === 'string'
    ? [{ type: 'text' as const, text: content }]
    : content.map((part) =>
        part.type === 'image_url'
          ? filePartOf(part.image_url.url)
          : { type: 'text' as const, text: part.type === 'text' ? part.text : part.refusal },
      );

const toolOf = ({ function: tool }: z.infer<typeof FunctionTool>) => ({
  type: 'function' as const,
  name: tool.name,
  inputSchema: tool.parameters ?? { type: 'object' as const, properties: {} },
  ...given('description', tool.description),
  ...given('strict', tool.strict),
});

const choiceOf = (choice: NonNullable<OpenAiRequest['tool_choice']>) =>
  typeof choice === 'string'
    ? ({ type: choice } as const)
    : ({ type: 'tool', toolName: choice.function.name } as const);

function formatOf(format: z.infer<typeof ResponseFormat>): NonNullable<LanguageModelV4CallOptions['responseFormat']> {
  if (format.type === 'text') return { type: 'text' };
  if (format.type === 'json_object') return { type: 'json' };
  const { name, description, schema } = format.json_schema;
  return { type: 'json', name, ...given('description', description), ...given('schema', schema) };
}

/** A model's own words of before; what is no JSON goes back as it was. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
