// atomic push and atomic pull: patches go to another repository, or come from one.

import type { Command } from 'commander';

import { hashFromBytes } from '../../patches/hash.ts';
import { pullFrom, type Exchanged } from '../../remotes/pull.ts';
import { pushTo, type Pushed } from '../../remotes/push.ts';
import type { Remote } from '../../remotes/remotes.ts';
import { listConflicts } from '../../repository/conflicts.ts';
import type { Repository } from '../../repository/repository.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import {
  meantRemote,
  peerAt,
  phasesOf,
  receivePolicy,
  remoteSettings,
  saidBatch,
  sendsAttribution,
  WITHOUT_ATTRIBUTION,
  type AttributionFlags,
} from '../exchange.ts';
import { counted, patchLine } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

interface Options extends AttributionFlags {
  readonly channel?: string;
}

export function registerPush(program: Command, context: CommandContext): void {
  addOptions(
    addCommand(program, 'push [remote]', {
      summary: 'Send patches to another repository.',
      description: 'Without a remote: to origin, or to the only one. What others pushed there meanwhile stays.',
      examples: ['atomic push', 'atomic push origin --channel release --skip-attribution'],
    }),
  ).action((remote: string | undefined, options: Options, command: Command) =>
    context.run(command, (shell) => push(shell, remote, options)),
  );
}

export function registerPull(program: Command, context: CommandContext): void {
  addOptions(
    addCommand(program, 'pull [remote]', {
      summary: 'Take patches from another repository; files follow.',
      description: 'Without a remote: from origin, or from the only one. What you have and they have not stays.',
      examples: ['atomic pull', 'atomic pull ../bob --channel main --json'],
    }),
  ).action((remote: string | undefined, options: Options, command: Command) =>
    context.run(command, (shell) => pull(shell, remote, options)),
  );
}

function addOptions(command: Command): Command {
  return command
    .option('--channel <name>', 'another channel than the current one')
    .option('--with-attribution', 'with who or which model wrote each patch')
    .option('--skip-attribution', 'without it; it can follow later');
}

async function push(shell: Shell, typed: string | undefined, options: Options): Promise<ExitCode> {
  const repository = shell.repository('read');
  const remote = meantRemote(repository.store, typed);
  const channel = options.channel ?? repository.store.channels.current();
  const settings = remoteSettings(shell.settings(), shell.env);
  const withAttribution = sendsAttribution(options, settings.sendsOnPush);
  const peer = peerAt(shell, remote.url, 'write', typed === remote.url ? shell.folder : repository.root);
  const phases = phasesOf(shell);
  try {
    const { fallsBack } = settings;
    const pushed = await pushTo(repository, peer, {
      channel,
      path: remote.path,
      withAttribution,
      fallsBack,
      batch: saidBatch(shell),
      report: phases.report,
    });
    phases.end();
    sayPushed(shell, repository, { remote, channel, pushed });
    return EXIT.done;
  } finally {
    phases.end();
    await peer.close();
  }
}

interface PushAnswer {
  readonly remote: Remote;
  readonly channel: string;
  readonly pushed: Pushed;
}

function sayPushed(shell: Shell, { store }: Repository, { remote, channel, pushed }: PushAnswer): void {
  const { sent, behind, attached, statements, isNewChannel, isWithoutAttribution, resumed, root, traffic } = pushed;
  const name = printable(remote.name);
  shell.terminal.document({
    remote: remote.name,
    url: remote.url,
    channel,
    sent: sent.map((patch) => store.patches.hashOf(patch)),
    resumed,
    attached,
    statements,
    behind,
    newChannel: isNewChannel,
    root: hashFromBytes(root),
    traffic,
  });
  const isNothing = sent.length + attached + statements === 0 && !isNewChannel;
  if (isNothing) shell.terminal.say(`Nothing to push: ${name} has every patch of channel ${channel}.`);
  else {
    shell.terminal.say(`${counted(sent.length, 'patch', 'patches')} went to channel ${channel} of ${name}.`);
    listPatches(shell, store, sent);
  }
  if (attached > 0) shell.terminal.say(`${counted(attached, 'attribution')} of patches that were there followed.`);
  if (isNewChannel) shell.terminal.note(`Channel ${channel} is new there.`);
  if (behind > 0) {
    shell.terminal.note(`It has ${counted(behind, 'patch', 'patches')} that are not here: atomic pull brings them.`);
  }
  if (isWithoutAttribution) shell.terminal.note(WITHOUT_ATTRIBUTION);
}

