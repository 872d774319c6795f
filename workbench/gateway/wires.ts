// Calls on the wires of OpenAI and Anthropic, answered: who calls, what is asked, and the answer in the wire's words.
// Rule: every call is somebody's: a key names the person, and person, key and run each may have a budget.
// Rule: what goes wrong is said in the words of the wire, with a status that makes a client do the right thing.
// Not here: how a call comes in (routes.ts for the web's requests, workbench/server/direct-routes.ts for Node's own).

import type { LanguageModelV4 } from '@ai-sdk/provider';
import type * as z from 'zod/mini';

import { newId, parseId, type Clock } from 'kernel/basics';
import type { Guard } from 'kernel/guard';
import type { Journal } from 'kernel/journal';
import type { Models } from 'kernel/models';

import type { DirectAnswer, DirectCall } from '../server/direct-routes.ts';
import { AnthropicRequest, callOfAnthropic } from './anthropic-request.ts';
import { eventsOfAnthropic, wholeAnthropic } from './anthropic-answer.ts';
import { CallsUnderWay, type CallUnderWay } from './calls-under-way.ts';
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

export interface GatewayCaller {
  /** Undefined where a token of the workbench was shown. */
  readonly key: string | undefined;
  readonly person: string;
}

/** Both never throw. */
export interface Wires {
  completions(call: DirectCall): Promise<DirectAnswer>;
  messages(call: DirectCall): Promise<DirectAnswer>;
}

export function createWires(ports: GatewayPorts): Wires {
  const underWay = new CallsUnderWay(ports.closing, ports.keys);
  return {
    completions: (call) => inWords(openAiError, () => completions(call, ports, underWay)),
    messages: (call) => inWords(anthropicError, () => messages(call, ports, underWay)),
  };
}

export const jsonAnswer = (value: object, status = 200): DirectAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

export async function inWords(
  wireError: (thrown: unknown) => WireError,
  answer: () => Promise<DirectAnswer>,
): Promise<DirectAnswer> {
  try {
    return await answer();
  } catch (thrown) {
    const { status, body, retryAfterSeconds } = wireError(thrown);
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    const retry = retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) };
    return { status, headers: { ...headers, ...retry }, body: JSON.stringify(body) };
  }
}

async function completions(call: DirectCall, ports: GatewayPorts, underWay: CallsUnderWay): Promise<DirectAnswer> {
  const caller = await callerOf(call, ports);
  const request = bodyOf(await call.text(), OpenAiRequest);
  const { model, head } = await asking(call, ports, { ...caller, name: request.model });
  const asked = callOfOpenAi(request);
  const named = { ...head, id: `chatcmpl-${head.id}` };
  if (request.stream !== true) {
    return underWay.until(call, caller.key, async ({ signal }) =>
      jsonAnswer(wholeOpenAi(named, await model.doGenerate({ ...asked, abortSignal: signal }))),
    );
  }
  const one = underWay.begin(call, caller.key);
  const { stream } = await opened(one, model.doStream({ ...asked, abortSignal: one.signal }));
  return streamed(one, chunksOfOpenAi(named, stream, request.stream_options?.include_usage === true));
}

async function messages(call: DirectCall, ports: GatewayPorts, underWay: CallsUnderWay): Promise<DirectAnswer> {
  const caller = await callerOf(call, ports);
  const request = bodyOf(await call.text(), AnthropicRequest);
  const { model, head } = await asking(call, ports, { ...caller, name: request.model });
  const asked = callOfAnthropic(request);
  const named = { ...head, id: `msg_${head.id}` };
  if (request.stream !== true) {
    return underWay.until(call, caller.key, async ({ signal }) =>
      jsonAnswer(wholeAnthropic(named, await model.doGenerate({ ...asked, abortSignal: signal }))),
    );
  }
  const one = underWay.begin(call, caller.key);
  const { stream } = await opened(one, model.doStream({ ...asked, abortSignal: one.signal }));
  return streamed(one, eventsOfAnthropic(named, stream));
}

/** The model that a caller names. */
async function asking(
  call: DirectCall,
  ports: GatewayPorts,
  { key, person, name }: GatewayCaller & { readonly name: string },
): Promise<{ readonly model: LanguageModelV4; readonly head: AnswerHead }> {
  const run = await runOf(call, ports, person);
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
  return { model, head: { id: newId<'answer'>(), model: name, created: Math.floor(ports.clock.now() / 1000) } };
}

export async function callerOf(
  call: Pick<DirectCall, 'header'>,
  { keys, personOf }: Pick<GatewayPorts, 'keys' | 'personOf'>,
): Promise<GatewayCaller> {
  const [, bearer] = /^Bearer (\S+)$/i.exec(call.header('authorization') ?? '') ?? [];
  const token = bearer ?? call.header('x-api-key') ?? '';
  const key = await keys.whose(token);
  if (key !== undefined) return { key: key.id, person: key.person };
  const person = token === '' ? undefined : await personOf(token);
  if (person === undefined) throw gatewayKeyMissing();
  return { key: undefined, person };
}

async function runOf(call: DirectCall, { journal }: GatewayPorts, person: string): Promise<string | null> {
  const named = call.header('tandem-run');
  if (named === undefined) return null;
  const id = parseId<'run'>(named);
  const run = id === undefined ? undefined : await journal.get(id);
  if (run === undefined || run.owner !== person) throw gatewayRunWrong();
  return run.id;
}

function bodyOf<Schema extends z.ZodMiniType>(text: string, schema: Schema): z.infer<Schema> {
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

async function opened<Stream>(one: CallUnderWay, stream: PromiseLike<Stream>): Promise<Stream> {
  try {
    return await stream;
  } catch (thrown) {
    one.end();
    throw thrown;
  }
}

const streamed = (one: CallUnderWay, pieces: AsyncGenerator<string>): DirectAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
  body: untilOver(one, pieces),
});

async function* untilOver(one: CallUnderWay, pieces: AsyncGenerator<string>): AsyncGenerator<string> {
  try {
    yield* pieces;
  } finally {
    one.end();
  }
}
