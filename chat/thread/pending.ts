// Messages that this browser was asked to send and that the server has not taken yet.
// Rule: each has one key for its whole life, and is written down before it is sent, so that a reload sends it again
// without doubling it. Order is kept.

import * as z from 'zod/mini';

import { instant, toIso } from 'kernel/basics';

import { CONTENT_LENGTH_MAX } from '../protocol/index.ts';
import type { Keeping } from '../requests/index.ts';
import type { ThreadMessage } from './messages.ts';

/** Who writes more than this without being connected should be told so. */
export const PENDING_MAX = 20;

const PendingSend = z.object({
  key: z.string().check(z.regex(/^[\x21-\x7e]{1,200}$/)),
  content: z.string().check(z.maxLength(CONTENT_LENGTH_MAX)),
  artifactIds: z.array(z.string()),
  at: z.number(),
  /** What the server said against it; null where it has not been refused. */
  problem: z.nullable(z.string()),
});
export type PendingSend = z.infer<typeof PendingSend>;
const PendingSends = z.array(PendingSend).check(z.maxLength(PENDING_MAX));

export class PendingTable {
  readonly #keeping: Keeping;
  readonly #place: string;
  #sends: readonly PendingSend[];

  constructor(keeping: Keeping, chat: string) {
    this.#keeping = keeping;
    this.#place = `tandem:pending:${chat}`;
    this.#sends = readSends(keeping.get(this.#place));
  }

  get all(): readonly PendingSend[] {
    return this.#sends;
  }
  /** The next to be sent. */
  get next(): PendingSend | undefined {
    return this.#sends.find(({ problem }) => problem === null);
  }

  /** False where there are too many already. */
  add(send: PendingSend): boolean {
    if (this.#sends.length >= PENDING_MAX) return false;
    this.#write([...this.#sends, send]);
    return true;
  }

  refuse(key: string, problem: string | null): void {
    this.#write(this.#sends.map((send) => (send.key === key ? { ...send, problem } : send)));
  }

  delete(key: string): PendingSend | undefined {
    const send = this.#sends.find((each) => each.key === key);
    this.#write(this.#sends.filter((each) => each !== send));
    return send;
  }

  #write(sends: readonly PendingSend[]): void {
    this.#sends = sends;
    if (sends.length === 0) this.#keeping.delete(this.#place);
    else this.#keeping.set(this.#place, JSON.stringify(sends));
  }
}

/** What was written down; anything else that somebody put there is not sent. */
function readSends(text: string | null): readonly PendingSend[] {
  if (text === null) return [];
  try {
    const parsed = PendingSends.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    // Not JSON: not ours.
    return [];
  }
}

const PENDING = 'pending:';
/** The id of a message that has none from the server yet. */
export const pendingId = (key: string): string => `${PENDING}${key}`;
export const isPendingId = (id: string): boolean => id.startsWith(PENDING);

export const pendingMessage = (send: PendingSend, chatId: string): ThreadMessage => ({
  id: pendingId(send.key),
  chatId,
  seq: Number.MAX_SAFE_INTEGER,
  parentId: null,
  sender: 'user',
  content: send.content,
  status: 'complete',
  artifacts: [],
  tools: [],
  branch: { number: 1, of: 1 },
  reaction: null,
  source: null,
  usage: null,
  costMicroUsd: null,
  verdict: null,
  runId: null,
  problem: send.problem,
  clientTimestamp: send.at,
  createdAt: toIso(instant(send.at)),
  editedAt: null,
  delivery: send.problem === null ? 'waiting' : 'failed',
  clientKey: send.key,
});
