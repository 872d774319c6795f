// Who follows which run in this process, and what they are told at once: an event as it was committed, or only that
// something has changed.
// Rule: what is told is a shortcut. A follower that was told too much, too little or out of turn reads the tables again.
// Writes of other processes are found by one look at all followed runs, however many follow them.

import type { RunId } from '../basics/index.ts';
import type { RunEvent, RunStatus } from '../protocol/index.ts';
import type { Store } from '../store/index.ts';

/** A reader this far behind reads from the tables anyway. */
const TOLD_MAX = 200;
/** How many runs are looked at in one question. */
const LOOK_AT_ONCE = 500;

export interface Follower {
  /** Resolves once something was told since the last `take`, or the signal aborts. */
  rung(): Promise<void>;
  /** What this follower has found in the tables: no need to be told of it again. */
  saw(state: RunState): void;
  /** What was told since the last time. `isWhole` false: look into the tables as well. */
  take(): { readonly events: readonly RunEvent[]; readonly isWhole: boolean };
  stop(): void;
}

/** How far a run has come; two that are equal mean that nothing has happened. */
export interface RunState {
  readonly lastSeq: number;
  readonly status: RunStatus;
}
type Looked = (runs: readonly RunId[]) => Promise<ReadonlyMap<string, RunState>>;

export class Followers {
  readonly #store: Pick<Store, 'onChange'>;
  readonly #look: Looked;
  readonly #told = new Map<RunId, Set<Told>>();
  #listening: { stop(): void } | undefined;
  #looking: 'not' | 'looking' | 'again' = 'not';

  constructor(store: Pick<Store, 'onChange'>, look: Looked) {
    this.#store = store;
    this.#look = look;
  }

  follow(run: RunId, signal: AbortSignal): Follower {
    const told = new Told(signal);
    const all = this.#told.get(run) ?? new Set();
    this.#told.set(run, all.add(told));
    // What this process writes it tells itself.
    this.#listening ??= this.#store.onChange((from) => from === 'elsewhere' && void this.#lookAround());
    return {
      rung: () => told.rung(),
      saw: (state) => told.saw(state),
      take: () => told.take(),
      stop: () => this.#stop(run, told),
    };
  }

  appended(event: RunEvent): void {
    for (const told of this.#told.get(event.run as RunId) ?? []) told.event(event);
  }

  changed(run: RunId): void {
    for (const told of this.#told.get(run) ?? []) told.change();
  }

  #stop(run: RunId, told: Told): void {
    const all = this.#told.get(run);
    all?.delete(told);
    if (all?.size === 0) this.#told.delete(run);
    if (this.#told.size > 0) return;
    this.#listening?.stop();
    this.#listening = undefined;
  }

  async #lookAround(): Promise<void> {
    if (this.#looking !== 'not') {
      this.#looking = 'again';
      return;
    }
    try {
      do {
        this.#looking = 'looking';
        const runs = [...this.#told.keys()];
        for (let from = 0; from < runs.length; from += LOOK_AT_ONCE) {
          await this.#lookAt(runs.slice(from, from + LOOK_AT_ONCE));
        }
      } while (this.#isAskedAgain());
    } catch {
      // The database did not answer. Everybody looks for themselves, and the one who cannot says so to their reader.
      for (const run of this.#told.keys()) this.changed(run);
    } finally {
      this.#looking = 'not';
    }
  }

  async #lookAt(runs: readonly RunId[]): Promise<void> {
    const states = await this.#look(runs);
    for (const run of runs) {
      const state = states.get(run);
      // Each by what it knows itself: that one has read it does not mean that another has.
      for (const told of this.#told.get(run) ?? []) if (!told.knows(state)) told.change();
    }
  }

  /** A call, so that the compiler does not believe it to be as it was before the wait. */
  #isAskedAgain(): boolean {
    return this.#looking === 'again';
  }
}

/** One follower's mailbox. */
class Told {
  #events: RunEvent[] = [];
  #known: RunState | undefined;
  #isWhole = true;
  #hasRung = false;
  #hear: (() => void) | undefined;

  constructor(signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#ring(), { once: true });
  }

  saw(state: RunState): void {
    this.#known = state;
  }

  /** What was committed here meanwhile is told already, also where the look was a moment too early to see it. */
  knows(state: RunState | undefined): boolean {
    const known = this.#known;
    return (
      known !== undefined && state !== undefined && state.lastSeq <= known.lastSeq && state.status === known.status
    );
  }

  event(event: RunEvent): void {
    if (this.#known !== undefined) this.#known = { ...this.#known, lastSeq: event.seq };
    if (this.#events.length < TOLD_MAX) this.#events.push(event);
    else this.#isWhole = false;
    this.#ring();
  }

  change(): void {
    this.#isWhole = false;
    this.#ring();
  }

  take(): { readonly events: readonly RunEvent[]; readonly isWhole: boolean } {
    const taken = { events: this.#events, isWhole: this.#isWhole };
    this.#events = [];
    this.#isWhole = true;
    this.#hasRung = false;
    return taken;
  }

  async rung(): Promise<void> {
    if (this.#hasRung) return;
    await new Promise<void>((resolve) => (this.#hear = resolve));
    this.#hear = undefined;
  }

  #ring(): void {
    this.#hasRung = true;
    this.#hear?.();
  }
}
