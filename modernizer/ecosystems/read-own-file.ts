import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** A regular file of a tree, or null. A link is never followed: it could lead anywhere on the host. */
export async function readOwnFile(file: string): Promise<string | null> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP')) return null;
    throw error;
  }
}
