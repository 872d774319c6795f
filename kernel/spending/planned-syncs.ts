// When lines of attempts are made to survive a power cut: together, soon after they were written, or at once where
// somebody asks for it.
// Rule: a sync covers a line only if it began after the line was written.

import type { Clock } from '../basics/index.ts';

/**
 * No line waits longer for the sync that takes it along. A sync for each call takes as much of a core as the call itself,
 * and an answer of a model that costs money takes many times longer than this.
 */
export const SYNCED_WITHIN_MS = 25;

export interface SyncPorts {
  readonly clock: Clock;
  sync(): Promise<void>;
  /** A sync failed for which nobody waits. */
  onTrouble(thrown: unknown): void;
}

export class PlannedSyncs {
  readonly #ports: SyncPorts;
  #plan: Plan | undefined;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
  }

  /** For a line that was just written: the sync that is planned for it. Gives back what has it made at once. */
  plan(): () => Promise<void> {
    this.#plan ??= new Plan(this.#ports, () => (this.#plan = undefined));
    const plan = this.#plan;
    return () => plan.begin();
  }

  /** Makes what is planned. Never rejects. */
  async made(): Promise<void> {
    await this.#plan?.begin().catch((thrown: unknown) => this.#ports.onTrouble(thrown));
  }
}

class Plan {
  readonly #ports: SyncPorts;
  readonly #begun: () => void;
  readonly #stopAlarm: () => void;
  #sync: Promise<void> | undefined;

  constructor(ports: SyncPorts, begun: () => void) {
    this.#ports = ports;
    this.#begun = begun;
    this.#stopAlarm = ports.clock.alarm(SYNCED_WITHIN_MS, () => {
      this.begin().catch((thrown: unknown) => ports.onTrouble(thrown));
    });
  }

  /** Lines that are written from now on belong to another plan. */
  begin(): Promise<void> {
    if (this.#sync !== undefined) return this.#sync;
    this.#stopAlarm();
    this.#begun();
    this.#sync = this.#ports.sync();
    // Whoever asked may never look; then the failure is nobody's, and the line is there all the same.
    this.#sync.catch(() => undefined);
    return this.#sync;
  }
}
