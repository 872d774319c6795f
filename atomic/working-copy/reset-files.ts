// Putting files back as the channel has them.
// Rule: what they were is kept first, so that it can be undone; files that nobody tracks are left alone.

import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { AuditEntry } from '../store/audit-face.ts';
import { workingCopy, type Change } from './changes.ts';
import { copyFiles, keepCopy } from './files-copy.ts';
import { forgetIntents, intentsOf } from './intents.ts';
import { putRow, seenNow } from './worktree-rows.ts';
import { forgetWorklog } from './worklog-notes.ts';
import { filesOf, TreeWriter } from './write-tree.ts';

export interface ResetPlan {
  /** What is put back. An added file is only not to be added any more: it stays on the disk. */
  readonly changes: readonly Change[];
}

export function planReset(repository: Repository, isMeant: (path: string) => boolean): ResetPlan {
  const { changes } = workingCopy(repository, repository.view());
  const meant = changes.filter(
    (change) =>
      change.kind !== 'untracked' && (isMeant(change.path) || (change.kind === 'moved' && isMeant(change.from))),
  );
  return { changes: meant };
}

/** Does it. `copy`: the name under which the files are kept as they were; it stands in `entry` for undo. */
export function resetFiles(repository: Repository, { changes }: ResetPlan, copy: string, entry: AuditEntry): void {
  const { root, store } = repository;
  const view = repository.view();
  const paths = changes.flatMap((change) => (change.kind === 'moved' ? [change.path, change.from] : [change.path]));
  const kept = copyFiles(repository, { paths });
  store.write(entry, (transaction) => keepCopy(transaction, repository, copy, kept));
  const writer = new TreeWriter(root);
  const files = changes.flatMap((change) => filesFor(view, change));
  for (const change of changes) {
    // The file under its new name goes; another that the channel has there comes back below.
    if (change.kind === 'moved') writer.remove(change.path, () => false);
  }
  for (const file of files) writer.write(file);
  const nowNs = BigInt(repository.clock.now()) * 1_000_000n;
  const done = new Set(paths);
  store.write(null, (transaction) => {
    forgetIntents(transaction, intentsOf(store), (path) => done.has(path));
    forgetWorklog(transaction, done);
    for (const path of done) transaction.deleteWorktree(path);
    for (const { path, bytes, kind } of files) {
      const entryAt = view.tree().entries.get(path);
      const disk = kind === 'directory' ? null : seenNow(root, path);
      if (disk !== null && entryAt !== undefined)
        putRow(transaction, { path, inode: entryAt.inode, disk, bytes }, nowNs);
    }
  });
}

function filesFor(view: View, change: Change): ReturnType<typeof filesOf> {
  switch (change.kind) {
    case 'added':
    case 'untracked':
      return [];
    case 'deleted':
    case 'changed':
    case 'moved':
      return filesOf(view, change.entry);
  }
}
