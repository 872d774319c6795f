// The schedules of a workbench: making, changing and deleting them, and starting what is due.
// Rule: a due time is started once, by whoever claims its row, however many servers look. One that nobody was there for
// is made up once, not once for every time that passed. Who dies between claim and end is followed by the next one, who
// looks first whether the run was begun. A recurrence that changes while a time is claimed keeps its own next time.

import type { Kysely } from 'kysely';

import { instant, minutes, newId, toIso, type Clock, type Fault, type Instant, type RunId } from 'kernel/basics';
import type { Store } from 'kernel/store';

import { scheduleUnknown, schedulesTooMany, zoneUnknown } from '../faults.ts';
import {
  ModernizeOptions,
  ProjectChoice,
  Recurrence,
  ScheduleOutcome,
  type Schedule,
  type ScheduleChange,
  type ScheduleWanted,
} from '../protocol/index.ts';
import type { Modernizer, Started } from '../workflow/modernizer.ts';
import { isZone, nextTime, nextTimes } from './recurrence.ts';
import type { ScheduleTables } from './tables.ts';

export interface SchedulePorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly modernizer: Pick<Modernizer, 'start' | 'check' | 'scheduled'>;
}

export interface Schedules {
  /** Soonest first, paused ones last; of everybody when no owner is given. */
  list(owner?: string): Promise<readonly Schedule[]>;
  /** Throws TIME_ZONE_UNKNOWN, SCHEDULES_TOO_MANY, or why the project is not taken. */
  add(wanted: ScheduleWanted, owner: string): Promise<Schedule>;
  /** The schedule with this id, or the only one that begins so. Throws SCHEDULE_UNKNOWN. */
  get(id: string, owner?: string): Promise<Schedule>;
  /**
   * What passed while it was paused, or before its recurrence changed, is not made up. Throws SCHEDULE_UNKNOWN, and for
   * what is wrong the same as `add`.
   */
  change(id: string, change: ScheduleChange, owner?: string): Promise<Schedule>;
  remove(id: string, owner?: string): Promise<void>;
  /** When a recurrence would be due. Throws TIME_ZONE_UNKNOWN. */
  preview(recurrence: Recurrence): readonly string[];
  /** Starts what is due; the runs that were begun here are the caller's to work on. */
  startDue(): Promise<readonly RunId[]>;
}

type Row = ScheduleTables['modernizer_schedules'];
type Db = Kysely<ScheduleTables>;

/** More than one person oversees; each is looked at every time. */
const SCHEDULES_MAX = 200;
const TIMES_SHOWN = 3;
/** Starting looks at a project's folder and writes one row; a slow disk may take some seconds. */
const CLAIM_MS = minutes(2);
/** A start that is later than this was missed and is made up: six looks of a server that was there. */
const LATE_MS = minutes(1);

export function createSchedules(ports: SchedulePorts): Schedules {
  const { store, clock } = ports;
  const rows = () => store.read<ScheduleTables>().selectFrom('modernizer_schedules').selectAll();
  const told = (row: Row): Schedule => scheduleOf(row, clock.now());
  const find = async (id: string, owner: string | undefined): Promise<Row> => {
    // Letters and digits only: what else there is would mean something to the search.
    const found = /^[0-9a-z]+$/.test(id) ? await rows().where('id', 'like', `${id}%`).execute() : [];
    const [row, second] = found.filter((each) => owner === undefined || each.owner === owner);
    if (row === undefined || second !== undefined) throw scheduleUnknown(id);
    return row;
  };
  return {
    async list(owner) {
      const all = await (owner === undefined ? rows() : rows().where('owner', '=', owner))
        .orderBy('paused')
        .orderBy('next_at')
        .orderBy('id')
        .execute();
      return all.map(told);
    },
    add: async (wanted, owner) => told(await insert(ports, wanted, owner)),
    get: async (id, owner) => told(await find(id, owner)),
    async change(id, change, owner) {
      const row = await find(id, owner);
      const news = await newsOf(ports, row, change);
      if (Object.keys(news).length > 0) {
        await store.write((tx: Db) =>
          tx.updateTable('modernizer_schedules').set(news).where('id', '=', row.id).execute(),
        );
      }
      return told({ ...row, ...news });
    },
    async remove(id, owner) {
      const row = await find(id, owner);
      await store.write((tx: Db) => tx.deleteFrom('modernizer_schedules').where('id', '=', row.id).execute());
    },
    preview: (recurrence) => timesOf(checkedZone(recurrence), clock.now()),
    async startDue() {
      const begun: RunId[] = [];
      for (const row of await claimDue(ports)) {
        const run = await startClaimed(ports, row);
        if (run !== undefined) begun.push(run);
      }
      return begun;
    },
  };
}

