// The rows of the working copy, read from a store that is opened for nothing else.

import { join } from 'node:path';

import { openStore } from '../store/open-store.ts';
import type { WorktreeRow } from '../store/store.ts';

export function openRows(root: string): readonly WorktreeRow[] {
  const store = openStore(join(root, '.atomic'), { readOnly: true, processName: 'atomic hook' });
  try {
    return store.files.worktree();
  } finally {
    store.close();
  }
}
