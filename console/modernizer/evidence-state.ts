// What is shown of a trial's evidence, and what the difference of a lockfile says in words.

import type { LockedChange, LockfileDifference } from 'modernizer/protocol';

export const EVIDENCE_PARTS = ['log', 'lockfile', 'environment'] as const;
export type EvidencePart = (typeof EVIDENCE_PARTS)[number];

/** The part in the address, or the log where it says nothing we know. */
export const evidencePartOf = (text: string | undefined): EvidencePart =>
  EVIDENCE_PARTS.find((part) => part === text) ?? 'log';

export function differenceText({ added, removed, changed, same }: LockfileDifference): string {
  if (added + removed + changed === 0) return `Nothing differs: the same ${same} packages are installed.`;
  return `${changed} changed, ${added} added, ${removed} removed; ${same} are the same as in the project as it is.`;
}

export const changeWord = ({ from, to }: Pick<LockedChange, 'from' | 'to'>): 'added' | 'removed' | 'changed' =>
  from === null ? 'added' : to === null ? 'removed' : 'changed';

/** Those that say any of it: a name, a version, or the word for what happened. */
export function shownChanges(changes: readonly LockedChange[], find: string): readonly LockedChange[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return changes.filter((change) => {
    const text =
      `${change.place} ${change.name} ${change.from ?? ''} ${change.to ?? ''} ${changeWord(change)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export const unlistedOf = ({ changes, added, removed, changed }: LockfileDifference): number =>
  added + removed + changed - changes.length;