async function pull(shell: Shell, typed: string | undefined, options: Options): Promise<ExitCode> {
  const repository = shell.repository('write');
  const remote = meantRemote(repository.store, typed);
  const channel = options.channel ?? repository.store.channels.current();
  const settings = remoteSettings(shell.settings(), shell.env);
  const withAttribution = sendsAttribution(options, settings.takesOnPull);
  const peer = peerAt(shell, remote.url, 'read', typed === remote.url ? shell.folder : repository.root);
  const phases = phasesOf(shell);
  try {
    const pulled = await pullFrom(repository, peer, {
      channel,
      path: remote.path,
      withAttribution,
      fallsBack: settings.fallsBack,
      policy: receivePolicy(repository.root, shell.env),
      actor: shell.actor(),
      remote: remote.url,
      report: phases.report,
    });
    phases.end();
    sayPulled(shell, repository, { remote, channel, pulled });
    return EXIT.done;
  } finally {
    phases.end();
    await peer.close();
  }
}

interface PullAnswer {
  readonly remote: Remote;
  readonly channel: string;
  readonly pulled: Exchanged;
}

function sayPulled(shell: Shell, repository: Repository, { remote, channel, pulled }: PullAnswer): void {
  const { store } = repository;
  const { added, attached, reviews, tags, ahead, isNewChannel, isWithoutAttribution, root, traffic } = pulled;
  const name = printable(remote.name);
  const conflicts = listConflicts(store, repository.view(channel)).length;
  shell.terminal.document({
    remote: remote.name,
    url: remote.url,
    channel,
    added: added.map((patch) => store.patches.hashOf(patch)),
    attached,
    reviews,
    tags,
    ahead,
    newChannel: isNewChannel,
    conflicts,
    root: hashFromBytes(root),
    traffic,
  });
  if (added.length === 0) shell.terminal.say(`Nothing to pull: channel ${channel} has every patch of ${name}.`);
  else {
    shell.terminal.say(`${counted(added.length, 'patch', 'patches')} came to channel ${channel} from ${name}:`);
    listPatches(shell, store, added);
  }
  if (attached > 0) shell.terminal.say(`${counted(attached, 'attribution')} of patches that were here followed.`);
  if (reviews > 0) shell.terminal.say(`${counted(reviews, 'review')} came.`);
  if (tags > 0) shell.terminal.say(`${counted(tags, 'tag')} came.`);
  if (conflicts > 0) {
    shell.terminal.note(`The channel has ${counted(conflicts, 'conflict')} now: atomic status shows where.`);
  }
  if (ahead > 0) {
    shell.terminal.note(`${counted(ahead, 'patch', 'patches')} of yours are not there: atomic push sends them.`);
  }
  if (isWithoutAttribution) shell.terminal.note(WITHOUT_ATTRIBUTION);
}

/** A screen of them; the rest is counted. */
const LISTED_MAX = 20;

function listPatches(shell: Shell, store: Repository['store'], patches: readonly number[]): void {
  for (const patch of patches.slice(0, LISTED_MAX)) shell.terminal.say(`  ${patchLine(store, patch, shell.paint)}`);
  if (patches.length > LISTED_MAX) shell.terminal.say(`  and ${patches.length - LISTED_MAX} more`);
}
