// The calls that are being answered, so that each ends early when who made it is gone, when its key is taken back, and
// when the server ends.
// Signals that are joined anew for each call would do the same, and cost several times as much.

import type { DirectCall } from '../server/direct-routes.ts';
import type { GatewayKeys } from './keys.ts';

export interface CallUnderWay {
  readonly signal: AbortSignal;
  /** Nothing can end it early any more. */
  end(): void;
}

export class CallsUnderWay {
  /** With the key each came by. */
  readonly #calls = new Map<AbortController, string | undefined>();
  readonly #closing: AbortSignal;

  constructor(closing: AbortSignal, keys: Pick<GatewayKeys, 'onRevoked'>) {
    this.#closing = closing;
    closing.addEventListener('abort', () => this.#abort(() => true), { once: true });
    keys.onRevoked((revoked) => this.#abort((key) => key === revoked));
  }

  begin(call: Pick<DirectCall, 'onGone'>, key: string | undefined): CallUnderWay {
    const controller = new AbortController();
    if (this.#closing.aborted) controller.abort(this.#closing.reason);
    this.#calls.set(controller, key);
    call.onGone(() => this.#calls.has(controller) && controller.abort());
    return { signal: controller.signal, end: () => void this.#calls.delete(controller) };
  }

  async until<Result>(
    call: Pick<DirectCall, 'onGone'>,
    key: string | undefined,
    work: (one: CallUnderWay) => Promise<Result>,
  ): Promise<Result> {
    const one = this.begin(call, key);
    try {
      return await work(one);
    } finally {
      one.end();
    }
  }

  #abort(isMeant: (key: string | undefined) => boolean): void {
    for (const [controller, key] of this.#calls) if (isMeant(key)) controller.abort();
  }
}
