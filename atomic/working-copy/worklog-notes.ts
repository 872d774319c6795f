// The working log of agents and editors, kept in the repository until what it speaks of is recorded: a note for each file.
// Rule: read and written inside one transaction, so that fifty hooks at once lose nothing.

import { decodeWorklog, encodeWorklog } from '../hooks/encode-worklog.ts';
import type { Worklog } from '../hooks/worklog.ts';
import type { PatchStore, Transaction } from '../store/store.ts';

const KIND = 'worklog';

/** Of all files, or of these. Empty where no agent and no editor has said anything. */
export function readWorklog({ names }: PatchStore, paths?: readonly string[]): Worklog {
  const bodies =
    paths === undefined
      ? names.notes(KIND).map(({ body }) => body)
      : paths.flatMap((path) => names.note(KIND, path) ?? []);
  return new Map(bodies.flatMap((body) => [...decodeWorklog(Buffer.from(body).toString('utf8'))]));
}

/** Writes what differs between two states of the log. */
export function writeWorklog(transaction: Transaction, before: Worklog, after: Worklog): void {
  for (const [path, file] of after) {
    if (before.get(path) === file) continue;
    transaction.putNote(KIND, path, Buffer.from(encodeWorklog(new Map([[path, file]]))));
  }
  forgetWorklog(
    transaction,
    [...before.keys()].filter((path) => !after.has(path)),
  );
}

/** What was recorded, or thrown away, is no longer in the log. */
export function forgetWorklog(transaction: Transaction, paths: Iterable<string>): void {
  for (const path of paths) transaction.deleteNote(KIND, path);
}
