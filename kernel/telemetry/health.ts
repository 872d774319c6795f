// Whether this process lives, and whether it can do its work now.
// Rule: live asks nothing but the event loop; ready asks what the process needs, each within its time limit.

import { monitorEventLoopDelay } from 'node:perf_hooks';

import { scrub, type Clock } from '../basics/index.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}
export interface Health {
  readonly ok: boolean;
  readonly checks: readonly Check[];
}
/** Resolves with a detail worth showing, rejects with the reason why not. */
export type Probe = () => Promise<string>;

export interface HealthWatch {
  live(): Health;
  ready(): Promise<Health>;
  close(): void;
}

/** A loop that is blocked longer than this answers nobody in time. */
const LAG_MS_MAX = 1000;
const PROBE_MS_MAX = 2000;

export function createHealth(clock: Clock, probes: Readonly<Record<string, Probe>>): HealthWatch {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  return {
    live: () => liveOf(lagOf(delay)),
    async ready() {
      const checks = await Promise.all(Object.entries(probes).map(([name, probe]) => checked(clock, name, probe)));
      return { ok: checks.every((check) => check.ok), checks };
    },
    close: () => delay.disable(),
  };
}

export const liveOf = (lagMs: number): Health => ({
  ok: lagMs <= LAG_MS_MAX,
  checks: [{ name: 'event-loop', ok: lagMs <= LAG_MS_MAX, detail: `${Math.round(lagMs)} ms behind` }],
});

/** The longest delay since the last look, in milliseconds. */
function lagOf(delay: ReturnType<typeof monitorEventLoopDelay>): number {
  const lagMs = delay.max / 1e6;
  delay.reset();
  return Number.isFinite(lagMs) && lagMs > 0 ? lagMs : 0;
}

async function checked(clock: Clock, name: string, probe: Probe): Promise<Check> {
  const answered = new AbortController();
  const tooLate = clock.sleep(PROBE_MS_MAX, answered.signal).then(() => undefined);
  const probing = probe().then(
    (detail): Check => ({ name, ok: true, detail }),
    (thrown: unknown): Check => ({ name, ok: false, detail: scrub(String(thrown)) }),
  );
  const check = await Promise.race([probing, tooLate]);
  answered.abort();
  return check ?? { name, ok: false, detail: `No answer within ${PROBE_MS_MAX} ms.` };
}
