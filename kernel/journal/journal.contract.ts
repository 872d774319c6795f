// What the journal promises, whatever database is under it.

import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, Secret, type RunId } from '../basics/index.ts';
import type { RunEvent } from '../protocol/index.ts';
import type { Store } from '../store/index.ts';
import { temporaryStore, type DatabaseKind, type TemporaryDatabase } from '../store/temporary-databases.ts';
import { createJournal } from './create-journal.ts';
import { Followers } from './followers.ts';
import type { Journal, NewRun } from './journal.ts';
import { JOURNAL_MIGRATIONS } from './tables.ts';
import { tail } from './tail.ts';

const NEVER = new AbortController().signal;
const upgrade: NewRun = {
  product: 'modernizer',
  title: 'Upgrade it',
  source: 'rules',
  owner: 'me',
  input: { path: '/a' },
};

export function journalContract(kind: DatabaseKind): void {
  describe(`a journal on ${kind.name}`, () => {
    const clock = manualClock();
    let database: TemporaryDatabase;
    let store: Store;
    let journal: Journal;
    beforeEach(async () => {
      ({ store, database } = await temporaryStore(kind, [JOURNAL_MIGRATIONS]));
      journal = createJournal(store, clock);
    });
    afterEach(() => database.remove());
    const begun = async (run: Partial<NewRun> = {}): Promise<RunId> =>
      (await journal.start({ ...upgrade, ...run })).run.id;
    const append = async (run: RunId, count: number): Promise<void> => {
      for (let index = 0; index < count; index += 1) await journal.append(run, null, 'noted', { index });
    };

    test('a run that was started can be got, queued and without events', async () => {
      const { kind: outcome, run } = await journal.start(upgrade);
      expect(outcome).toBe('started');
      expect(await journal.get(run.id)).toEqual(run);
      expect(run).toMatchObject({ ...upgrade, status: 'queued', lastSeq: 0, epoch: 0, completedAt: null });
    });

    test('an unknown run is undefined when got, and a fault when written to or followed', async () => {
      const nobody = '0123456789abcdef' as RunId;
      expect(await journal.get(nobody)).toBeUndefined();
      const notFound = { code: 'RUN_NOT_FOUND' };
      await expect(journal.append(nobody, null, 'noted', 1)).rejects.toMatchObject(notFound);
      await expect(journal.setStatus(nobody, null, 'done', null)).rejects.toMatchObject(notFound);
      await expect(Array.fromAsync(journal.tail(nobody, 0, NEVER))).rejects.toMatchObject(notFound);
    });

    test('of many who start the same exclusive thing at once, one starts it and the others are told which', async () => {
      const other = createJournal(await database.open(), clock);
      const exclusive = { ...upgrade, exclusiveKey: '/a' };
      const starts = await Promise.all([journal, other, journal, other].map((each) => each.start(exclusive)));
      expect(starts.filter((each) => each.kind === 'started')).toHaveLength(1);
      expect(new Set(starts.map((each) => each.run.id)).size).toBe(1);
    });

    test('a final status frees the exclusive key, a waiting one does not', async () => {
      const first = await begun({ exclusiveKey: '/a' });
      await journal.setStatus(first, null, 'needs-person', 'Which way?');
      expect((await journal.start({ ...upgrade, exclusiveKey: '/a' })).kind).toBe('already-running');
      await journal.setStatus(first, null, 'done', null);
      expect((await journal.start({ ...upgrade, exclusiveKey: '/a' })).kind).toBe('started');
    });

    test('events are numbered from one without gaps, whoever appends', async () => {
      const run = await begun();
      const other = createJournal(await database.open(), clock);
      const writers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? journal : other));
      await Promise.all(writers.map((writer, index) => writer.append(run, null, 'noted', { index })));
      const events = await journal.read(run, 0, 100);
      expect(events.map((event) => event.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
      expect((await journal.get(run))?.lastSeq).toBe(20);
    });

    test('an event comes back as it was given, with its moment', async () => {
      const run = await begun();
      const data = { text: 'grüße 👋 "quoted" \\ \n', list: [1, null, { deep: true }] };
      const appended = await journal.append(run, 0, 'noted', data);
      expect(appended).toEqual({
        kind: 'appended',
        event: { run, seq: 1, at: new Date(clock.now()).toISOString(), kind: 'noted', data },
      });
      expect(await journal.read(run, 0, 10)).toEqual([appended.kind === 'appended' && appended.event]);
    });

    test('a writer with another epoch is fenced off and changes nothing', async () => {
      const run = await begun();
      expect(await journal.append(run, 1, 'noted', {})).toEqual({ kind: 'fenced-off' });
      expect(await journal.setStatus(run, 1, 'done', null)).toBe(false);
      expect(await journal.get(run)).toMatchObject({ lastSeq: 0, status: 'queued' });
    });

    test('a final status is never left again', async () => {
      const run = await begun();
      await journal.setStatus(run, null, 'stopped', 'A person stopped it.');
      expect(await journal.setStatus(run, 0, 'done', null)).toBe(false);
      expect(await journal.setStatus(run, 0, 'stopped', 'again')).toBe(true);
      expect(await journal.get(run)).toMatchObject({
        status: 'stopped',
        reason: 'A person stopped it.',
        completedAt: clock.now(),
      });
    });

    test('an event beyond the limit is refused and nothing is counted', async () => {
      const run = await begun();
      const huge = { log: 'x'.repeat(300 * 1024) };
      await expect(journal.append(run, null, 'noted', huge)).rejects.toMatchObject({ code: 'EVENT_TOO_LARGE' });
      expect((await journal.get(run))?.lastSeq).toBe(0);
    });

    test('no known secret reaches the journal, however it is packed', async () => {
      const secret = new Secret('s3cr3t "with quotes"\n&more');
      const run = await begun({ title: `T ${secret.reveal()}`, input: { key: secret.reveal(), itself: secret } });
      await journal.append(run, null, 'noted', { log: `GET /?k=${encodeURIComponent(secret.reveal())}`, secret });
      await journal.setStatus(run, null, 'failed', `because of ${secret.reveal()}`);
      const everything = JSON.stringify([await journal.get(run), await journal.read(run, 0, 9)]);
      expect(everything).not.toContain('s3cr3t');
      expect(everything).toContain('[secret:');
    });

    test('the list is newest first, and its pages lose and repeat nothing', async () => {
      const ids: RunId[] = [];
      for (let index = 0; index < 7; index += 1) {
        ids.push(await begun({ product: index % 3 === 0 ? 'chat' : 'modernizer', owner: `p${index % 2}` }));
        if (index % 2 === 0) await clock.advance(1);
      }
      const seen: RunId[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<Journal['list']>> = await journal.list({ limit: 2, ...(cursor && { cursor }) });
        seen.push(...page.runs.map((run) => run.id));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect([...seen].sort()).toEqual([...ids].sort());
      const times = await Promise.all(seen.map(async (id) => (await journal.get(id))?.createdAt ?? 0));
      expect(times).toEqual([...times].sort((a, b) => b - a));
      const chats = await journal.list({ limit: 50, product: 'chat', owner: 'p1' });
      expect(chats.runs.map((run) => run.id)).toEqual([ids[3]]);
      const others = await journal.list({ limit: 50, exceptProducts: ['chat'] });
      expect(others.runs.map((run) => run.product)).toEqual(Array(4).fill('modernizer'));
      expect((await journal.list({ limit: 50, statuses: ['done'] })).runs).toEqual([]);
    });

    test('a cursor that no page gave is refused', async () => {
      const wrong = journal.list({ limit: 1, cursor: "1' or 1=1" });
      await expect(wrong).rejects.toMatchObject({ code: 'RUN_CURSOR_WRONG' });
    });

    test('a run is found by the beginning of its id, and by nothing else', async () => {
      const run = await begun();
      await begun();
      expect(await journal.idsWithPrefix(run.slice(0, 8).toUpperCase())).toEqual([run]);
      expect(await journal.idsWithPrefix('%')).toEqual([]);
      expect(await journal.idsWithPrefix('')).toEqual([]);
    });

    test('following a run gives what is there, then what comes, and ends with the run', async () => {
      const run = await begun();
      await append(run, 3);
      const following = Array.fromAsync(journal.tail(run, 1, NEVER));
      await append(run, 4);
      await journal.setStatus(run, null, 'done', null);
      expect((await following).map((event) => event.seq)).toEqual([2, 3, 4, 5, 6, 7]);
    });

    test('a long run that has ended is followed to its end', async () => {
      const run = await begun();
      await append(run, 401);
      await journal.setStatus(run, null, 'done', null);
      expect(await Array.fromAsync(journal.tail(run, 0, NEVER))).toHaveLength(401);
    });

    test('what is written between looking and waiting is not slept through', async () => {
      const run = await begun();
      // Its clock stands still, so nothing but the write itself can wake the reader.
      const still = await database.open({ clock });
      const here = createJournal(still, clock);
      const followers = new Followers(still, async () => new Map());
      let looks = 0;
      const get: Journal['get'] = async (id) => {
        const record = await here.get(id);
        looks += 1;
        if (looks === 1) {
          await here.append(run, null, 'noted', {});
          followers.changed(run);
        }
        if (looks === 2) {
          await here.setStatus(run, null, 'done', null);
          followers.changed(run);
        }
        return record;
      };
      const followed = { journal: { get, read: here.read }, follow: followers.follow.bind(followers) };
      const seen = await Array.fromAsync(tail(followed, run, 0, NEVER));
      expect(seen.map((event) => event.seq)).toEqual([1]);
    });

    test('following ends at once when nobody wants it any more', async () => {
      const run = await begun();
      await append(run, 1);
      const wanted = new AbortController();
      const seen: RunEvent[] = [];
      for await (const event of journal.tail(run, 0, wanted.signal)) {
        seen.push(event);
        setImmediate(() => wanted.abort());
      }
      expect(seen).toHaveLength(1);
    });

    test('whatever is appended by whom while whoever follows from wherever, nothing is lost or repeated', async () => {
      const otherStore = await database.open();
      const other = createJournal(otherStore, clock);
      const scenario = fc.record({
        before: fc.nat({ max: 5 }),
        from: fc.nat({ max: 5 }),
        writers: fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 3 }),
        breakAfter: fc.nat({ max: 6 }),
      });
      await fc.assert(
        fc.asyncProperty(scenario, async ({ before, from, writers, breakAfter }) => {
          const run = await begun();
          await append(run, before);
          const following = followWithBreak(journal, run, Math.min(from, before), breakAfter);
          await Promise.all(
            writers.map(async (count, writer) => {
              for (let index = 0; index < count; index += 1) {
                await (writer === 0 ? journal : other).append(run, null, 'noted', { writer, index });
              }
            }),
          );
          await journal.setStatus(run, null, 'done', null);
          const last = (await journal.get(run))?.lastSeq ?? 0;
          const start = Math.min(from, before);
          expect(await following).toEqual(Array.from({ length: last - start }, (_, index) => start + index + 1));
        }),
        { numRuns: kind.name === 'SQLite' ? 40 : 8 },
      );
    });
  });
}

/** Follows, breaks off after some events as a lost connection would, and follows on from the last one seen. */
async function followWithBreak(journal: Journal, run: RunId, from: number, breakAfter: number): Promise<number[]> {
  const seen: number[] = [];
  for await (const event of journal.tail(run, from, NEVER)) {
    seen.push(event.seq);
    if (seen.length > breakAfter) break;
  }
  for await (const event of journal.tail(run, seen.at(-1) ?? from, NEVER)) seen.push(event.seq);
  return seen;
}
