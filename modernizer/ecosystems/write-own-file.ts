import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** Writes a file of a copy of ours; a link in its place, which a project may hold, is refused and not followed. */
export async function writeOwnFile(file: string, text: string): Promise<void> {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const handle = await open(file, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o644);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
