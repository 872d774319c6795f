// Talks with another window: the page that holds an embedded chat, or the frame that a page holds.
// Rule: a message counts only if it comes from an allowed origin AND from that very window AND has the expected shape;
// what is sent goes to one exact origin, never to whoever is there. Answers go by the port that came with a message.

import * as z from 'zod/mini';

import type { Clock } from 'kernel/basics';

import type { Events } from './create-events.ts';
import { originInvalid } from './faults.ts';

const TEXT_LENGTH_MAX = 16_000;
const id = z.string().check(z.minLength(1), z.maxLength(100));
const text = z.string().check(z.maxLength(TEXT_LENGTH_MAX));

/** What another window may ask for. */
export const BridgeMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('persona:added'),
    data: z.object({
      persona: z.object({ name: z.string().check(z.minLength(1), z.maxLength(100)), description: text }),
    }),
  }),
  z.object({ kind: z.literal('persona:close'), data: z.object({}) }),
  z.object({ kind: z.literal('scenario:change'), data: z.object({ scenarioId: z.nullable(id) }) }),
  z.object({ kind: z.literal('display:message'), data: z.object({ text }) }),
  z.object({
    kind: z.literal('chat:action'),
    data: z.object({ action: z.string().check(z.regex(/^[a-z][a-z-]{0,40}$/)), messageId: z.optional(id) }),
  }),
]);
export type BridgeMessage = z.infer<typeof BridgeMessage>;

const Envelope = z.object({ tandem: z.literal(1), message: z.unknown() });

export type BridgeAnswer =
  { readonly kind: 'done' } | { readonly kind: 'refused'; readonly reason: string } | { readonly kind: 'unanswered' };

const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done') }),
  z.object({ kind: z.literal('refused'), reason: z.string().check(z.maxLength(500)) }),
]);

export interface BridgeOptions {
  /** The window that we are. */
  readonly self: Pick<Window, 'addEventListener' | 'removeEventListener'>;
  /** The window on the other side; a function where it comes later. */
  readonly frame: () => Pick<Window, 'postMessage'> | null;
  /** Scheme, host and port, exactly. The first is whom we talk to until one of them has spoken. */
  readonly allowedOrigins: readonly [string, ...string[]];
  readonly events: Events;
  readonly clock: Clock;
  /** Called for every accepted message, besides its event; a thrown error becomes a refusal without its details. */
  readonly receive?: (message: BridgeMessage) => void | Promise<void>;
}

export interface Bridge {
  send(message: BridgeMessage): Promise<BridgeAnswer>;
  /** Tells the other side of an event of ours, without waiting. */
  tell(name: string, data: unknown): void;
  /** Messages that were not accepted, by reason. */
  getStats(): { readonly accepted: number; readonly foreign: number; readonly malformed: number };
  close(): void;
}

/** A window that does not answer by then does not speak with us. */
const ANSWER_MS_MAX = 5000;

export function createBridge(options: BridgeOptions): Bridge {
  const allowed = new Set(options.allowedOrigins.map(exactOrigin));
  let [peer] = options.allowedOrigins;
  const counts = { accepted: 0, foreign: 0, malformed: 0 };

  const onMessage = (event: MessageEvent): void => {
    const frame = options.frame();
    // A source of null is a closed window, and would equal a frame that is not there yet.
    if (frame === null || event.source !== frame || !allowed.has(event.origin)) return void (counts.foreign += 1);
    const message = messageIn(event.data);
    if (message === undefined) {
      counts.malformed += 1;
      return event.ports[0]?.postMessage({ kind: 'refused', reason: 'The message is not one of the known ones.' });
    }
    counts.accepted += 1;
    peer = event.origin;
    void accept(options, message, event.ports[0]);
  };
  const listener = onMessage as EventListener;
  options.self.addEventListener('message', listener);
  const post = (body: unknown, transfer: readonly MessagePort[] = []): void =>
    options.frame()?.postMessage(body, { targetOrigin: peer, transfer: [...transfer] });

  return {
    send: (message) => sendAndWait(message, post, options.clock),
    tell: (name, data) => post({ tandem: 1, event: { name, data: plain(data) } }),
    getStats: () => ({ ...counts }),
    close: () => options.self.removeEventListener('message', listener),
  };
}

function messageIn(data: unknown): BridgeMessage | undefined {
  const envelope = Envelope.safeParse(data);
  const message = envelope.success ? BridgeMessage.safeParse(envelope.data.message) : undefined;
  return message?.success === true ? message.data : undefined;
}

async function accept(options: BridgeOptions, message: BridgeMessage, port: MessagePort | undefined): Promise<void> {
  options.events.triggerChatEvent(message.kind, message.data as never);
  const answer = await Promise.resolve()
    .then(() => options.receive?.(message))
    .then(
      () => ({ kind: 'done' }),
      (error: unknown) => {
        options.events.triggerChatEvent('chat:error', {
          where: `the bridge, at ${message.kind}`,
          userMessage: 'An error occurred. Please try again.',
          error,
        });
        return { kind: 'refused', reason: 'It failed.' };
      },
    );
  port?.postMessage(answer);
  port?.close();
}

async function sendAndWait(
  message: BridgeMessage,
  post: (body: unknown, transfer: readonly MessagePort[]) => void,
  clock: Clock,
): Promise<BridgeAnswer> {
  const { port1, port2 } = new MessageChannel();
  const done = new AbortController();
  const answered = new Promise<BridgeAnswer>((resolve) => {
    port1.addEventListener('message', (event: MessageEvent) => {
      const answer = Answer.safeParse(event.data);
      resolve(answer.success ? answer.data : { kind: 'refused', reason: 'The answer is not one of the known ones.' });
    });
    port1.start();
  });
  post({ tandem: 1, message }, [port2]);
  const silence = clock.sleep(ANSWER_MS_MAX, done.signal).then((): BridgeAnswer => ({ kind: 'unanswered' }));
  const answer = await Promise.race([answered, silence]);
  done.abort();
  port1.close();
  return answer;
}

/** Without what cannot be cloned, such as functions and errors. */
const plain = (data: unknown): unknown => JSON.parse(JSON.stringify(data ?? null));

function exactOrigin(origin: string): string {
  const parsed = URL.canParse(origin) ? new URL(origin).origin : 'null';
  if (parsed !== origin || parsed === 'null' || origin.includes('*')) throw originInvalid(origin);
  return origin;
}
