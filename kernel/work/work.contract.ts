// What work promises, whatever database is under it. Two "processes" are two stores with identities of their own.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, type ManualClock, type RunId } from '../basics/index.ts';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from '../journal/index.ts';
import { temporaryStore, type DatabaseKind, type TemporaryDatabase } from '../store/temporary-databases.ts';
import { createWork } from './create-work.ts';
import { WORK_MIGRATIONS } from './tables.ts';
import type { Claim, Lease, Slot, Work } from './work.ts';

const LEASE_MS = 10_000;
const NEVER = new AbortController().signal;

export function workContract(kind: DatabaseKind): void {
  describe(`work on ${kind.name}`, () => {
    let clock: ManualClock;
    let database: TemporaryDatabase;
    let journal: Journal;
    let here: Work;
    let there: Work;
    const dead = new Set<number>();
    beforeEach(async () => {
      clock = manualClock();
      dead.clear();
      const made = await temporaryStore(kind, [JOURNAL_MIGRATIONS, WORK_MIGRATIONS]);
      database = made.database;
      journal = createJournal(made.store, clock);
      const isProvablyDead = ({ pid }: { pid: number }): boolean => dead.has(pid);
      const identity = (pid: number) => ({ self: { machine: 'box', pid, started: '1' }, isProvablyDead });
      here = createWork(made.store, clock, identity(1));
      there = createWork(await database.open(), clock, identity(2));
    });
    afterEach(() => database.remove());

    const begun = async (): Promise<RunId> =>
      (await journal.start({ product: 'p', title: 't', source: 's', owner: 'o', input: null })).run.id;
    const leaseOf = (claim: Claim): Lease => {
      if (claim.kind !== 'claimed') throw new Error(`not claimed but ${claim.kind}`);
      return claim.lease;
    };

    test('one claims a run, the other learns who holds it and until when', async () => {
      const run = await begun();
      const lease = leaseOf(await here.claim(run, 'the server'));
      const held = await there.claim(run, 'a command');
      expect(held).toMatchObject({ kind: 'held', untilAt: clock.now() + LEASE_MS });
      expect(held.kind === 'held' && held.holder).toContain('the server, process 1');
      await lease.release();
    });

    test('of many who claim at once exactly one gets the run', async () => {
      const run = await begun();
      const claims = await Promise.all([here, there, here, there].map((work) => work.claim(run, 'w')));
      const claimed = claims.filter((claim) => claim.kind === 'claimed');
      expect(claimed).toHaveLength(1);
      await Promise.all(claimed.map((claim) => leaseOf(claim).release()));
    });

    test('an unknown run cannot be claimed', async () => {
      expect(await here.claim('0123456789abcdef' as RunId, 'w')).toEqual({ kind: 'no-such-run' });
    });

    test('every claim raises the epoch, and the old holder is fenced off', async () => {
      const run = await begun();
      const first = leaseOf(await here.claim(run, 'w'));
      expect((await journal.append(run, first.epoch, 'noted', {})).kind).toBe('appended');
      await first.release();
      const second = leaseOf(await there.claim(run, 'w'));
      expect(second.epoch).toBeGreaterThan(first.epoch);
      expect((await journal.append(run, first.epoch, 'noted', {})).kind).toBe('fenced-off');
      expect((await journal.append(run, second.epoch, 'noted', {})).kind).toBe('appended');
      await second.release();
    });

    test('a lease is renewed for as long as it is not released', async () => {
      const run = await begun();
      const lease = leaseOf(await here.claim(run, 'w'));
      for (let step = 0; step < 9; step += 1) await passing(clock, LEASE_MS / 3 + 1);
      expect((await there.claim(run, 'w')).kind).toBe('held');
      expect(lease.lost.aborted).toBe(false);
      await lease.release();
      const next = leaseOf(await there.claim(run, 'w'));
      await next.release();
    });

    test('a holder that is silent for the length of a lease loses the run, and learns so when it wakes', async () => {
      const run = await begun();
      const lease = leaseOf(await here.claim(run, 'w'));
      const asleep = clock.now() + LEASE_MS;
      // The other machine's clock goes on while the holder sleeps.
      const later = createWork(await database.open(), manualClock(asleep), {
        self: { machine: 'x', pid: 3, started: '' },
      });
      const next = leaseOf(await later.claim(run, 'w'));
      expect(next.epoch).toBe(lease.epoch + 1);
      const lost = new Promise((resolve) => lease.lost.addEventListener('abort', resolve));
      await clock.advance(LEASE_MS / 3 + 1);
      await lost;
      await lease.release();
      expect((await here.claim(run, 'w')).kind).toBe('held');
      await next.release();
    });

    test('the lease of a process that is provably dead has ended at once', async () => {
      const run = await begun();
      leaseOf(await here.claim(run, 'w'));
      expect((await there.claim(run, 'w')).kind).toBe('held');
      dead.add(1);
      const next = leaseOf(await there.claim(run, 'w'));
      expect(next.epoch).toBe(2);
      await next.release();
    });

    test('a running run whose holder is gone becomes interrupted, once, and its writer is fenced off', async () => {
      const [gone, alive, queued] = [await begun(), await begun(), await begun()];
      const lease = leaseOf(await here.claim(gone, 'w'));
      await journal.setStatus(gone, lease.epoch, 'running', null);
      const other = leaseOf(await there.claim(alive, 'w'));
      await journal.setStatus(alive, other.epoch, 'running', null);
      expect(await there.markInterrupted()).toEqual([]);
      dead.add(1);
      expect(await there.markInterrupted()).toEqual([gone]);
      expect(await there.markInterrupted()).toEqual([]);
      expect(await journal.get(gone)).toMatchObject({
        status: 'interrupted',
        reason: expect.stringContaining('ended'),
      });
      expect((await journal.append(gone, lease.epoch, 'noted', {})).kind).toBe('fenced-off');
      expect((await journal.get(alive))?.status).toBe('running');
      expect((await journal.get(queued))?.status).toBe('queued');
      await other.release();
    });

    test('no more than the limit work at once, and places are given in order of asking', async () => {
      const first = await here.slot('trials', 2, NEVER);
      const second = await there.slot('trials', 2, NEVER);
      const order: string[] = [];
      const waiting = async (work: Work, name: string): Promise<Slot | undefined> => {
        const slot = await work.slot('trials', 2, NEVER);
        order.push(name);
        return slot;
      };
      // Each ticket sleeps between two renewals, and each one that waits sleeps once more.
      const third = waiting(there, 'third');
      await until(() => clock.sleepers === 4);
      const fourth = waiting(here, 'fourth');
      await until(() => clock.sleepers === 6);
      expect(order).toEqual([]);
      await second?.release();
      const thirdSlot = await third;
      expect(order).toEqual(['third']);
      await first?.release();
      const fourthSlot = await fourth;
      await Promise.all([thirdSlot?.release(), fourthSlot?.release()]);
      const free = await here.slot('trials', 1, NEVER);
      await free?.release();
    });

    test('names do not wait for each other', async () => {
      const a = await here.slot('a', 1, NEVER);
      const b = await here.slot('b', 1, NEVER);
      expect([a, b]).not.toContain(undefined);
      await Promise.all([a?.release(), b?.release()]);
    });

    test('who gives up waiting gets no place and stands in nobody’s way', async () => {
      const held = await here.slot('trials', 1, NEVER);
      const patience = new AbortController();
      const given = there.slot('trials', 1, patience.signal);
      await until(() => clock.sleepers === 3);
      patience.abort();
      expect(await given).toBeUndefined();
      expect(await there.slot('trials', 1, patience.signal)).toBeUndefined();
      await held?.release();
      const next = await there.slot('trials', 1, NEVER);
      expect(next).toBeDefined();
      await next?.release();
    });

    test('the place of a dead process is free', async () => {
      await here.slot('trials', 1, NEVER);
      dead.add(1);
      const slot = await there.slot('trials', 1, NEVER);
      expect(slot).toBeDefined();
      await slot?.release();
    });
  });
}

/** Moves the clock on, and waits until as many sleep again as slept before. */
async function passing(clock: ManualClock, byMs: number): Promise<void> {
  const sleepers = clock.sleepers;
  await clock.advance(byMs);
  await until(() => clock.sleepers >= sleepers);
}

/** Lets everything else go on until it is so. A database on the network takes its round trips. */
async function until(isSo: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + 5000;
  while (!isSo()) {
    if (performance.now() > giveUpAt) throw new Error(`never became so: ${isSo.toString()}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
