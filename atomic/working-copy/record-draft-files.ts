// A patch that was made without the files (a rollback, a resolution) is recorded, and the files follow.
// Rule: what would happen to the files is decided inside the transaction; where a person's own changes are in the way,
// nothing is recorded at all.

import type { NamedPatch } from '../patches/patch.ts';
import type { DraftBuilder } from '../repository/draft-builder.ts';
import { channelMoved } from '../repository/faults.ts';
import { recordDraft, type RecordOptions } from '../repository/record.ts';
import type { Repository } from '../repository/repository.ts';
import { planUpdate, updateFiles, type FilesUpdate } from './update-files.ts';

/** Throws ATOMIC_CHANGES_IN_THE_WAY, ATOMIC_CHANNEL_MOVED. */
export function recordWithFiles(
  repository: Repository,
  builder: DraftBuilder,
  options: Omit<RecordOptions, 'view'>,
): NamedPatch {
  const { channel, also } = options;
  const isCurrent = repository.store.channels.current() === channel;
  const view = repository.view(channel);
  const before = view.copy();
  let update: FilesUpdate | null = null;
  const outcome = recordDraft(repository, builder, {
    ...options,
    view,
    also(transaction, number) {
      also?.(transaction, number);
      if (!isCurrent) return;
      const after = before.set.clone();
      after.add(number);
      update = planUpdate(repository, before, repository.viewOf(after));
    },
  });
  if (outcome.kind === 'channel-moved') throw channelMoved(channel);
  if (update !== null) updateFiles(repository, repository.view(channel), update);
  return outcome.patch;
}
