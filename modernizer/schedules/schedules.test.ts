// Two servers are two stores on one database, each with a Modernizer of its own: a file, and PostgreSQL wherever
// DATABASE_URL names a server.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock, newId, toIso, type ManualClock } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { openStore, sqliteUrl, type Store } from 'kernel/store';
import { createWork, WORK_MIGRATIONS } from 'kernel/work';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { ModernizeOptions, ScheduleChange, type ProjectChoice, type ScheduleWanted } from '../protocol/index.ts';
import { createModernizer, type Modernizer } from '../workflow/modernizer.ts';
import { createSchedules, type Schedules } from './schedules.ts';
import { SCHEDULE_MIGRATIONS } from './tables.ts';
import { watchSchedules } from './watch.ts';

/** A Thursday. */
const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ME = 'me';

let folder: string;
/** PostgreSQL only: a place of its own for each test. */
let schema: string;
let clock: ManualClock;
let stores: Store[];
let store: Store;
let journal: Journal;
let here: Schedules;
let there: Schedules;
let modernizer: Modernizer;

const serverUrl = process.env['DATABASE_URL'] ?? '';
const KINDS = serverUrl.startsWith('postgres') ? ['SQLite', 'PostgreSQL'] : ['SQLite'];
describe.each(KINDS)('on %s', (kind) => {
  const open = async (): Promise<Store> =>
    kind === 'SQLite' ? openStore(sqliteUrl(join(folder, 'tandem.db'))) : openStore(serverUrl, { schema });

  const server = async () => {
    store = await open();
    stores.push(store);
    if (stores.length === 1 && kind !== 'SQLite') await sql`create schema ${sql.id(schema)}`.execute(store.read());
    await store.migrate([JOURNAL_MIGRATIONS, WORK_MIGRATIONS, SCHEDULE_MIGRATIONS]);
    const runs = createJournal(store, clock);
    const made = createModernizer({
      store,
      journal: runs,
      work: createWork(store, clock),
      clock,
      home: join(folder, 'home'),
      registry: 'http://127.0.0.1:9/',
      registryAuthorization: null,
      versions: { tandem: '0', node: process.versions.node, npm: '0' },
      holder: 'test',
      trialsAtOnce: 1,
      openSandbox: () => Promise.resolve({ kind: 'refused', reason: 'None here.', next: 'Nothing.' }),
    });
    return { schedules: createSchedules({ store, clock, modernizer: made }), modernizer: made, journal: runs };
  };

  beforeEach(async () => {
    schema = `schedules_${newId()}`;
    folder = mkdtempSync(join(tmpdir(), 'schedules-'));
    clock = manualClock(START_MS);
    stores = [];
    ({ schedules: here, modernizer, journal } = await server());
    ({ schedules: there } = await server());
  });
  afterEach(async () => {
    if (kind !== 'SQLite') await sql`drop schema ${sql.id(schema)} cascade`.execute(store.read());
    for (const each of stores) await each.close();
    rmSync(folder, { recursive: true });
  });

  const project = (name: string): ProjectChoice => {
    const path = join(folder, name);
    mkdirSync(path);
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name, version: '1.0.0' }));
    return { kind: 'path', path };
  };
  const SAMPLE: ProjectChoice = { kind: 'sample', spec: 'ms@2.0.0' };
  const daily = (wanted: ProjectChoice): ScheduleWanted => ({
    project: wanted,
    recurrence: { every: 'day', at: '06:00', zone: 'UTC' },
    options: {},
  });
  const runs = async () => (await journal.list({ limit: 50 })).runs;

  test('what is due is started once, however many servers look at the same moment, and worked on by who started it', async () => {
    await here.add(daily(SAMPLE), ME);
    expect(await here.startDue()).toEqual([]);
    await clock.advance(6 * HOUR_MS);
    const begun = (await Promise.all([here.startDue(), there.startDue(), here.startDue(), there.startDue()])).flat();
    expect(begun).toHaveLength(1);
    expect(await runs()).toMatchObject([{ id: begun[0], title: 'ms@2.0.0', owner: ME, status: 'queued' }]);
    expect(await there.list()).toMatchObject([
      {
        nextTimes: ['2026-01-02T06:00:00.000Z', '2026-01-03T06:00:00.000Z', '2026-01-04T06:00:00.000Z'],
        last: { kind: 'started', run: begun[0], madeUp: false, dueAt: '2026-01-01T06:00:00.000Z' },
      },
    ]);
    await clock.advance(DAY_MS);
    expect(await there.startDue()).toHaveLength(1);
  });

  test('times that passed while no server was there are made up once', async () => {
    await here.add(daily(SAMPLE), ME);
    await clock.advance(10 * DAY_MS);
    expect(await here.startDue()).toHaveLength(1);
    expect(await there.startDue()).toEqual([]);
    expect((await here.list())[0]).toMatchObject({
      last: { madeUp: true, dueAt: '2026-01-01T06:00:00.000Z' },
      nextTimes: ['2026-01-11T06:00:00.000Z', expect.any(String), expect.any(String)],
    });
  });

  test('who dies after the run was begun is followed by who finds it begun; who dies before, by who begins it', async () => {
    const { id } = await here.add(daily(SAMPLE), ME);
    await clock.advance(6 * HOUR_MS);
    // What a server leaves behind that is killed right after its run was begun: the claim, and the run.
    const dueAt = toIso(clock.now());
    const dies = createSchedules({
      store,
      clock,
      modernizer: {
        ...modernizer,
        async start(request) {
          await modernizer.start(request);
          throw new Error('killed');
        },
      },
    });
    await expect(dies.startDue()).rejects.toThrow('killed');
    expect(await there.startDue()).toEqual([]);
    await clock.advance(3 * 60_000);
    const followed = await there.startDue();
    expect(followed).toEqual([await modernizer.scheduled({ id, dueAt })]);
    expect(await runs()).toHaveLength(1);

    const neverBegan = createSchedules({
      store,
      clock,
      modernizer: { ...modernizer, start: () => Promise.reject(new Error('killed')) },
    });
    await clock.advance(DAY_MS);
    await expect(neverBegan.startDue()).rejects.toThrow('killed');
    await clock.advance(3 * 60_000);
    expect(await there.startDue()).toHaveLength(1);
    expect(await runs()).toHaveLength(2);
  });

  test('a project that is being upgraded already is not started again, and the schedule says by which run', async () => {
    const shop = project('shop');
    await here.add(daily(shop), ME);
    const first = await modernizer.start({
      project: shop,
      options: ModernizeOptions.parse({}),
      owner: ME,
      startedBy: 'server',
    });
    await clock.advance(6 * HOUR_MS);
    expect(await here.startDue()).toEqual([]);
    expect((await here.list())[0]?.last).toMatchObject({
      kind: 'already-running',
      run: first.kind === 'started' && first.run,
    });
  });

  test('a project that is gone is told with its reason, and looked for again the next time', async () => {
    const shop = project('shop');
    await here.add(daily(shop), ME);
    rmSync(join(folder, 'shop'), { recursive: true });
    await clock.advance(6 * HOUR_MS);
    expect(await here.startDue()).toEqual([]);
    expect((await here.list())[0]).toMatchObject({
      last: { kind: 'refused', reason: expect.stringContaining('shop') },
    });
    mkdirSync(join(folder, 'shop'));
    writeFileSync(join(folder, 'shop', 'package.json'), '{"name":"shop"}');
    await clock.advance(DAY_MS);
    expect(await here.startDue()).toHaveLength(1);
  });

  test('a paused schedule starts nothing, and what passed meanwhile is not made up', async () => {
    const { id } = await here.add(daily(SAMPLE), ME);
    expect(await here.change(id, { paused: true })).toMatchObject({ paused: true, nextTimes: [] });
    await clock.advance(3 * DAY_MS);
    expect(await there.startDue()).toEqual([]);
    expect((await there.change(id.slice(0, 6), { paused: false })).nextTimes[0]).toBe('2026-01-04T06:00:00.000Z');
    expect(await here.startDue()).toEqual([]);
    await here.remove(id);
    expect(await there.list()).toEqual([]);
  });

  test('a changed recurrence has its next time anew, and what passed by the old one is not made up', async () => {
    const { id } = await here.add(daily(SAMPLE), ME);
    await clock.advance(DAY_MS);
    const changed = await there.change(id, {
      title: 'The shop',
      recurrence: { every: 'week', days: [1], at: '07:30', zone: 'Europe/Berlin' },
      options: { maxMinutes: 60 },
    });
    expect(changed).toMatchObject({ id, title: 'The shop', options: { maxMinutes: 60, unsafeHost: false } });
    expect(changed.nextTimes[0]).toBe('2026-01-05T06:30:00.000Z');
    expect(await here.list()).toEqual([changed]);
    expect(await here.startDue()).toEqual([]);
    await clock.advance(3 * DAY_MS + 7 * HOUR_MS);
    const [run] = await here.startDue();
    expect(await runs()).toMatchObject([{ id: run, input: { options: { maxMinutes: 60 } } }]);
  });

  test('a change of anything but the recurrence leaves the next time as it is, and that is made up', async () => {
    const { id } = await here.add(daily(SAMPLE), ME);
    await clock.advance(DAY_MS);
    await here.change(id, { title: 'The shop', recurrence: daily(SAMPLE).recurrence, options: {} });
    expect(await there.startDue()).toHaveLength(1);
    expect((await here.list())[0]).toMatchObject({ last: { dueAt: '2026-01-01T06:00:00.000Z', madeUp: true } });
  });

  test('a recurrence that changes while its time is being started is started once, and then at the new time', async () => {
    const { id } = await here.add(daily(SAMPLE), ME);
    await clock.advance(6 * HOUR_MS);
    const dueAt = toIso(clock.now());
    const slow = createSchedules({
      store,
      clock,
      modernizer: {
        ...modernizer,
        async start(request) {
          const started = await modernizer.start(request);
          await there.change(id, { recurrence: { every: 'day', at: '09:00', zone: 'UTC' } });
          return started;
        },
      },
    });
    const [run] = await slow.startDue();
    expect((await here.list())[0]).toMatchObject({
      last: { kind: 'started', run, dueAt },
      nextTimes: ['2026-01-01T09:00:00.000Z', expect.any(String), expect.any(String)],
    });
    expect(await there.startDue()).toEqual([]);
    await clock.advance(3 * HOUR_MS);
    expect([...(await there.startDue()), ...(await here.startDue())]).toHaveLength(1);
    expect(await runs()).toHaveLength(2);
  });

  test('a change that is wrong is refused as it would be when making a schedule, and changes nothing', async () => {
    const shop = project('shop');
    const made = await here.add(daily(shop), ME);
    const mars = { every: 'day' as const, at: '06:00', zone: 'Mars/Base' };
    await expect(here.change(made.id, { title: 'Mars', recurrence: mars })).rejects.toMatchObject({
      code: 'TIME_ZONE_UNKNOWN',
    });
    await expect(here.change(made.id, { title: 'Not mine' }, 'somebody else')).rejects.toMatchObject({
      code: 'SCHEDULE_UNKNOWN',
    });
    rmSync(join(folder, 'shop'), { recursive: true });
    await expect(here.change(made.id, { title: 'Gone', options: {} })).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    });
    expect(await here.list()).toEqual([made]);
    for (const wrong of [{}, { title: ' ' }, { title: 'x'.repeat(201) }, { recurrence: { every: 'day' } }]) {
      expect(ScheduleChange.safeParse(wrong).success).toBe(false);
    }
  });

  test('a schedule is its owner’s: for others there is none', async () => {
    const { id } = await here.add(daily(SAMPLE), ME);
    expect(await here.list('somebody else')).toEqual([]);
    expect(await here.list(ME)).toHaveLength(1);
    await expect(here.remove(id, 'somebody else')).rejects.toMatchObject({ code: 'SCHEDULE_UNKNOWN' });
    await expect(here.change('', { paused: true })).rejects.toMatchObject({ code: 'SCHEDULE_UNKNOWN' });
    await expect(here.change('%', { paused: true })).rejects.toMatchObject({ code: 'SCHEDULE_UNKNOWN' });
  });

  test('an unknown zone and a project that is none are refused before anything is kept', async () => {
    const wrong: ScheduleWanted = { ...daily(SAMPLE), recurrence: { every: 'day', at: '06:00', zone: 'Mars/Base' } };
    await expect(here.add(wrong, ME)).rejects.toMatchObject({ code: 'TIME_ZONE_UNKNOWN' });
    await expect(here.add(daily({ kind: 'path', path: join(folder, 'none') }), ME)).rejects.toMatchObject({
      code: 'PROJECT_NOT_FOUND',
    });
    expect(await here.list()).toEqual([]);
  });

  test('a server looks again and again, also after a look that failed, until it goes down', async () => {
    const down = new AbortController();
    const launched: string[] = [];
    const failures: unknown[] = [];
    let looks = 0;
    const startDue = () => {
      looks += 1;
      return looks === 1 ? Promise.reject(new Error('locked')) : Promise.resolve(looks === 2 ? ['r1' as never] : []);
    };
    const watching = watchSchedules({
      schedules: { startDue },
      clock,
      down: down.signal,
      launch: (run) => launched.push(run),
      failed: (error) => failures.push(error),
    });
    for (const _ of [1, 2, 3]) await clock.advance(10_000);
    down.abort();
    await watching;
    expect(launched).toEqual(['r1']);
    expect(failures).toHaveLength(1);
  });

  test('projects are told by their newest run, with what came of it and when it is next', async () => {
    const shop = project('shop');
    await here.add(daily(shop), ME);
    await clock.advance(6 * HOUR_MS);
    const [first] = await here.startDue();
    if (first === undefined) throw new Error('It was due.');
    await journal.setStatus(first, null, 'done', '0 kept, 0 refused.');
    await clock.advance(DAY_MS);
    const [second] = await here.startDue();
    await modernizer.start({
      project: SAMPLE,
      options: ModernizeOptions.parse({}),
      owner: 'another',
      startedBy: 'server',
    });
    const schedules = await here.list();
    const { projects, cut } = await modernizer.projects({ owner: undefined, schedules });
    expect(cut).toBe(false);
    expect(projects.map(({ title }) => title).sort()).toEqual(['ms@2.0.0', 'shop']);
    expect(projects.find(({ title }) => title === 'shop')).toMatchObject({
      last: { run: second, status: 'queued', kept: 0, waits: 0 },
      history: [{ run: second }, { run: first, status: 'done' }],
      schedule: { text: 'every day at 06:00 (UTC)', paused: false, nextAt: '2026-01-03T06:00:00.000Z' },
    });
    expect((await modernizer.projects({ owner: 'another', schedules: [] })).projects).toHaveLength(1);
  });
});
