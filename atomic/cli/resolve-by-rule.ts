// Settling conflicts by a rule (`apply --resolve`): an ordinary resolution patch, with the person as its author and the rule
// in its message.

import type { Strategy } from '../attribution/resolve-by-attribution.ts';
import { buildResolution, type Resolution } from '../repository/resolve-conflicts.ts';
import type { Repository } from '../repository/repository.ts';
import { recordWithFiles } from '../working-copy/record-draft-files.ts';
import type { NamedPatch } from '../patches/patch.ts';
import { headerOf } from './record-header.ts';
import type { Shell } from './shell.ts';
import { signerFor } from './sign-record.ts';

export interface RecordedResolution extends Pick<Resolution, 'settled' | 'left'> {
  /** Null: nothing was settled. */
  readonly patch: NamedPatch | null;
}

export async function resolveByRule(
  shell: Shell,
  repository: Repository,
  { channel, strategy }: { readonly channel: string; readonly strategy: Strategy },
): Promise<RecordedResolution> {
  const { builder, settled, left } = buildResolution(repository.store, repository.view(channel), strategy);
  if (settled.length === 0) return { patch: null, settled, left };
  const files = [...new Set(settled.map(({ path }) => path))];
  const patch = recordWithFiles(repository, builder, {
    header: headerOf(shell, `Resolve by ${strategy}: ${files.join(', ')}`, shell.author().author),
    channel,
    audit: { op: 'resolve', args: { strategy, files }, actor: shell.actor() },
    ...(await signerFor(shell, undefined)),
  });
  return { patch, settled, left };
}
