// atomic channel: named sets of patches. A fork is the same set under another name.

import type { Command } from 'commander';

import { hashFromBytes } from '../../patches/hash.ts';
import { switchChannel } from '../../working-copy/change-channel.ts';
import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted, shortHash } from '../patch-text.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

export function registerChannel(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'channel', 'Make, switch, fork, list, rename and delete channels.');
  addCommand(group, 'list', {
    summary: 'List the channels; the current one has a star.',
    examples: ['atomic channel list', 'atomic channel list --json'],
  }).action((_options: object, command: Command) => context.run(command, list));
  addCommand(group, 'new <name>', {
    summary: 'Make a channel without patches.',
    examples: ['atomic channel new empty', 'atomic channel new import --json'],
  }).action((name: string, _options: object, command: Command) =>
    context.run(command, (shell) => change(shell, { op: 'new', name })),
  );
  addCommand(group, 'switch <name>', {
    summary: 'Make another channel the current one; files follow.',
    description: 'Changes that are not recorded come along where they do not stand in the way.',
    examples: ['atomic channel switch feature', 'atomic channel switch main --json'],
  }).action((name: string, _options: object, command: Command) =>
    context.run(command, (shell) => change(shell, { op: 'switch', name })),
  );
  addFork(group, context);
  addCommand(group, 'rename <from> <to>', {
    summary: 'Give a channel another name.',
    examples: ['atomic channel rename feature retries', 'atomic channel rename main trunk --json'],
  }).action((from: string, to: string, _options: object, command: Command) =>
    context.run(command, (shell) => change(shell, { op: 'rename', name: from, to })),
  );
  addCommand(group, 'delete <name>', {
    summary: 'Delete a channel. Its patches stay; atomic undo brings it back.',
    examples: ['atomic channel delete feature', 'atomic channel delete old --json'],
  }).action((name: string, _options: object, command: Command) =>
    context.run(command, (shell) => change(shell, { op: 'delete', name })),
  );
}

function addFork(group: Command, context: CommandContext): void {
  addCommand(group, 'fork <name>', {
    summary: 'Make a channel with the same patches, without switching to it.',
    description: 'With --without: as it would be without the patches an expression chooses and what builds on them.',
    examples: ['atomic channel fork feature', "atomic channel fork no-gpt --without 'ai.model=gpt-4o'"],
  })
    .option('--from <channel>', 'another channel than the current one')
    .option('--without <expr>', 'leave these patches out, and what builds on them')
    .option('--switch', 'switch to it')
    .action((name: string, options: ForkOptions, command: Command) =>
      context.run(command, (shell) => fork(shell, name, options)),
    );
}

function list(shell: Shell): ExitCode {
  const { store } = shell.repository('read');
  const current = store.channels.current();
  const channels = store.channels.list();
  shell.terminal.document({
    current,
    channels: channels.map(({ name, size, root }) => ({ name, patches: size, root: hashFromBytes(root) })),
  });
  shell.terminal.table(
    channels.map(({ name, size, root }) => [
      name === current ? '*' : '',
      name,
      counted(size, 'patch', 'patches'),
      shortHash(hashFromBytes(root)),
    ]),
  );
  return EXIT.done;
}

type ChannelChange =
  | { readonly op: 'new' | 'switch' | 'delete'; readonly name: string }
  | { readonly op: 'rename'; readonly name: string; readonly to: string };

function change(shell: Shell, asked: ChannelChange): ExitCode {
  const repository = shell.repository('write');
  const { store } = repository;
  const { op, name } = asked;
  if (op !== 'new') requiredChannel(store, name);
  const entry = { op: `channel ${op}`, args: { ...asked }, actor: shell.actor() };
  switch (op) {
    case 'new':
      store.write(entry, (transaction) => transaction.createChannel(name));
      shell.terminal.say(`Channel ${name} is there, without patches.`);
      break;
    case 'switch':
      switchChannel(repository, name, entry.actor);
      shell.terminal.say(`On channel ${name} with ${counted(requiredChannel(store).set.size, 'patch', 'patches')}.`);
      break;
    case 'rename':
      store.write(entry, (transaction) => transaction.renameChannel(name, asked.to));
      shell.terminal.say(`Channel ${name} is called ${asked.to}.`);
      break;
    case 'delete':
      store.write(entry, (transaction) => transaction.deleteChannel(name));
      shell.terminal.say(`Channel ${name} is deleted; its patches stay. atomic undo brings it back.`);
      break;
  }
  shell.terminal.document({ channel: asked.op === 'rename' ? asked.to : name, current: store.channels.current() });
  return EXIT.done;
}

interface ForkOptions {
  readonly from?: string;
  readonly without?: string;
  readonly switch?: boolean;
}

async function fork(shell: Shell, name: string, options: ForkOptions): Promise<ExitCode> {
  const repository = shell.repository('write');
  const { store } = repository;
  const from = requiredChannel(store, options.from);
  const { without } = options;
  const chosen =
    without === undefined
      ? []
      : (await import('../where.ts')).chosenPatches(shell, repository, { expression: without, among: from.set });
  const leaving = chosen.length === 0 ? [] : [...store.patches.dependents(chosen, from.set)].reverse();
  const entry = { op: 'channel fork', args: { name, from: from.name, without }, actor: shell.actor() };
  store.write(entry, (transaction) => {
    transaction.forkChannel(from.name, name);
    if (leaving.length > 0) transaction.removeFromChannel(name, leaving);
  });
  const forked = requiredChannel(store, name);
  if (options.switch === true) switchChannel(repository, name, entry.actor);
  shell.terminal.document({
    channel: name,
    from: from.name,
    root: hashFromBytes(forked.root),
    patches: forked.set.size,
    without: chosen.map((patch) => store.patches.hashOf(patch)),
    dependents: leaving.filter((patch) => !chosen.includes(patch)).map((patch) => store.patches.hashOf(patch)),
  });
  shell.terminal.say(`Channel ${name} has ${counted(forked.set.size, 'patch', 'patches')} of ${from.name}.`);
  if (without !== undefined) {
    const also = leaving.length - chosen.length;
    const more = also > 0 ? `, and ${counted(also, 'patch builds', 'patches build')} on them` : '';
    shell.terminal.say(`Left out: ${counted(chosen.length, 'patch', 'patches')} that you chose${more}.`);
  }
  return EXIT.done;
}
