// Points, streaks, achievements and gifts. Points are a ledger in which each thing counts once, so nothing that is sent
// again earns again; streak and achievements follow from what is written down and are kept nowhere else.

import { instant, toIso, type Instant } from 'kernel/basics';
import type { Store } from 'kernel/store';

import type { Achievement, Gift, Rewards } from '../protocol/index.ts';
import { notEnoughPoints, thingNotFound } from './faults.ts';
import type { Db } from './rows.ts';
import type { ChatTables } from './tables.ts';

const POINTS = { message: 5, 'first-of-day': 10 } as const;
type Reason = keyof typeof POINTS;

const QUARTER_MS = 15 * 60_000;
/** More than a year of days; older ones change no streak that anybody has. */
const QUARTERS_READ_MAX = 40_000;

const GIFTS: readonly Omit<Gift, 'isOwned'>[] = [
  {
    id: 'bookmark',
    name: 'Bookmark',
    icon: '🔖',
    costPoints: 20,
    description: 'For the answer you want to find again.',
  },
  { id: 'lantern', name: 'Lantern', icon: '🏮', costPoints: 60, description: 'Lights the way through a long thread.' },
  { id: 'compass', name: 'Compass', icon: '🧭', costPoints: 150, description: 'For those who ask good questions.' },
  { id: 'telescope', name: 'Telescope', icon: '🔭', costPoints: 400, description: 'For those who look far ahead.' },
];

/** Called in the transaction that writes what earns them. */
export async function earnPoints(
  tx: Db,
  person: string,
  { reason, about, at }: { readonly reason: Reason; readonly about: string; readonly at: Instant },
): Promise<void> {
  const row = { person, reason, about, points: POINTS[reason], at };
  await tx
    .insertInto('chat_points')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (reason !== 'message') return;
  const day = toIso(at).slice(0, 10);
  await earnPoints(tx, person, { reason: 'first-of-day', about: day, at });
  await tx
    .insertInto('chat_quarters')
    .values({ person, quarter: Math.floor(at / QUARTER_MS) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function rewardsOf(
  store: Store,
  person: string,
  { timeZone, now }: { readonly timeZone: string; readonly now: Instant },
): Promise<Rewards> {
  const db = store.read<ChatTables>();
  const [points, counts, quarters, owned] = await Promise.all([
    pointsOf(db, person),
    db
      .selectFrom('chat_points')
      .select((rows) => ['reason', rows.fn.countAll<number>().as('count'), rows.fn.max('at').as('last')])
      .where('person', '=', person)
      .groupBy('reason')
      .execute(),
    db
      .selectFrom('chat_quarters')
      .select('quarter')
      .where('person', '=', person)
      .orderBy('quarter', 'desc')
      .limit(QUARTERS_READ_MAX)
      .execute(),
    ownedGifts(db, person),
  ]);
  const zone = zoneOf(timeZone);
  const days = [...new Set(quarters.map(({ quarter }) => dayIn(zone, instant(quarter * QUARTER_MS))))];
  const streak = streakOf(days, dayIn(zone, now));
  const messages = Number(counts.find(({ reason }) => reason === 'message')?.count ?? 0);
  return {
    points,
    streak: { ...streak, lastDay: days[0] ?? null, timeZone: zone },
    achievements: await achievements(db, person, { messages, longest: streak.longest, gifts: owned.size }),
    gifts: GIFTS.map((gift) => ({ ...gift, isOwned: owned.has(gift.id) })),
  };
}

/** Days newest first, such as `2026-11-21`. A streak lives as long as yesterday is in it. */
export function streakOf(days: readonly string[], today: string): { readonly days: number; readonly longest: number } {
  const lengths: number[] = [];
  for (const [index, day] of days.entries()) {
    const newer = days[index - 1];
    if (newer !== undefined && dayBefore(newer) === day) lengths.push((lengths.pop() ?? 0) + 1);
    else lengths.push(1);
  }
  const isAlive = days[0] === today || days[0] === dayBefore(today);
  return { days: isAlive ? (lengths[0] ?? 0) : 0, longest: Math.max(0, ...lengths) };
}

const dayBefore = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

const ACHIEVEMENTS = [
  { id: 'first-message', name: 'First words', description: 'Send a message.', of: 1, counts: 'messages' },
  { id: 'ten-messages', name: 'In conversation', description: 'Send ten messages.', of: 10, counts: 'messages' },
  { id: 'hundred-messages', name: 'Regular', description: 'Send a hundred messages.', of: 100, counts: 'messages' },
  { id: 'three-days', name: 'Back again', description: 'Write on three days in a row.', of: 3, counts: 'longest' },
  { id: 'seven-days', name: 'A whole week', description: 'Write on seven days in a row.', of: 7, counts: 'longest' },
  { id: 'first-gift', name: 'Something for yourself', description: 'Open a gift.', of: 1, counts: 'gifts' },
] as const;

/** When a number of messages was reached can be read from the ledger; the day of a streak is the day it is first seen. */
async function achievements(
  db: Db,
  person: string,
  counted: { readonly messages: number; readonly longest: number; readonly gifts: number },
): Promise<Achievement[]> {
  return Promise.all(
    ACHIEVEMENTS.map(async ({ id, name, description, of, counts }): Promise<Achievement> => {
      const done = Math.min(of, counted[counts]);
      const reason = counts === 'gifts' ? 'gift' : counts === 'longest' ? 'first-of-day' : 'message';
      const reached = done < of ? undefined : await nthOf(db, { person, reason, nth: of });
      return {
        id,
        name,
        description,
        progress: { done, of },
        reachedAt: reached === undefined ? null : toIso(reached),
      };
    }),
  );
}

async function nthOf(
  db: Db,
  { person, reason, nth }: { readonly person: string; readonly reason: string; readonly nth: number },
): Promise<Instant | undefined> {
  const row = await db
    .selectFrom('chat_points')
    .select('at')
    .where('person', '=', person)
    .where('reason', '=', reason)
    .orderBy('at')
    .offset(nth - 1)
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : instant(row.at);
}

/** Opens a gift for its points, once. */
export async function openGift(
  store: Store,
  person: string,
  { gift: id, now }: { readonly gift: string; readonly now: Instant },
): Promise<Gift> {
  const gift = GIFTS.find((each) => each.id === id);
  if (gift === undefined) throw thingNotFound('gift', id);
  await store.write(async (tx: Db) => {
    if ((await ownedGifts(tx, person)).has(id)) return;
    const points = await pointsOf(tx, person);
    if (points < gift.costPoints) throw notEnoughPoints(gift.costPoints - points);
    const row = { person, reason: 'gift', about: id, points: -gift.costPoints, at: now };
    await tx.insertInto('chat_points').values(row).execute();
  });
  return { ...gift, isOwned: true };
}

async function pointsOf(db: Db, person: string): Promise<number> {
  const row = await db
    .selectFrom('chat_points')
    .select((rows) => rows.fn.sum<number | null>('points').as('points'))
    .where('person', '=', person)
    .executeTakeFirst();
  return Number(row?.points ?? 0);
}

async function ownedGifts(db: Db, person: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('chat_points')
    .select('about')
    .where('person', '=', person)
    .where('reason', '=', 'gift')
    .execute();
  return new Set(rows.map(({ about }) => about));
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The zone as this machine knows it; UTC where it knows none of that name. */
function zoneOf(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch (thrown) {
    if (thrown instanceof RangeError) return 'UTC';
    throw thrown;
  }
}

function dayIn(zone: string, at: Instant): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' });
  formats.set(zone, format);
  return format.format(at);
}
