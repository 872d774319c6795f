// What the list of messages decides. Pure.

/** Older messages were put before the ones that are there. */
export const isPrepended = (before: readonly string[], now: readonly string[]): boolean =>
  before.length > 0 && now.length > before.length && now[0] !== before[0] && now.at(-1) === before.at(-1);

export const jumpText = (newCount: number): string =>
  newCount === 0 ? 'To the latest' : newCount === 1 ? 'One new message' : `${newCount} new messages`;
