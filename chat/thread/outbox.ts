// Sends what waits, one after the other, each when the answer before it is whole.
// Rule: what cannot reach the server is tried again for as long as the page lives, and after that when it is opened
// again; what the server refuses is for a person to decide.

import { unreachable } from 'kernel/basics';

import type { Events } from '../events/index.ts';
import type { Message } from '../protocol/index.ts';
import { handleApiError, type ChatApi, type Requests, type Wake } from '../requests/index.ts';
import type { MessageMap } from './messages.ts';
import { pendingId, type PendingSend, type PendingTable } from './pending.ts';
import { withoutId } from './places.ts';
import type { ThreadStore } from './thread-state.ts';

export interface OutboxPorts {
  readonly requests: Requests;
  readonly api: ChatApi;
  readonly events: Events;
  readonly wake?: Wake;
  readonly language?: string;
  readonly pending: PendingTable;
  readonly messages: MessageMap;
  readonly store: ThreadStore;
  readonly closed: AbortSignal;
  /** The conversation, begun where it was not. */
  begun(): Promise<string>;
  follow(run: { readonly runId: string; readonly answerId: string }): void;
  answered(message: Message): Promise<void>;
  fail(where: string, error: unknown): void;
}

/** How long to leave a server alone that could not be reached, if nothing wakes us before. */
const SEND_AGAIN_MS = 15_000;

const MAY_PASS: ReadonlySet<string> = new Set(['network', 'server', 'rate-limit', 'auth', 'cancelled']);

export class Outbox {
  readonly #ports: OutboxPorts;
  #isPumping = false;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  async pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    const { pending } = this.#ports;
    try {
      for (let next = pending.next; next !== undefined && this.#maySend(); next = pending.next) await this.#send(next);
    } finally {
      this.#isPumping = false;
    }
  }

  #maySend(): boolean {
    return !this.#ports.closed.aborted && this.#ports.store.getState().answering === null;
  }

  async #send(send: PendingSend): Promise<void> {
    const { api, events, pending, messages, begun, follow, answered } = this.#ports;
    const { key, content, artifactIds, at } = send;
    messages.change(pendingId(key), { delivery: 'sending' });
    try {
      const chatId = await begun();
      const artifacts = artifactIds.length === 0 ? {} : { artifactIds };
      const completed = await api.complete(chatId, { content, timestamp: at, ...artifacts }, { key });
      pending.delete(key);
      const messageId = completed.kind === 'accepted' ? completed.run.messageId : (completed.message.parentId ?? '');
      this.#accepted(key, messageId);
      events.triggerChatEvent('message:sent', { chatId, messageId, content, timestamp: at });
      switch (completed.kind) {
        case 'accepted':
          return follow(completed.run);
        case 'answered':
          await answered(completed.message);
          return events.triggerChatEvent('message:received', { chatId, message: completed.message });
        default:
          return unreachable(completed);
      }
    } catch (error) {
      await this.#notSent(key, error);
    }
  }

  #accepted(key: string, messageId: string): void {
    const { store, messages } = this.#ports;
    const id = pendingId(key);
    const waiting = messages.get(id);
    if (waiting !== undefined && messages.get(messageId) === undefined) {
      messages.put({ ...waiting, id: messageId, delivery: 'sent', problem: null });
    }
    store.setState(({ ids }) => ({
      // Sent again after a reload, it may be here already, as the server told it.
      ids: ids.includes(messageId) ? withoutId(ids, id) : ids.map((each) => (each === id ? messageId : each)),
    }));
    messages.delete(id);
  }

  async #notSent(key: string, error: unknown): Promise<void> {
    const { pending, messages, requests, wake, closed, language, fail } = this.#ports;
    const failure = handleApiError(error, language);
    const mayPass = MAY_PASS.has(failure.kind);
    const text = failure.problem?.title ?? failure.userMessage;
    messages.change(pendingId(key), { delivery: mayPass ? 'waiting' : 'failed', problem: text });
    fail('sending a message', error);
    if (!mayPass) return pending.refuse(key, text);
    const woken = new AbortController();
    const off = wake?.(() => woken.abort());
    await requests.clock.sleep(SEND_AGAIN_MS, AbortSignal.any([woken.signal, closed]));
    off?.();
  }
}
