// Keeps a lease alive until it is released, and says so when it is lost.
// Rule: we believe we hold it only as long as the store has confirmed it: when renewing fails for the length of a
// lease, the lease counts as lost, even if nobody else has taken it.

import type { RunId } from '../basics/index.ts';
import type { WorkContext, WorkDb } from './create-work.ts';
import type { Lease } from './work.ts';

/** Renewed this many times in the length of one lease: two renewals may fail before it is lost. */
const RENEWALS = 3;

export function keepLease(context: WorkContext, run: RunId, epoch: number): Lease {
  const lost = new AbortController();
  const released = new AbortController();
  void renewUntil(context, { run, epoch, lost, released: released.signal });
  return {
    run,
    epoch,
    lost: lost.signal,
    async release() {
      released.abort();
      await context.store.write((tx: WorkDb) =>
        tx.deleteFrom('leases').where('run', '=', run).where('epoch', '=', epoch).execute(),
      );
    },
  };
}

async function renewUntil(
  context: WorkContext,
  lease: { run: RunId; epoch: number; lost: AbortController; released: AbortSignal },
): Promise<void> {
  const { clock, leaseMs } = context;
  let confirmedAt = clock.now();
  while (!lease.released.aborted) {
    await clock.sleep(leaseMs / RENEWALS, lease.released);
    if (lease.released.aborted) return;
    const renewed = await renew(context, lease);
    if (renewed === 'renewed') confirmedAt = clock.now();
    if (lease.released.aborted) return;
    if (renewed === 'gone' || clock.now() - confirmedAt >= leaseMs) return lease.lost.abort();
  }
}

async function renew(
  { store, clock, leaseMs }: WorkContext,
  { run, epoch }: { run: RunId; epoch: number },
): Promise<'renewed' | 'gone' | 'unknown'> {
  try {
    const updated = await store.write((tx: WorkDb) =>
      tx
        .updateTable('leases')
        .set({ until_at: clock.now() + leaseMs })
        .where('run', '=', run)
        .where('epoch', '=', epoch)
        .executeTakeFirst(),
    );
    return updated.numUpdatedRows > 0n ? 'renewed' : 'gone';
  } catch {
    // Locked, full or out of reach: the next try or the end of the lease decides, and the holder's own writes say why.
    return 'unknown';
  }
}
