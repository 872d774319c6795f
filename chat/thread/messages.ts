// The messages of a conversation by their id, and who watches which.
// Rule: a change of one message wakes only those who watch that one, so that a long thread costs no more than a short.

import type { Message } from '../protocol/index.ts';

/** `sending`: under way. `waiting`: it will be sent again by itself. `failed`: a person must decide. */
export type Delivery = 'sent' | 'sending' | 'waiting' | 'failed';

export interface ThreadMessage extends Message {
  readonly delivery: Delivery;
  /** Of a message that this browser sends: the key under which it is sent, however often. */
  readonly clientKey: string | null;
}

export const asSent = (message: Message): ThreadMessage => ({ ...message, delivery: 'sent', clientKey: null });

export class MessageMap {
  readonly #byId = new Map<string, ThreadMessage>();
  readonly #watchers = new Map<string, Set<() => void>>();

  get(id: string): ThreadMessage | undefined {
    return this.#byId.get(id);
  }

  put(message: ThreadMessage): void {
    this.#byId.set(message.id, message);
    this.#tell(message.id);
  }

  change(id: string, change: Partial<ThreadMessage>): void {
    const message = this.#byId.get(id);
    if (message !== undefined) this.put({ ...message, ...change });
  }

  delete(id: string): void {
    if (this.#byId.delete(id)) this.#tell(id);
  }

  keepOnly(ids: ReadonlySet<string>): void {
    for (const id of this.#byId.keys()) if (!ids.has(id)) this.#byId.delete(id);
  }

  watch(id: string, watcher: () => void): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(watcher));
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0 && this.#watchers.get(id) === watchers) this.#watchers.delete(id);
    };
  }

  #tell(id: string): void {
    for (const watcher of this.#watchers.get(id) ?? []) watcher();
  }
}
