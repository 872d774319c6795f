// What a request of any of the protocols asks for, as the scripts see it.

import type { IncomingMessage } from 'node:http';

import type { WireProtocol, WireRequest } from './wire.ts';

/** A prompt with a few pictures in it; nothing in a test is larger. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;

type Json = Readonly<Record<string, unknown>>;

export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError('The fake takes no request of this size.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function protocolOf(path: string): WireProtocol | undefined {
  if (path.endsWith('/chat/completions')) return 'chat-completions';
  if (path.endsWith('/responses')) return 'responses';
  if (path.endsWith('/messages')) return 'messages';
  return /\/models\/[^:]+:(?:streamG|g)enerateContent$/.test(path) ? 'gemini' : undefined;
}

export function readRequest(
  protocol: WireProtocol,
  path: string,
  bodyText: string,
  more: { readonly number: number; readonly headers: IncomingMessage['headers'] },
): WireRequest {
  const parsed: unknown = bodyText === '' ? {} : JSON.parse(bodyText);
  const body: Json = isJson(parsed) ? parsed : {};
  const turns = listOf(body['messages'] ?? body['input'] ?? body['contents']);
  const system = textIn(body['system'] ?? body['systemInstruction'] ?? body['instructions']);
  const texts = turns.map((turn) => textIn(turn));
  const last = (...roles: readonly string[]): string =>
    textIn(turns.findLast((turn) => isJson(turn) && roles.includes(String(turn['role'])) && textIn(turn) !== ''));
  return {
    protocol,
    model: protocol === 'gemini' ? decodeURIComponent(/models\/([^:]+):/.exec(path)?.[1] ?? '') : String(body['model']),
    isStream: protocol === 'gemini' ? path.includes(':stream') : body['stream'] === true,
    key: keyIn(more.headers),
    text: last('user'),
    said: last('assistant', 'model'),
    prompt: [system, ...texts].filter((text) => text !== '').join('\n'),
    toolNames: toolNames(body['tools']),
    hasToolResult: /"(?:tool|tool_result|function_call_output|functionResponse)"/.test(
      JSON.stringify(turns.at(-1) ?? null),
    ),
    number: more.number,
    body,
  };
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** Every text in a turn, whatever the protocol calls its parts. */
function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textIn).join('');
  if (!isJson(value)) return '';
  return textIn(value['text'] ?? value['content'] ?? value['parts'] ?? '');
}

function toolNames(tools: unknown): readonly string[] {
  return listOf(tools).flatMap((tool): readonly string[] => {
    if (!isJson(tool)) return [];
    if (typeof tool['name'] === 'string') return [tool['name']];
    return toolNames(tool['function'] ?? tool['functionDeclarations']);
  });
}

function keyIn(headers: IncomingMessage['headers']): string | undefined {
  const given = headers['x-api-key'] ?? headers['x-goog-api-key'] ?? headers.authorization?.replace(/^Bearer /, '');
  return typeof given === 'string' ? given : undefined;
}
