// Patches join and leave a channel, and the files on the disk follow if it is the current one.
// Rule: what would happen to the files is decided first; where a person's own changes are in the way, nothing is done.

import type { PatchNumber } from '../patches/facts.ts';
import { planApply, planUnrecord, type ApplyPlan, type UnrecordPlan } from '../repository/change-set.ts';
import { channelMoved, channelUnknown } from '../repository/faults.ts';
import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { PatchSet, ReadonlyPatchSet } from '../store/patch-set.ts';
import type { Transaction } from '../store/store.ts';
import { planUpdate, updateFiles } from './update-files.ts';

export interface ChannelCommand {
  readonly channel: string;
  /** For the audit log. */
  readonly op: string;
  readonly args?: unknown;
  readonly actor: string;
}

export function applyPatches(
  repository: Repository,
  asked: readonly PatchNumber[],
  command: ChannelCommand,
): ApplyPlan {
  const before = setOf(repository, command.channel);
  const plan = planApply(repository.store, before, asked);
  if (plan.kind === 'nothing') return plan;
  const after = before.clone();
  for (const patch of plan.patches) after.add(patch);
  moveChannel(repository, command, after, (transaction) => transaction.addToChannel(command.channel, plan.patches));
  return plan;
}

export function unrecordPatches(
  repository: Repository,
  asked: readonly PatchNumber[],
  command: ChannelCommand & { readonly withDependents: boolean },
): UnrecordPlan {
  const before = setOf(repository, command.channel);
  const plan = planUnrecord(repository.store, before, asked, command.withDependents);
  if (plan.kind !== 'unrecord') return plan;
  const after = before.clone();
  for (const patch of plan.patches) after.remove(patch);
  moveChannel(repository, command, after, (transaction) =>
    transaction.removeFromChannel(command.channel, plan.patches),
  );
  return plan;
}

/** Makes another channel the current one. */
export function switchChannel(repository: Repository, to: string, actor: string): void {
  const { store } = repository;
  const from = repository.view();
  const target = repository.view(to);
  const update = planUpdate(repository, from, target);
  store.write({ op: 'channel switch', args: { to }, actor }, (transaction) => transaction.switchChannel(to));
  updateFiles(repository, target, update);
}

const setOf = ({ store }: Repository, channel: string): ReadonlyPatchSet => {
  const found = store.channels.get(channel);
  if (found === undefined)
    throw channelUnknown(
      channel,
      store.channels.list().map(({ name }) => name),
    );
  return found.set;
};

/** Gives a channel another set in one transaction, and brings the files along. */
function moveChannel(
  repository: Repository,
  { channel, op, args = {}, actor }: ChannelCommand,
  after: PatchSet,
  change: (transaction: Transaction) => void,
): void {
  const { store } = repository;
  const isCurrent = store.channels.current() === channel;
  const before = setOf(repository, channel);
  const from: View = isCurrent ? repository.view(channel) : repository.viewOf(before);
  const to = repository.viewOf(after);
  const update = isCurrent ? planUpdate(repository, from, to) : null;
  store.write({ op, args, actor }, (transaction) => {
    if (transaction.channel(channel)?.set.equals(before) !== true) throw channelMoved(channel);
    change(transaction);
  });
  if (update !== null) updateFiles(repository, to, update);
}
