// The request of Anthropic's messages as a call of the model specification.

import type { LanguageModelV4CallOptions, LanguageModelV4Message, LanguageModelV4Prompt } from '@ai-sdk/provider';
import * as z from 'zod/mini';

import { given } from './openai-request.ts';
import { filePartOf } from './pictures.ts';

const TextBlock = z.object({ type: z.literal('text'), text: z.string() });
const ImageBlock = z.object({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('base64'), media_type: z.string(), data: z.string() }),
    z.object({ type: z.literal('url'), url: z.string() }),
  ]),
});
const ToolUseBlock = z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() });
const ToolResultBlock = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.optional(z.union([z.string(), z.array(z.discriminatedUnion('type', [TextBlock, ImageBlock]))])),
  is_error: z.optional(z.boolean()),
});
/** What a model thought before; it is not sent on to another one. */
const ThinkingBlock = z.object({ type: z.enum(['thinking', 'redacted_thinking']) });
const Block = z.union([TextBlock, ImageBlock, ToolUseBlock, ToolResultBlock, ThinkingBlock]);
const Message = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string(), z.array(Block)]),
});
const Tool = z.object({
  type: z.optional(z.nullable(z.literal('custom'))),
  name: z.string().check(z.minLength(1), z.maxLength(128)),
  description: z.optional(z.string()),
  input_schema: z.record(z.string(), z.unknown()),
});

export const AnthropicRequest = z.object({
  model: z.string().check(z.minLength(1), z.maxLength(200)),
  max_tokens: z.int().check(z.positive()),
  messages: z.array(Message).check(z.minLength(1), z.maxLength(10_000)),
  system: z.optional(z.union([z.string(), z.array(TextBlock)])),
  stream: z.optional(z.boolean()),
  temperature: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  top_p: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  top_k: z.optional(z.int().check(z.minimum(0))),
  stop_sequences: z.optional(z.array(z.string())),
  tools: z.optional(z.array(Tool).check(z.maxLength(256))),
  tool_choice: z.optional(
    z.union([
      z.object({ type: z.enum(['auto', 'any', 'none']) }),
      z.object({ type: z.literal('tool'), name: z.string() }),
    ]),
  ),
});
export type AnthropicRequest = z.infer<typeof AnthropicRequest>;

const CHOICES = { auto: 'auto', any: 'required', none: 'none' } as const;

export function callOfAnthropic(request: AnthropicRequest): LanguageModelV4CallOptions {
  const { system, tools, tool_choice: choice } = request;
  const instructions =
    system === undefined ? '' : typeof system === 'string' ? system : system.map(({ text }) => text).join('\n\n');
  return {
    prompt: [
      ...(instructions === '' ? [] : [{ role: 'system' as const, content: instructions }]),
      ...promptOf(request.messages),
    ],
    maxOutputTokens: request.max_tokens,
    ...given('temperature', request.temperature),
    ...given('topP', request.top_p),
    ...given('topK', request.top_k),
    ...given('stopSequences', request.stop_sequences),
    ...(tools === undefined ? {} : { tools: tools.map(toolOf) }),
    ...(choice === undefined
      ? {}
      : {
          toolChoice: choice.type === 'tool' ? { type: 'tool', toolName: choice.name } : { type: CHOICES[choice.type] },
        }),
  };
}

const toolOf = (tool: z.infer<typeof Tool>) => ({
  type: 'function' as const,
  name: tool.name,
  inputSchema: tool.input_schema,
  ...given('description', tool.description),
});

type Given = z.infer<typeof Message>;

/** Results of tools stand in a user's message there, and in one of their own here. */
function promptOf(messages: readonly Given[]): LanguageModelV4Prompt {
  const names = new Map<string, string>();
  return messages.flatMap((message): LanguageModelV4Message[] => {
    const blocks =
      typeof message.content === 'string' ? [{ type: 'text' as const, text: message.content }] : message.content;
    if (message.role === 'assistant') return [assistantOf(blocks, names)];
    const results = blocks.filter((block) => block.type === 'tool_result');
    const others = blocks.filter((block) => block.type === 'text' || block.type === 'image');
    return [
      ...(results.length === 0
        ? []
        : [
            {
              role: 'tool' as const,
              content: results.map((result) => ({
                type: 'tool-result' as const,
                toolCallId: result.tool_use_id,
                toolName: names.get(result.tool_use_id) ?? 'tool',
                output: {
                  type: result.is_error === true ? ('error-text' as const) : ('text' as const),
                  value: resultText(result.content),
                },
              })),
            },
          ]),
      ...(others.length === 0 ? [] : [{ role: 'user' as const, content: others.map(partOf) }]),
    ];
  });
}

type Blocks = readonly z.infer<typeof Block>[];

function assistantOf(blocks: Blocks, names: Map<string, string>): LanguageModelV4Message {
  return {
    role: 'assistant',
    content: blocks.flatMap((block): Extract<LanguageModelV4Message, { role: 'assistant' }>['content'] => {
      if (block.type === 'text') return [{ type: 'text' as const, text: block.text }];
      if (block.type !== 'tool_use') return [];
      names.set(block.id, block.name);
      return [{ type: 'tool-call' as const, toolCallId: block.id, toolName: block.name, input: block.input }];
    }),
  };
}

const partOf = (block: z.infer<typeof TextBlock> | z.infer<typeof ImageBlock>) =>
  block.type === 'text'
    ? { type: 'text' as const, text: block.text }
    : filePartOf(
        block.source.type === 'url' ? block.source.url : `data:${block.source.media_type};base64,${block.source.data}`,
      );

const resultText = (content: z.infer<typeof ToolResultBlock>['content']): string =>
  content === undefined
    ? ''
    : typeof content === 'string'
      ? content
      : content.map((block) => (block.type === 'text' ? block.text : '[a picture]')).join('\n');
