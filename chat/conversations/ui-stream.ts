// The UI message stream protocol of the AI SDK, version 1, so that its useChat can be pointed at a chat of ours.
// Rule: it is an encoding and nothing else: the same run, the same messages, the same keys. A reader that comes back
// gets the answer from its beginning, as that protocol wants it.

import * as z from 'zod/mini';

import type { RunId } from 'kernel/basics';

import { AnswerEvent, CONTENT_LENGTH_MAX, type ActiveRun, type Message } from '../protocol/index.ts';
import { chatOfPerson } from './chats.ts';
import { complete, takeAction, type Asked } from './completions.ts';
import { nothingToAnswer } from './faults.ts';
import type { ChatRoutePorts } from './route-ports.ts';
import { inChat } from './messages.ts';
import type { ChatTables } from './tables.ts';

const Part = z.looseObject({ type: z.string(), text: z.optional(z.string()) });
const UiMessage = z.looseObject({
  id: z.string().check(z.minLength(1), z.maxLength(100)),
  role: z.enum(['user', 'assistant', 'system']),
  parts: z.array(Part),
});

/** What its default transport posts. Only the last message counts: the conversation itself is ours. */
export const UiStreamRequest = z.looseObject({
  id: z.optional(z.string()),
  messages: z.array(UiMessage).check(z.minLength(1), z.maxLength(1000)),
  trigger: z._default(z.enum(['submit-message', 'regenerate-message']), 'submit-message'),
  messageId: z.optional(z.string()),
});
export type UiStreamRequest = z.infer<typeof UiStreamRequest>;

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-accel-buffering': 'no',
  'x-vercel-ai-ui-message-stream': 'v1',
};

export async function uiStreamOf(
  ports: ChatRoutePorts,
  asked: Asked,
  request: { readonly ask: UiStreamRequest } | { readonly resume: ActiveRun },
  gone: AbortSignal,
): Promise<Response> {
  const begun =
    'resume' in request ? { kind: 'run' as const, id: request.resume.runId } : await begin(ports, asked, request.ask);
  const signal = AbortSignal.any([ports.closing, gone]);
  const chunks = begun.kind === 'message' ? wholeMessage(begun.message) : chunksOfRun(ports, begun.id as RunId, signal);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await chunks.next();
      if (done === true) {
        controller.enqueue(encoder.encode('data: [DONE]\n\n'));
        controller.close();
      } else controller.enqueue(encoder.encode(`data: ${JSON.stringify(value)}\n\n`));
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
  return new Response(body, { headers: HEADERS });
}

type Begun = { readonly kind: 'run'; readonly id: string } | { readonly kind: 'message'; readonly message: Message };

async function begin({ conversations, store }: ChatRoutePorts, asked: Asked, request: UiStreamRequest): Promise<Begun> {
  if (request.trigger === 'regenerate-message') {
    // Its ids of answers are ours; without one the last answer is meant.
    const db = store.read<ChatTables>();
    const chat = await chatOfPerson(db, asked.person, asked.chat);
    const { id: message } = await inChat(db, chat.id, request.messageId ?? chat.head ?? '');
    const { run } = await takeAction(conversations, { ...asked, message }, { action: 'regenerate' });
    return { kind: 'run', id: run?.runId ?? '' };
  }
  const last = request.messages.findLast(({ role }) => role === 'user');
  const content = (last?.parts ?? []).map(({ type, text = '' }) => (type === 'text' ? text : '')).join('');
  if (last === undefined || content === '' || content.length > CONTENT_LENGTH_MAX) throw nothingToAnswer();
  // The id that useChat gave the message is its key: a repeated request adds nothing.
  const completed = await complete(conversations, { ...asked, key: asked.key ?? `ui-${last.id}` }, { content });
  return completed.kind === 'answered'
    ? { kind: 'message', message: completed.message }
    : { kind: 'run', id: completed.run.runId };
}

type Chunk = Readonly<Record<string, unknown>> & { readonly type: string };

async function* wholeMessage(message: Message): AsyncGenerator<Chunk, undefined> {
  yield { type: 'start', messageId: message.id };
  yield { type: 'text-start', id: message.id };
  yield { type: 'text-delta', id: message.id, delta: message.content };
  yield { type: 'text-end', id: message.id };
  yield { type: 'finish', messageMetadata: metadataOf(message) };
  return undefined;
}

async function* chunksOfRun(ports: ChatRoutePorts, run: RunId, signal: AbortSignal): AsyncGenerator<Chunk, undefined> {
  const encoder = new ChunkEncoder();
  for await (const event of ports.journal.tail(run, 0, signal)) {
    const parsed = AnswerEvent.safeParse(event).data;
    if (parsed !== undefined) yield* encoder.chunksOf(parsed);
  }
  return undefined;
}

/** Knows which part of the message is open: the protocol wants each begun and ended. */
class ChunkEncoder {
  #open: 'text' | 'reasoning' | undefined;
  #parts = 0;

  *chunksOf(event: AnswerEvent): Generator<Chunk> {
    switch (event.kind) {
      case 'answer-start':
        yield { type: 'start', messageId: event.data.answerId };
        return;
      case 'answer-delta':
        yield* this.#delta('text', event.data.text);
        return;
      case 'reasoning-delta':
        yield* this.#delta('reasoning', event.data.text);
        return;
      case 'tool-called': {
        const { callId, name, input } = event.data;
        yield* this.#close();
        yield { type: 'tool-input-available', toolCallId: callId, toolName: name, input };
        return;
      }
      case 'tool-answered':
        yield { type: 'tool-output-available', toolCallId: event.data.callId, output: event.data.output };
        return;
      case 'artifact-added':
        yield* this.#close();
        yield { type: 'file', url: event.data.artifact.url, mediaType: event.data.artifact.mediaType };
        return;
      case 'answer-end':
        yield* this.#close();
        if (event.data.message.status === 'failed')
          yield { type: 'error', errorText: event.data.message.problem ?? '' };
        if (event.data.message.status === 'stopped') yield { type: 'abort' };
        yield { type: 'finish', messageMetadata: metadataOf(event.data.message) };
        return;
      case 'source-changed':
    }
  }

  *#delta(kind: 'text' | 'reasoning', delta: string): Generator<Chunk> {
    if (this.#open !== kind) {
      yield* this.#close();
      this.#open = kind;
      this.#parts += 1;
      yield { type: `${kind}-start`, id: String(this.#parts) };
    }
    yield { type: `${kind}-delta`, id: String(this.#parts), delta };
  }

  *#close(): Generator<Chunk> {
    if (this.#open === undefined) return;
    yield { type: `${this.#open}-end`, id: String(this.#parts) };
    this.#open = undefined;
  }
}

const metadataOf = ({ source, usage, costMicroUsd, verdict, status }: Message) => ({
  source,
  usage,
  costMicroUsd,
  verdict,
  status,
});
