// How the console says numbers, and which face a state has. Rule: every state has a word, never a colour alone.

import { durationText } from 'kernel/basics';

/** `just now`, `4 min ago`, `3 h ago`, `yesterday`, `5 days ago`, then the date. */
export function agoText(atMs: number, nowMs: number): string {
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  if (days === 1) return 'yesterday';
  return days < 14 ? `${days} days ago` : new Date(atMs).toISOString().slice(0, 10);
}

/** An estimate is said as one: `about 2 min left`, never to the second. */
export function remainingText(remainingMs: number | null): string {
  if (remainingMs === null) return 'estimating…';
  if (remainingMs < 10_000) return 'a few seconds left';
  if (remainingMs < 55_000) return `about ${Math.ceil(remainingMs / 10_000) * 10} s left`;
  return `about ${durationText(Math.ceil(remainingMs / 60_000) * 60_000)} left`;
}

/** Whole seconds once it runs for a while: a clock that shows tenths is never read. */
export const elapsedText = (lengthMs: number): string =>
  durationText(lengthMs < 9950 ? Math.max(0, Math.floor(lengthMs / 1000) * 1000) : lengthMs).replace(/\.0 s$/, ' s');
