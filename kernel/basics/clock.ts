// Time is an input: code that needs it takes a Clock, so that tests decide what time it is.

declare const instantBrand: unique symbol;

/** A moment, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [instantBrand]: true };

export interface Clock {
  now(): Instant;
  /** Resolves after `delayMs`, or at once when `signal` aborts. Never rejects: the caller looks at its signal. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** Calls back once after `delayMs`, unless what it gives back is called before: a limit that is seldom reached. */
  alarm(delayMs: number, ring: () => void): () => void;
}

export const instant = (epochMs: number): Instant => Math.trunc(epochMs) as Instant;
export const toIso = (moment: Instant): string => new Date(moment).toISOString();
export const fromIso = (text: string): Instant => instant(Date.parse(text));

export const systemClock: Clock = {
  now: () => instant(Date.now()),
  sleep: (delayMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      signal?.addEventListener('abort', done);
    }),
  alarm(delayMs, ring) {
    const timer = setTimeout(ring, delayMs);
    return () => clearTimeout(timer);
  },
};

export interface ManualClock extends Clock {
  /** Moves time on and wakes every sleeper whose moment has come, earliest first. */
  advance(byMs: number): Promise<void>;
  readonly sleepers: number;
}

/** A clock that stands still until it is moved. For tests. */
export function manualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  let sleeping: { readonly untilMs: number; readonly wake: () => void }[] = [];
  return {
    now: () => instant(nowMs),
    get sleepers() {
      return sleeping.length;
    },
    sleep: (delayMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true || delayMs <= 0) return resolve();
        const entry = { untilMs: nowMs + delayMs, wake: resolve };
        sleeping.push(entry);
        signal?.addEventListener('abort', () => {
          sleeping = sleeping.filter((other) => other !== entry);
          resolve();
        });
      }),
    alarm(delayMs, ring) {
      let isSet = true;
      const entry = { untilMs: nowMs + delayMs, wake: () => void (isSet && ring()) };
      sleeping.push(entry);
      return () => {
        isSet = false;
        sleeping = sleeping.filter((other) => other !== entry);
      };
    },
    async advance(byMs) {
      nowMs += byMs;
      const due = sleeping.filter((entry) => entry.untilMs <= nowMs).sort((a, b) => a.untilMs - b.untilMs);
      sleeping = sleeping.filter((entry) => entry.untilMs > nowMs);
      for (const entry of due) {
        entry.wake();
        await Promise.resolve();
      }
    },
  };
}
