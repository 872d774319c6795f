// The gateway: the wires of OpenAI and Anthropic under /v1, for whatever speaks them.
// Rule: every call is somebody's: a key names the person, and person, key and run each may have a budget.
// Rule: what goes wrong is said in the words of the wire, with a status that makes a client do the right thing.

import { Hono, type Context } from 'hono';
import type * as z from 'zod/mini';

import type { LanguageModelV4 } from '@ai-sdk/provider';
import { newId, parseId, type Clock } from 'kernel/basics';
import type { Guard } from 'kernel/guard';
import type { Journal } from 'kernel/journal';
import type { Models } from 'kernel/models';

import { described } from '../server/openapi.ts';
import { AnthropicRequest, callOfAnthropic } from './anthropic-request.ts';
import { eventsOfAnthropic, wholeAnthropic } from './anthropic-answer.ts';
import { gatewayKeyMissing, gatewayModelUnknown, gatewayRequestWrong, gatewayRunWrong } from './faults.ts';
import type { GatewayKeys } from './keys.ts';
import { chunksOfOpenAi, wholeOpenAi, type AnswerHead } from './openai-answer.ts';
import { callOfOpenAi, OpenAiRequest } from './openai-request.ts';
import { anthropicError, openAiError, type WireError } from './wire-errors.ts';

export interface GatewayPorts {
  /** What every call and every answer is looked at by. */
  readonly guard: Guard;
  readonly models: Models;
  readonly keys: GatewayKeys;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Aborts when the server ends. */
  readonly closing: AbortSignal;
  /** Who a token of the workbench belongs to, if they may use the gateway by it. */
  personOf(token: string): Promise<string | undefined>;
}

const tag = 'Gateway';

export function gatewayRoutes(ports: GatewayPorts): Hono {
  const app = new Hono();
  app.get('/models', described({ summary: 'What can be asked', tag }), (context) =>
    answered(context, openAiError, () => listModels(context, ports)),
  );
  app.get('/models/:id', described({ summary: 'One of them', tag }), (context) =>
    answered(context, openAiError, () => oneModel(context, ports)),
  );
  app.post('/chat/completions', described({ summary: 'The wire of OpenAI', tag }), (context) =>
    answered(context, openAiError, () => completions(context, ports)),
  );
  app.post('/messages', described({ summary: 'The wire of Anthropic', tag }), (context) =>
    answered(context, anthropicError, () => messages(context, ports)),
  );
  app.all('/*', (context) =>
    answered(context, openAiError, () => Promise.reject(gatewayRequestWrong('The address', 'there is nothing there'))),
  );
  return app;
}

async function answered(
  context: Context,
  wireError: (thrown: unknown) => WireError,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer();
  } catch (thrown) {
    const { status, body, retryAfterSeconds } = wireError(thrown);
    const headers = new Headers({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    if (retryAfterSeconds !== null) headers.set('retry-after', String(retryAfterSeconds));
    return context.newResponse(JSON.stringify(body), { status: status as 400, headers });
  }
}

interface GatewayCaller {
  /** Undefined where a token of the workbench was shown. */
  readonly key: string | undefined;
  readonly person: string;
}

interface Asking {
  readonly model: LanguageModelV4;
  readonly head: AnswerHead;
  readonly signal: AbortSignal;
}

/** The model that a caller names. */
async function asking(
  context: Context,
  ports: GatewayPorts,
  { key, person, name }: GatewayCaller & { readonly name: string },
): Promise<Asking> {
  const run = await runOf(context, ports, person);
  const model = ports.models.model(name, {
    person,
    product: 'gateway',
    run,
    key: key ?? null,
    audience: person,
    guard: ports.guard,
    // What the caller's tools do is unknown, so an answer is never asked again once one was called.
    toolsAreHarmless: false,
  });
  if (model === undefined) throw gatewayModelUnknown(name);
  const signals = [context.req.raw.signal, ports.closing, ...(key === undefined ? [] : [ports.keys.revoked(key)])];
  const head = { id: newId<'answer'>(), model: name, created: Math.floor(ports.clock.now() / 1000) };
  return { model, head, signal: AbortSignal.any(signals) };
}

async function callerOf(context: Context, { keys, personOf }: GatewayPorts): Promise<GatewayCaller> {
  const [, bearer] = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '') ?? [];
  const token = bearer ?? context.req.header('x-api-key') ?? '';
  const key = await keys.whose(token);
  if (key !== undefined) return { key: key.id, person: key.person };
  const person = token === '' ? undefined : await personOf(token);
  if (person === undefined) throw gatewayKeyMissing();
  return { key: undefined, person };
}

async function runOf(context: Context, { journal }: GatewayPorts, person: string): Promise<string | null> {
  const named = context.req.header('tandem-run');
  if (named === undefined) return null;
  const id = parseId<'run'>(named);
  const run = id === undefined ? undefined : await journal.get(id);
  if (run === undefined || run.owner !== person) throw gatewayRunWrong();
  return run.id;
}

async function completions(context: Context, ports: GatewayPorts): Promise<Response> {
  const caller = await callerOf(context, ports);
  const request = await bodyOf(context, OpenAiRequest);
  const { model, head, signal } = await asking(context, ports, { ...caller, name: request.model });
  const call = { ...callOfOpenAi(request), abortSignal: signal };
  const named = { ...head, id: `chatcmpl-${head.id}` };
  if (request.stream !== true) return context.json(wholeOpenAi(named, await model.doGenerate(call)));
  const { stream } = await model.doStream(call);
  return streamed(chunksOfOpenAi(named, stream, request.stream_options?.include_usage === true));
}

async function messages(context: Context, ports: GatewayPorts): Promise<Response> {
  const caller = await callerOf(context, ports);
  const request = await bodyOf(context, AnthropicRequest);
  const { model, head, signal } = await asking(context, ports, { ...caller, name: request.model });
  const call = { ...callOfAnthropic(request), abortSignal: signal };
  const named = { ...head, id: `msg_${head.id}` };
  if (request.stream !== true) return context.json(wholeAnthropic(named, await model.doGenerate(call)));
  const { stream } = await model.doStream(call);
  return streamed(eventsOfAnthropic(named, stream));
}

async function bodyOf<Schema extends z.ZodMiniType>(context: Context, schema: Schema): Promise<z.infer<Schema>> {
  const text = await context.req.text();
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw gatewayRequestWrong('', 'it is not JSON');
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw gatewayRequestWrong((issue?.path ?? []).join('.'), issue?.message ?? 'it does not fit');
}

function streamed(pieces: AsyncGenerator<string>): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  });
}

async function listModels(context: Context, ports: GatewayPorts): Promise<Response> {
  await callerOf(context, ports);
  // Anthropic's clients say which version they speak, and expect another shape.
  if (context.req.header('anthropic-version') !== undefined) {
    const data = ports.models.catalogue().map(({ id }) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: new Date(0).toISOString(),
    }));
    return context.json({ data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
  }
  return context.json({ object: 'list', data: ports.models.catalogue().map(modelOf) });
}

async function oneModel(context: Context, ports: GatewayPorts): Promise<Response> {
  await callerOf(context, ports);
  const id = decodeURIComponent(context.req.param('id') ?? '');
  const entry = ports.models.catalogue().find((each) => each.id === id);
  if (entry === undefined) throw gatewayModelUnknown(id);
  return context.json(modelOf(entry));
}

const modelOf = ({ id, ownedBy }: { readonly id: string; readonly ownedBy: string }) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: ownedBy,
});
