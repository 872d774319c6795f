// The journal on a store: starting runs, appending events, reading them and following them live.
// Rule: every text that goes in is scrubbed of known secrets; an event is written once and never changed;
// a final status is never left again.

import type { Kysely, Selectable } from 'kysely';

import { instant, newId, scrub, toIso, type Clock, type RunId } from '../basics/index.ts';
import { FINAL_STATUSES, isFinal, type RunEvent, type RunStatus } from '../protocol/index.ts';
import type { Store } from '../store/index.ts';
import { Appender } from './appender.ts';
import { cursorWrong, eventTooLarge, runNotFound } from './faults.ts';
import { Followers, type RunState } from './followers.ts';
import type { Journal, NewRun, RunFilter, RunRecord, RunStart } from './journal.ts';
import type { JournalTables } from './tables.ts';
import { tail } from './tail.ts';

type Db = Kysely<JournalTables>;
type RunRow = Selectable<JournalTables['runs']>;

/** An event is read by people and sent to browsers; logs and files lie beside the journal. */
const EVENT_BYTES_MAX = 256 * 1024;
const EVENTS_READ_MAX = 1000;
const RUNS_LISTED_MAX = 200;
/** Longer lists of ids help nobody who typed a prefix. */
const PREFIX_IDS_MAX = 20;
const TITLE_LENGTH_MAX = 300;
const REASON_LENGTH_MAX = 2000;

export function createJournal(store: Store, clock: Clock): Journal {
  const read = (): Db => store.read<JournalTables>();
  const followers = new Followers(store, (runs) => statesOf(read(), runs));
  const appender = new Appender(store, clock, (event) => followers.appended(event));
  const journal: Journal = {
    start: (run) => start(store, clock, run),
    get: async (id) => recordOf(await read().selectFrom('runs').selectAll().where('id', '=', id).executeTakeFirst()),
    list: (filter) => list(read(), filter),
    idsWithPrefix: (prefix) => idsWithPrefix(read(), prefix),
    append: async (run, epoch, kind, data) => appender.append({ run, epoch, kind, json: checked(run, kind, data) }),
    setStatus: async (run, epoch, status, reason) => {
      const isSet = await setStatus(store, clock, { run, epoch, status, reason });
      followers.changed(run);
      return isSet;
    },
    setCost: (run, costMicroUsd) =>
      store.write(async (tx: Db) => {
        await tx.updateTable('runs').set({ cost_micro_usd: costMicroUsd }).where('id', '=', run).execute();
      }),
    read: (run, afterSeq, limit) => readEvents(read(), { run, afterSeq, limit }),
    tail: (run, afterSeq, signal) =>
      tail({ journal, follow: (id, ended) => followers.follow(id, ended) }, run, afterSeq, signal),
  };
  return journal;
}

async function start(store: Store, clock: Clock, run: NewRun): Promise<RunStart> {
  const row: RunRow = {
    id: newId<'run'>(),
    product: run.product,
    title: cut(scrub(run.title), TITLE_LENGTH_MAX),
    source: scrub(run.source),
    owner: run.owner,
    input: jsonOf(run.input),
    exclusive_key: run.exclusiveKey ?? null,
    status: 'queued',
    reason: null,
    cost_micro_usd: 0,
    created_at: clock.now(),
    completed_at: null,
    last_seq: 0,
    epoch: 0,
  };
  return store.write(async (tx: Db): Promise<RunStart> => {
    const already = await unfinished(tx, row);
    if (already !== undefined) return { kind: 'already-running', run: already };
    await tx.insertInto('runs').values(row).execute();
    return { kind: 'started', run: asRecord(row) };
  });
}

async function unfinished(tx: Db, { product, exclusive_key: key }: RunRow): Promise<RunRecord | undefined> {
  if (key === null) return undefined;
  const query = tx.selectFrom('runs').selectAll().where('product', '=', product).where('exclusive_key', '=', key);
  return recordOf(await query.executeTakeFirst());
}

function checked(run: RunId, kind: string, data: unknown): string {
  const json = jsonOf(data);
  const bytes = Buffer.byteLength(json);
  if (bytes > EVENT_BYTES_MAX) throw eventTooLarge(run, kind, bytes, EVENT_BYTES_MAX);
  return json;
}

/** What changes whenever something has happened to a run. */
async function statesOf(db: Db, runs: readonly RunId[]): Promise<ReadonlyMap<string, RunState>> {
  const rows = await db.selectFrom('runs').select(['id', 'last_seq', 'status']).where('id', 'in', runs).execute();
  return new Map(rows.map((row) => [row.id, { lastSeq: row.last_seq, status: row.status }]));
}

