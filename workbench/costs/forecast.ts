// What spending will come to, decided purely from what each day has cost.

import type { Budget } from 'kernel/spending';
import { toIso, type Instant } from 'kernel/basics';

import type { Forecast } from '../protocol/index.ts';

const DAY_MS = 86_400_000;
/** Long enough for weekends to count, short enough to follow a change of habits. */
const DAYS_SEEN = 7;
/** A budget that lasts longer than this lasts, for all that can be known. */
const DAYS_AHEAD_MAX = 365;

/** `days`: cost by day, such as `2026-11-21`, of at least the last seven days and of this month. */
export function forecastOf(days: ReadonlyMap<string, number>, budgets: readonly Budget[], now: Instant): Forecast {
  const dayAt = (at: number): string => toIso(at as Instant).slice(0, 10);
  const today = dayAt(now);
  const month = today.slice(0, 7);
  const before = Array.from({ length: DAYS_SEEN }, (_, index) => days.get(dayAt(now - (index + 1) * DAY_MS)) ?? 0);
  const hasHistory = before.some((cost) => cost > 0);
  const todayMicroUsd = days.get(today) ?? 0;
  // Who began today is judged by today.
  const perDay = hasHistory ? before.reduce((sum, cost) => sum + cost, 0) / DAYS_SEEN : todayMicroUsd;
  const monthMicroUsd = [...days].reduce((sum, [day, cost]) => sum + (day.startsWith(month) ? cost : 0), 0);
  const leftOfMonth = daysInMonth(now) - new Date(now).getUTCDate();
  const restOfToday = Math.max(0, perDay - todayMicroUsd);
  return {
    todayMicroUsd,
    monthMicroUsd,
    perDayMicroUsd: Math.round(perDay),
    monthEndMicroUsd: Math.round(monthMicroUsd + restOfToday + perDay * leftOfMonth),
    budgets: budgets.map((budget) => ({ id: budget.id, usedUpOn: usedUpOn(budget, perDay, now) })),
  };
}

const daysInMonth = (at: Instant): number => {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
};

/** Only for budgets that count everything: how others grow is not known from the days. */
function usedUpOn(budget: Budget, perDay: number, now: Instant): string | null {
  const left = budget.limitMicroUsd - budget.spentMicroUsd - budget.heldMicroUsd;
  const today = toIso(now).slice(0, 10);
  if (left <= 0) return today;
  if (budget.scope !== 'all' || perDay <= 0 || budget.period === 'day') return null;
  const days = Math.ceil(left / perDay);
  if (days > DAYS_AHEAD_MAX) return null;
  const on = toIso((now + days * DAY_MS) as Instant).slice(0, 10);
  return budget.period === 'month' && !on.startsWith(today.slice(0, 7)) ? null : on;
}
