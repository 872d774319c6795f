// Work on a store: claiming runs by lease, finding those whose holder is gone, and places for heavy work.
// Rule: every claim raises the run's epoch in the transaction that takes the lease. What an earlier holder still
// tries to write is refused by that number, whatever its clock says.

import { hostname } from 'node:os';

import type { Kysely } from 'kysely';

import { instant, type Clock, type RunId } from '../basics/index.ts';
import type { JournalTables } from '../journal/index.ts';
import type { Store } from '../store/index.ts';
import { keepLease } from './keep-lease.ts';
import { isProvablyDead, thisProcess, type ProcessIdentity } from './process-identity.ts';
import { takeSlot } from './slots.ts';
import type { WorkTables } from './tables.ts';
import type { Claim, Work } from './work.ts';

/** Twice this is how long a machine may be gone before another takes over; long enough for a stalled disk. */
const LEASE_MS = 10_000;

export interface WorkOptions {
  readonly leaseMs?: number;
  /** Who we are and who is dead; tests say it, everybody else leaves it to the operating system. */
  readonly self?: ProcessIdentity;
  readonly isProvablyDead?: (holder: ProcessIdentity) => boolean;
}

/** What all parts of this package need to know. */
export interface WorkContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly self: ProcessIdentity;
  hasEnded(held: ProcessIdentity & { readonly until_at: number }): boolean;
}

export type WorkDb = Kysely<WorkTables & JournalTables>;

export function createWork(store: Store, clock: Clock, options: WorkOptions = {}): Work {
  const isDead = options.isProvablyDead ?? isProvablyDead;
  const context: WorkContext = {
    store,
    clock,
    leaseMs: options.leaseMs ?? LEASE_MS,
    self: options.self ?? thisProcess(),
    hasEnded: (held) => held.until_at <= clock.now() || isDead(held),
  };
  return {
    claim: (run, holder) => claim(context, run, holder),
    markInterrupted: () => markInterrupted(context),
    slot: (name, limit, signal) => takeSlot(context, name, limit, signal),
  };
}

async function claim(context: WorkContext, run: RunId, holder: string): Promise<Claim> {
  const { store, clock, leaseMs, self } = context;
  const taken = await store.write(async (tx: WorkDb) => {
    const row = await tx.selectFrom('runs').select('epoch').where('id', '=', run).executeTakeFirst();
    if (row === undefined) return { kind: 'no-such-run' } as const;
    const lease = await tx.selectFrom('leases').selectAll().where('run', '=', run).executeTakeFirst();
    if (lease !== undefined && !context.hasEnded(lease)) {
      return { kind: 'held', holder: lease.holder, untilAt: instant(lease.until_at) } as const;
    }
    const epoch = row.epoch + 1;
    await tx.updateTable('runs').set({ epoch }).where('id', '=', run).execute();
    await tx.deleteFrom('leases').where('run', '=', run).execute();
    const held = { holder: holderText(holder, self), ...self, until_at: clock.now() + leaseMs };
    await tx
      .insertInto('leases')
      .values({ run, epoch, ...held })
      .execute();
    return { kind: 'claimed', epoch } as const;
  });
  return taken.kind === 'claimed' ? { kind: 'claimed', lease: keepLease(context, run, taken.epoch) } : taken;
}

async function markInterrupted(context: WorkContext): Promise<readonly RunId[]> {
  // Most of the time there is none, and then nobody needs the write lock.
  if ((await abandoned(context, context.store.read())).length === 0) return [];
  return context.store.write(async (tx: WorkDb) => {
    const ids = await abandoned(context, tx);
    for (const id of ids) {
      await tx
        .updateTable('runs')
        .set((row) => ({ status: 'interrupted', reason: INTERRUPTED, epoch: row('epoch', '+', 1) }))
        .where('id', '=', id)
        .execute();
      await tx.deleteFrom('leases').where('run', '=', id).execute();
    }
    return ids;
  });
}

const INTERRUPTED = 'The process that worked on it ended before the run did.';

async function abandoned(context: WorkContext, db: WorkDb): Promise<readonly RunId[]> {
  const running = await db
    .selectFrom('runs')
    .leftJoin('leases', 'leases.run', 'runs.id')
    .select(['runs.id', 'leases.machine', 'leases.pid', 'leases.started', 'leases.until_at'])
    .where('runs.status', '=', 'running')
    .execute();
  const isAbandoned = ({ machine, pid, started, until_at }: (typeof running)[number]): boolean => {
    if (machine === null || pid === null || started === null || until_at === null) return true;
    return context.hasEnded({ machine, pid, started, until_at });
  };
  return running.filter(isAbandoned).map((row) => row.id as RunId);
}

const holderText = (holder: string, self: ProcessIdentity): string =>
  `${holder}, process ${self.pid} on ${hostname()}, started ${self.started || 'at an unknown time'}`;
