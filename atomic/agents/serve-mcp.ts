// A repository for agents by the Model Context Protocol: eight tools, each a command line of Atomic in this process.
// Rule: what a tool answers is the document of `--json`; whatever goes wrong is an answer with what, why and what next, and
// never the end of the server. A patch that is recorded here has evidence `mcp` and names the client of `initialize`.

import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

import { BUILT_IN_REGISTRY, recognise } from '../attribution/registry.ts';
import type { Model } from '../attribution/attribution.ts';
import type { Writer } from '../hooks/worklog.ts';
import { MCP_TOOLS } from './mcp-tools.ts';

export interface McpOptions {
  readonly version: string;
  /** Runs a command line, with --json, and gives what it printed. */
  run(line: readonly string[], client: Writer): Promise<RanLine>;
}

interface RanLine {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a model reads at once; a longer answer is cut, and says so. */
const ANSWER_LENGTH_MAX = 256 * 1024;
const WRONG_USE = 2;

export async function serveMcp(
  transport: Transport,
  { version, run }: McpOptions,
): Promise<{ readonly closed: Promise<void> }> {
  const server = new Server({ name: 'atomic', version }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: MCP_TOOLS.map(({ name, description, input, isReadOnly }) => ({
      name,
      description,
      inputSchema: { ...z.toJSONSchema(input, { io: 'input' }), type: 'object' as const },
      annotations: { readOnlyHint: isReadOnly, destructiveHint: false, openWorldHint: false },
    })),
  }));
  // One after the other: a repository has one writer, and an agent that asks twice at once would only wait inside.
  let last: Promise<unknown> = Promise.resolve();
  server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
    const answer = last.then(() => call(params.name, params.arguments ?? {}, { server, run }));
    last = answer.catch(() => undefined);
    return answer;
  });
  const closed = new Promise<void>((resolve) => {
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the server of the SDK has no events
    server.onclose = resolve;
  });
  await server.connect(transport);
  return { closed };
}

async function call(
  name: string,
  input: Readonly<Record<string, unknown>>,
  { server, run }: { readonly server: Server; readonly run: McpOptions['run'] },
): Promise<CallToolResult> {
  const tool = MCP_TOOLS.find((each) => each.name === name);
  if (tool === undefined) {
    const names = MCP_TOOLS.map((each) => each.name).join(', ');
    return wrong(`There is no tool ${JSON.stringify(name)}.`, `Atomic has ${names}.`, 'Call one of them.');
  }
  const read = tool.input.safeParse(input);
  if (!read.success) {
    const why = read.error.issues
      .map(({ path, message }) => `${path.join('.') || 'the arguments'}: ${message}`)
      .join('; ');
    return wrong(`${name} was called wrongly.`, `${why}.`, 'Correct the arguments; tools/list has their schema.');
  }
  const [command = '', ...rest] = tool.line(input);
  return answerOf(await run([command, '--json', ...rest], clientOf(server, input)));
}

const wrong = (what: string, why: string, next: string): CallToolResult => ({
  content: [{ type: 'text', text: `${what} ${why} ${next}` }],
  structuredContent: { error: { what, why, next } },
  isError: true,
});

function answerOf({ code, stdout, stderr }: RanLine): CallToolResult {
  const document = documentOf(stdout);
  const isError = code >= WRONG_USE || (document !== null && 'error' in document);
  const said = isError ? stderr.trim() : stdout.trim();
  const text = said === '' ? stderr.trim() : said;
  const cut = text.length > ANSWER_LENGTH_MAX;
  return {
    content: [{ type: 'text', text: cut ? `${text.slice(0, ANSWER_LENGTH_MAX)}\n… cut here: ask for less.` : text }],
    ...(document === null || cut ? {} : { structuredContent: document }),
    ...(isError ? { isError } : {}),
  };
}

function documentOf(stdout: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(stdout);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch {
    // A command that failed before it had anything to say.
    return null;
  }
}

function clientOf(server: Server, input: Readonly<Record<string, unknown>>): Writer {
  const client = server.getClientVersion();
  return {
    actor: 'ai',
    evidence: 'mcp',
    agent: {
      tool: client?.name.slice(0, NAME_LENGTH_MAX) || 'mcp-client',
      toolVersion: client?.version.slice(0, NAME_LENGTH_MAX) || null,
      mode: null,
      sessionId: null,
      turn: null,
      toolUseId: null,
      subagent: null,
    },
    model: modelOf(input['provider'], input['model']),
    prompt: null,
  };
}

const NAME_LENGTH_MAX = 250;

/** As the agent tells it; what it does not tell is untold. */
function modelOf(provider: unknown, name: unknown): Model {
  const told = typeof provider === 'string' ? provider : null;
  if (typeof name !== 'string') return { kind: 'untold', provider: told };
  const slash = name.indexOf('/');
  const model = slash > 0 ? name.slice(slash + 1) : name;
  const own = told ?? (slash > 0 ? name.slice(0, slash) : recognise(BUILT_IN_REGISTRY, null, name).provider);
  return { kind: 'known', provider: own ?? 'unknown', model, version: null, temperatureMilli: null, maxTokens: null };
}
