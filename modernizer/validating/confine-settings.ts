// Takes out of a trial's copy what its package manager would run or follow while installing.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import type { Installer } from '../ecosystems/installer.ts';

export async function confineSettings({ settings }: Installer, project: string): Promise<void> {
  if (settings === null) return;
  const handle = await open(join(project, settings.file), constants.O_RDWR | constants.O_NOFOLLOW).catch(() => null);
  if (handle === null) return;
  try {
    const text = settings.confined(await handle.readFile('utf8'));
    await handle.truncate(0);
    await handle.write(text, 0);
  } finally {
    await handle.close();
  }
}
