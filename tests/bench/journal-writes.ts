// How many events a second the journal takes on SQLite, and how soon a reader in the same process has each.
// The floor is node:sqlite alone: one insert of the same size in a transaction of its own, with the same settings.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { systemClock } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS } from 'kernel/journal';
import { openStore, sqliteUrl } from 'kernel/store';

import { inFolder } from './measuring/programs.ts';
import { quantile, report, rounds, timed } from './measuring/report.ts';

const EVENTS = rounds(2000);
/** Of an ordinary event, such as the end of a trial. */
const DATA = { text: 'x'.repeat(400) };

function bareInserts(folder: string): () => Promise<void> {
  const db = new DatabaseSync(join(folder, 'bare.db'));
  db.exec('pragma journal_mode = wal; pragma synchronous = normal');
  db.exec('create table events (run text, seq integer, at integer, kind text, data text, primary key (run, seq))');
  const insert = db.prepare('insert into events values (?, ?, ?, ?, ?)');
  return async () => {
    for (let seq = 1; seq <= EVENTS; seq += 1) {
      db.exec('begin immediate');
      insert.run('0123456789abcdef', seq, Date.now(), 'noted', JSON.stringify(DATA));
      db.exec('commit');
    }
    db.close();
  };
}

await inFolder(async (folder) => {
  mkdirSync(join(folder, 'home'));
  const store = await openStore(sqliteUrl(join(folder, 'home', 'tandem.db')));
  await store.migrate([JOURNAL_MIGRATIONS]);
  const journal = createJournal(store, systemClock);
  const begin = async () =>
    (await journal.start({ product: 'bench', title: 'b', source: 's', owner: 'o', input: null })).run.id;
  const written = await begin();
  const bareMs = await timed(bareInserts(folder));
  const journalMs = await timed(async () => {
    for (let count = 0; count < EVENTS; count += 1) await journal.append(written, null, 'noted', DATA);
  });

  const followed = await begin();
  const latencies: number[] = [];
  const gone = new AbortController();
  const events = journal.tail(followed, 0, gone.signal)[Symbol.asyncIterator]();
  for (let count = 0; count < Math.min(EVENTS, 500); count += 1) {
    const next = events.next();
    await journal.append(followed, null, 'noted', DATA);
    latencies.push(await timed(() => next));
  }
  gone.abort();
  await store.close();

  const perSecond = (wallMs: number): number => (EVENTS / wallMs) * 1000;
  const insertMs = bareMs / EVENTS;
  const floorName = 'a bare insert';
  report('journal-writes', [
    { what: `${EVENTS} appends`, value: perSecond(journalMs), floor: perSecond(bareMs), floorName, unit: 'events/s' },
    { what: 'from commit to reader, p50', value: quantile(latencies), floor: insertMs, floorName, unit: 'ms' },
    { what: 'from commit to reader, p99', value: quantile(latencies, 0.99), floor: insertMs, floorName, unit: 'ms' },
  ]);
});
