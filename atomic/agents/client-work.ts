// What an agent records itself, over MCP: the files that no hook and no editor spoke of are its work.
// Rule: what is in the working log already stays as it is: an agent does not take over what a person was seen to write.

import { noteEdit, type Worklog, type Writer } from '../hooks/worklog.ts';
import type { View } from '../repository/view.ts';

interface RecordedFiles {
  readonly view: View;
  readonly paths: readonly string[];
  readonly textNow: (path: string) => Buffer | undefined;
}

export function withClient(log: Worklog, client: Writer, { view, paths, textNow }: RecordedFiles): Worklog {
  const { entries } = view.tree();
  let whole = log;
  for (const path of new Set(paths)) {
    if (log.has(path)) continue;
    const entry = entries.get(path);
    const before = entry === undefined || entry.kind === 'directory' ? null : view.bytesOf(entry.inode);
    whole = noteEdit(whole, { path, before, after: textNow(path) ?? null, by: client });
  }
  return whole;
}
