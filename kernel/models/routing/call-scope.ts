// From the beginning of a call to its end: everything that may end it early comes together in one signal.

import type { Clock } from '../../basics/index.ts';
import { Broken, CANCELLED, TOO_LATE } from './failures.ts';

/** All calls under way, so that closing can end them and wait for their lines to be settled. */
export class CallsUnderWay {
  readonly #scopes = new Set<CallScope>();
  #isClosed = false;

  get isClosed(): boolean {
    return this.#isClosed;
  }

  add(scope: CallScope): void {
    this.#scopes.add(scope);
    void scope.over.then(() => this.#scopes.delete(scope));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const scopes = [...this.#scopes];
    for (const scope of scopes) scope.cancel();
    await Promise.all(scopes.map(({ over }) => over));
  }
}

export class CallScope {
  readonly #ending = new AbortController();
  readonly #stopTimer: () => void;
  readonly #callerSignal: AbortSignal | undefined;
  readonly #onAbort: () => void;
  #isOver: () => void = () => undefined;
  /** Resolves once its last line is settled. */
  readonly over: Promise<void>;

  constructor(clock: Clock, lengthMs: number, callerSignal: AbortSignal | undefined) {
    this.over = new Promise((resolve) => (this.#isOver = resolve));
    this.#callerSignal = callerSignal;
    this.#onAbort = () => this.#ending.abort(callerSignal?.reason);
    if (callerSignal?.aborted === true) this.#onAbort();
    else callerSignal?.addEventListener('abort', this.#onAbort);
    this.#stopTimer = clock.alarm(lengthMs, () => this.#ending.abort(new Broken(TOO_LATE)));
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** The reader left, or the server stops. */
  cancel(): void {
    this.#ending.abort(new Broken(CANCELLED));
  }

  end(): void {
    this.#stopTimer();
    this.#callerSignal?.removeEventListener('abort', this.#onAbort);
    this.#isOver();
  }

  /** What who made the call is thrown, where it was ended: their own reason. */
  thrown(): unknown {
    const { reason } = this.ending;
    return reason instanceof Broken ? new DOMException('The call was ended.', 'AbortError') : reason;
  }
}
