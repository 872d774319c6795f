// The header of a patch that is recorded here and now.

import type { Author, Header } from '../patches/patch.ts';
import type { Shell } from './shell.ts';

/** The first line is the title; the rest describes it. */
export function headerOf(shell: Pick<Shell, 'clock' | 'zoneMinutes'>, message: string, author: Author): Header {
  const [title = '', ...rest] = message.trim().split(/\r?\n/);
  const at = shell.clock.now();
  return {
    message: title.trim(),
    description: rest.join('\n').trim(),
    at,
    zoneMinutes: shell.zoneMinutes(at),
    authors: [author],
  };
}