async function setStatus(
  store: Store,
  clock: Clock,
  change: { run: RunId; epoch: number | null; status: RunStatus; reason: string | null },
): Promise<boolean> {
  const { run, epoch, status } = change;
  const reason = change.reason === null ? null : cut(scrub(change.reason), REASON_LENGTH_MAX);
  return store.write(async (tx: Db) => {
    const ended = isFinal(status) ? { completed_at: clock.now(), exclusive_key: null } : {};
    let query = tx.updateTable('runs').where('id', '=', run).where('status', 'not in', FINAL_STATUSES);
    if (epoch !== null) query = query.where('epoch', '=', epoch);
    const updated = await query.set({ status, reason, ...ended }).executeTakeFirst();
    if (updated.numUpdatedRows > 0n) return true;
    return (await mustExist(tx, run)) === status;
  });
}

async function mustExist(tx: Db, run: RunId): Promise<RunStatus> {
  const row = await tx.selectFrom('runs').select('status').where('id', '=', run).executeTakeFirst();
  if (row === undefined) throw runNotFound(run);
  return row.status;
}

async function list(db: Db, filter: RunFilter): Promise<{ runs: RunRecord[]; nextCursor: string | null }> {
  const limit = Math.min(Math.max(1, Math.trunc(filter.limit)), RUNS_LISTED_MAX);
  let query = db
    .selectFrom('runs')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (filter.product !== undefined) query = query.where('product', '=', filter.product);
  if (filter.exceptProducts !== undefined) query = query.where('product', 'not in', filter.exceptProducts);
  if (filter.statuses !== undefined) query = query.where('status', 'in', filter.statuses);
  if (filter.owner !== undefined) query = query.where('owner', '=', filter.owner);
  if (filter.cursor !== undefined) {
    const { createdAt, id } = parseCursor(filter.cursor);
    query = query.where((row) =>
      row.or([row('created_at', '<', createdAt), row.and([row('created_at', '=', createdAt), row('id', '<', id)])]),
    );
  }
  const rows = await query.execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? `${last.created_at}.${last.id}` : null;
  return { runs: page.map(asRecord), nextCursor };
}

function parseCursor(cursor: string): { readonly createdAt: number; readonly id: string } {
  const [, createdAt, id] = /^(\d{1,15})\.([0-9a-z]{1,32})$/.exec(cursor) ?? [];
  if (createdAt === undefined || id === undefined) throw cursorWrong(cursor);
  return { createdAt: Number(createdAt), id };
}

async function idsWithPrefix(db: Db, prefix: string): Promise<readonly RunId[]> {
  const wanted = prefix.toLowerCase();
  if (!/^[0-9a-z]+$/.test(wanted)) return [];
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where((row) => row(row.fn('substr', ['id', row.val(1), row.val(wanted.length)]), '=', wanted))
    .orderBy('id')
    .limit(PREFIX_IDS_MAX)
    .execute();
  return rows.map((row) => row.id as RunId);
}

async function readEvents(
  db: Db,
  { run, afterSeq, limit }: { run: RunId; afterSeq: number; limit: number },
): Promise<readonly RunEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('run', '=', run)
    .where('seq', '>', afterSeq)
    .orderBy('seq')
    .limit(Math.min(Math.max(1, Math.trunc(limit)), EVENTS_READ_MAX))
    .execute();
  return rows.map(eventOf);
}

const eventOf = (row: Selectable<JournalTables['events']>): RunEvent => ({
  run: row.run,
  seq: row.seq,
  at: toIso(instant(row.at)),
  kind: row.kind,
  data: JSON.parse(row.data) as unknown,
});

const recordOf = (row: RunRow | undefined): RunRecord | undefined => (row === undefined ? undefined : asRecord(row));

const asRecord = (row: RunRow): RunRecord => ({
  id: row.id as RunId,
  product: row.product,
  title: row.title,
  source: row.source,
  owner: row.owner,
  input: JSON.parse(row.input) as unknown,
  status: row.status,
  reason: row.reason,
  costMicroUsd: row.cost_micro_usd,
  createdAt: instant(row.created_at),
  completedAt: row.completed_at === null ? null : instant(row.completed_at),
  lastSeq: row.last_seq,
  epoch: row.epoch,
});

/** Secrets are registered in their JSON spelling too, so scrubbing the JSON leaves it well-formed. */
const jsonOf = (value: unknown): string => scrub(JSON.stringify(value) ?? 'null');

const cut = (text: string, lengthMax: number): string =>
  text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
