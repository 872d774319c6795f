// A run with a journal of its own, written under a lease that is lost to another holder.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock, seconds, type Clock, type RunId } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS } from 'kernel/journal';
import { openStore, sqliteUrl, type Store } from 'kernel/store';
import { createWork, WORK_MIGRATIONS, type Lease, type Work } from 'kernel/work';

const LEASE_MS = seconds(10);

export async function loseARun(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-example-'));
  const store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  try {
    await store.migrate([JOURNAL_MIGRATIONS, WORK_MIGRATIONS]);
    await story(store, print);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

async function story(store: Store, print: (line: string) => void): Promise<void> {
  // Two machines with clocks of their own, so that this needs no real time: the first one's stands still, as in a sleep.
  const asleep = manualClock();
  const awake = manualClock(asleep.now() + LEASE_MS + 1);
  const journal = createJournal(store, asleep);
  const { run } = await journal.start({ product: 'example', title: 'Count', source: 'me', owner: 'me', input: null });

  const first = await claimed(workOn(store, asleep, 'laptop'), run.id, 'the laptop');
  print(`the laptop holds epoch ${first.epoch}`);
  print(`the laptop writes: ${(await journal.append(run.id, first.epoch, 'counted', { to: 1 })).kind}`);

  const second = await claimed(workOn(store, awake, 'server'), run.id, 'the server');
  print(`the laptop sleeps; the server holds epoch ${second.epoch}`);
  print(`the laptop wakes and writes: ${(await journal.append(run.id, first.epoch, 'counted', { to: 2 })).kind}`);
  print(`the server writes: ${(await journal.append(run.id, second.epoch, 'counted', { to: 2 })).kind}`);

  const told = new Promise<void>((resolve) => first.lost.addEventListener('abort', () => resolve()));
  await asleep.advance(LEASE_MS);
  await told;
  print('the laptop is told that its lease is lost');
  await Promise.all([first.release(), second.release()]);
  for (const { seq, data } of await journal.read(run.id, 0, 10)) print(`event ${seq}: ${JSON.stringify(data)}`);
}

const workOn = (store: Store, clock: Clock, machine: string): Work =>
  createWork(store, clock, { leaseMs: LEASE_MS, self: { machine, pid: 1, started: '1' } });

async function claimed(work: Work, run: RunId, holder: string): Promise<Lease> {
  const claim = await work.claim(run, holder);
  if (claim.kind !== 'claimed') throw new Error(`The run could not be claimed: ${claim.kind}.`);
  return claim.lease;
}

if (import.meta.main) await loseARun((line) => process.stdout.write(`${line}\n`));