async function insert(
  { store, clock, modernizer }: SchedulePorts,
  wanted: ScheduleWanted,
  owner: string,
): Promise<Row> {
  const recurrence = checkedZone(wanted.recurrence);
  const options = ModernizeOptions.parse({ ...wanted.options, unsafeHost: false });
  const target = await modernizer.check(wanted.project, options);
  if (target.kind === 'refused') throw target.fault;
  const now = clock.now();
  const row: Row = {
    id: newId(),
    owner,
    title: target.title,
    project: JSON.stringify(target.project),
    options: JSON.stringify(options),
    recurrence: JSON.stringify(recurrence),
    last: null,
    paused: 0,
    next_at: nextTime(recurrence, now),
    claim: 0,
    claimed_until: 0,
    created_at: now,
  };
  await store.write(async (tx: Db) => {
    const { count } = await tx
      .selectFrom('modernizer_schedules')
      .select((each) => each.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    if (Number(count) >= SCHEDULES_MAX) throw schedulesTooMany(SCHEDULES_MAX);
    await tx.insertInto('modernizer_schedules').values(row).execute();
  });
  return row;
}

/** The columns that a change writes; none where it says what is so already. */
async function newsOf({ clock, modernizer }: SchedulePorts, row: Row, change: ScheduleChange): Promise<Partial<Row>> {
  const { title, paused } = change;
  const isPaused = Number(row.paused) === 1;
  const recurrence = change.recurrence === undefined ? undefined : checkedZone(change.recurrence);
  const isResumed = isPaused && paused === false;
  const isNewTime = recurrence !== undefined && JSON.stringify(recurrence) !== JSON.stringify(recurrenceOf(row));
  const options = change.options && ModernizeOptions.parse({ ...change.options, unsafeHost: false });
  if (options !== undefined) {
    const target = await modernizer.check(ProjectChoice.parse(JSON.parse(row.project)), options);
    if (target.kind === 'refused') throw target.fault;
  }
  return {
    ...(title !== undefined && { title }),
    ...(options !== undefined && { options: JSON.stringify(options) }),
    ...(isNewTime && { recurrence: JSON.stringify(recurrence) }),
    ...((isNewTime || isResumed) && { next_at: nextTime(recurrence ?? recurrenceOf(row), clock.now()) }),
    ...(paused !== undefined && paused !== isPaused && { paused: paused ? 1 : 0 }),
  };
}

function checkedZone(recurrence: Recurrence): Recurrence {
  if (!isZone(recurrence.zone)) throw zoneUnknown(recurrence.zone);
  return recurrence;
}

/** The rows that are due, each claimed here alone; `row` as it was before, so that an earlier claim is seen. */
async function claimDue({ store, clock }: SchedulePorts): Promise<readonly Row[]> {
  const isDue = (db: Db, now: number) =>
    db
      .selectFrom('modernizer_schedules')
      .selectAll()
      .where('paused', '=', 0)
      .where('next_at', '<=', now)
      .where('claimed_until', '<=', now);
  // Most of the time nothing is due, and then nobody needs the write lock.
  if ((await isDue(store.read(), clock.now()).limit(1).execute()).length === 0) return [];
  const now = clock.now();
  const due = await isDue(store.read(), now).execute();
  const claimed: Row[] = [];
  for (const row of due) {
    const taken = await store.write((tx: Db) =>
      tx
        .updateTable('modernizer_schedules')
        .set({ claim: row.claim + 1, claimed_until: now + CLAIM_MS })
        .where('id', '=', row.id)
        .where('claim', '=', row.claim)
        .where('next_at', '=', row.next_at)
        .where('paused', '=', 0)
        .executeTakeFirst(),
    );
    if (taken.numUpdatedRows > 0n) claimed.push(row);
  }
  return claimed;
}

/** The run that was begun, if it was begun by us. `before`: the row as it was before we claimed it. */
async function startClaimed({ store, clock, modernizer }: SchedulePorts, before: Row): Promise<RunId | undefined> {
  const dueAt = toIso(instant(Number(before.next_at)));
  const schedule = { id: before.id, dueAt };
  // Somebody claimed it and is gone: perhaps after the run was begun.
  const abandoned = Number(before.claimed_until) > 0 ? await modernizer.scheduled(schedule) : undefined;
  const started: Started =
    abandoned === undefined
      ? await modernizer.start({
          project: ProjectChoice.parse(JSON.parse(before.project)),
          options: ModernizeOptions.parse(JSON.parse(before.options)),
          owner: before.owner,
          startedBy: 'server',
          schedule,
        })
      : { kind: 'started', run: abandoned };
  const now = clock.now();
  const last = outcomeOf(started, { dueAt, at: toIso(now), madeUp: now - Number(before.next_at) > LATE_MS });
  const next = nextTime(recurrenceOf(before), now);
  await store.write(async (tx: Db) => {
    const ours = tx
      .updateTable('modernizer_schedules')
      .where('id', '=', before.id)
      .where('claim', '=', before.claim + 1);
    await ours.set({ last: JSON.stringify(last), claimed_until: 0 }).execute();
    // Another next time was written meanwhile by a change of the recurrence; it stays.
    await ours.set({ next_at: next }).where('next_at', '=', before.next_at).execute();
  });
  return started.kind === 'started' ? started.run : undefined;
}

const faultText = ({ what, why, next }: Fault): string => `${what} ${why} ${next}`;

const outcomeOf = (started: Started, when: Pick<ScheduleOutcome, 'dueAt' | 'at' | 'madeUp'>): ScheduleOutcome =>
  started.kind === 'refused'
    ? { kind: 'refused', ...when, run: null, reason: faultText(started.fault) }
    : { kind: started.kind, ...when, run: started.run, reason: null };

const recurrenceOf = (row: Row): Recurrence => Recurrence.parse(JSON.parse(row.recurrence));

const timesOf = (recurrence: Recurrence, now: Instant): string[] =>
  nextTimes(recurrence, now, TIMES_SHOWN).map((moment) => toIso(moment));

function scheduleOf(row: Row, now: Instant): Schedule {
  const recurrence = recurrenceOf(row);
  const paused = Number(row.paused) === 1;
  return {
    id: row.id,
    title: row.title,
    project: ProjectChoice.parse(JSON.parse(row.project)),
    options: ModernizeOptions.parse(JSON.parse(row.options)),
    recurrence,
    paused,
    nextTimes: paused ? [] : timesOf(recurrence, now),
    last: row.last === null ? null : ScheduleOutcome.parse(JSON.parse(row.last)),
    createdAt: toIso(instant(Number(row.created_at))),
  };
}
