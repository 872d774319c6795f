// Places for heavy work, shared by all processes on a store: the first `limit` tickets of a name hold its places.
// Rule: a ticket is a leased row, waiting or not, so a process that dies leaves the queue by itself.

import { newId } from '../basics/index.ts';
import type { WorkContext, WorkDb } from './create-work.ts';
import type { WorkTables } from './tables.ts';
import type { Slot } from './work.ts';

/** As for leases: two renewals may fail. */
const RENEWALS = 3;

interface Ticket {
  readonly id: string;
  readonly name: string;
  readonly ticket: number;
}

export async function takeSlot(
  context: WorkContext,
  name: string,
  limit: number,
  signal: AbortSignal,
): Promise<Slot | undefined> {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError('There is at least one place.');
  if (signal.aborted) return undefined;
  const ticket = await queueUp(context, name);
  const given = new AbortController();
  void keepTicket(context, ticket, given.signal);
  const release = async (): Promise<void> => {
    given.abort();
    await context.store.write((tx: WorkDb) => tx.deleteFrom('slots').where('id', '=', ticket.id).execute());
  };
  if (await isOurTurn(context, ticket, limit, signal)) return { release };
  await release();
  return undefined;
}

async function queueUp(context: WorkContext, name: string): Promise<Ticket> {
  const id = newId<'slot'>();
  return context.store.write(async (tx: WorkDb) => {
    const last = await tx
      .selectFrom('slots')
      .select((row) => row.fn.max('ticket').as('ticket'))
      .where('name', '=', name)
      .executeTakeFirst();
    const ticket = { id, name, ticket: (last?.ticket ?? 0) + 1 };
    await insert(context, tx, ticket);
    return ticket;
  });
}

const insert = ({ clock, leaseMs, self }: WorkContext, tx: WorkDb, ticket: Ticket): Promise<unknown> =>
  tx
    .insertInto('slots')
    .values({ ...ticket, holder: `process ${self.pid}`, ...self, until_at: clock.now() + leaseMs })
    .execute();

/** Waits until fewer than `limit` living tickets are before ours; false when the signal aborts first. */
async function isOurTurn(context: WorkContext, ticket: Ticket, limit: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const woken = new AbortController();
    const wake = (): void => woken.abort();
    const listening = context.store.onChange(wake);
    signal.addEventListener('abort', wake, { once: true });
    try {
      if ((await livingBefore(context, ticket)) < limit) return !signal.aborted;
      // Nobody tells us when a lease ends by itself, so we look again each time one could have.
      await context.clock.sleep(context.leaseMs / RENEWALS, woken.signal);
    } finally {
      listening.stop();
      signal.removeEventListener('abort', wake);
    }
  }
  return false;
}

async function livingBefore(context: WorkContext, { name, ticket }: Ticket): Promise<number> {
  const before = await context.store
    .read<WorkTables>()
    .selectFrom('slots')
    .select(['machine', 'pid', 'started', 'until_at'])
    .where('name', '=', name)
    .where('ticket', '<', ticket)
    .execute();
  return before.filter((held) => !context.hasEnded(held)).length;
}

/** Renews the ticket, and clears away those of the dead, until it is given back. */
async function keepTicket(context: WorkContext, ticket: Ticket, given: AbortSignal): Promise<void> {
  const { store, clock, leaseMs } = context;
  while (!given.aborted) {
    await clock.sleep(leaseMs / RENEWALS, given);
    if (given.aborted) return;
    try {
      await store.write(async (tx: WorkDb) => {
        const until = { until_at: clock.now() + leaseMs };
        const renewed = await tx.updateTable('slots').set(until).where('id', '=', ticket.id).executeTakeFirst();
        // We slept through a whole lease and were cleared away, but here we are: back to our place.
        if (renewed.numUpdatedRows === 0n && !given.aborted) await insert(context, tx, ticket);
        await clearDead(context, tx, ticket.name);
      });
    } catch {
      // Locked, full or out of reach: the next renewal may succeed; until then the old one counts.
      continue;
    }
  }
}

async function clearDead(context: WorkContext, tx: WorkDb, name: string): Promise<void> {
  const all = await tx.selectFrom('slots').selectAll().where('name', '=', name).execute();
  const dead = all.filter((held) => context.hasEnded(held)).map((held) => held.id);
  if (dead.length > 0) await tx.deleteFrom('slots').where('id', 'in', dead).execute();
}
