// Removes what a job has left, whatever it made of it: trees deeper than a path can be long, folders without rights.
// Node's own removal works by paths and gives up on both; the system's works from folder to folder.

import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { codeOf } from './files.ts';

const run = promisify(execFile);
const NEEDS_THE_SYSTEM: readonly (string | undefined)[] = ['ENAMETOOLONG', 'EACCES', 'EPERM', 'ENOTEMPTY'];

/** Also right for a folder that is not there. Throws what the system says when even its owner may not remove it. */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (thrown) {
    if (!NEEDS_THE_SYSTEM.includes(codeOf(thrown))) throw thrown;
    // Links are not followed by either.
    await run('chmod', ['-R', 'u+rwX', '--', folder]).catch(() => undefined);
    await run('rm', ['-rf', '--', folder]);
  }
}
