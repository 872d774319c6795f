// atomic remote: names for other repositories.

import type { Command } from 'commander';

import { remoteUrlWrong } from '../../remotes/faults.ts';
import { parseRemoteUrl } from '../../remotes/remote-url.ts';
import { addRemote, remotesOf, removeRemote, renameRemote } from '../../remotes/remotes.ts';
import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { addressText, meantRemote } from '../exchange.ts';
import { printable } from '../printable.ts';
import { storeToken } from '../remote-tokens.ts';
import type { Shell } from '../shell.ts';

export function registerRemote(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'remote', 'Name other repositories to exchange patches with.');
  addCommand(group, 'add <name> <url>', {
    summary: 'Name a repository.',
    description: 'An address is a path, http(s)://host/atomic/v1/name, ssh://host/path or host:path.',
    examples: ['atomic remote add origin ssh://ada@example.org/srv/project', 'atomic remote add bob ../bob'],
  }).action((name: string, url: string, _options: object, command: Command) =>
    context.run(command, (shell) => add(shell, name, url)),
  );
  addCommand(group, 'list', {
    summary: 'List the remotes.',
    examples: ['atomic remote list', 'atomic remote list --json'],
  }).action((_options: object, command: Command) => context.run(command, list));
  addCommand(group, 'remove <name>', {
    summary: 'Forget a remote. Patches stay.',
    examples: ['atomic remote remove bob', 'atomic remote remove bob --json'],
  }).action((name: string, _options: object, command: Command) =>
    context.run(command, (shell) => {
      removeRemote(shell.repository('write').store, name, shell.actor());
      shell.terminal.document({ removed: name });
      shell.terminal.say(`Remote ${name} is forgotten.`);
      return EXIT.done;
    }),
  );
  addCommand(group, 'rename <from> <to>', {
    summary: 'Give a remote another name.',
    examples: ['atomic remote rename origin upstream', 'atomic remote rename bob robert --json'],
  }).action((from: string, to: string, _options: object, command: Command) =>
    context.run(command, (shell) => {
      renameRemote(shell.repository('write').store, from, to, shell.actor());
      shell.terminal.document({ renamed: from, to });
      shell.terminal.say(`Remote ${from} is called ${to} now.`);
      return EXIT.done;
    }),
  );
  addCommand(group, 'token <name>', {
    summary: 'Keep a token for a remote behind HTTP, read from standard input.',
    description: 'It is kept in your own configuration, readable by you alone, and sent to that address only.',
    examples: ['atomic remote token origin < token.txt', 'atomic remote token origin --forget'],
  })
    .option('--forget', 'take the token away')
    .action((name: string, options: { forget?: boolean }, command: Command) =>
      context.run(command, (shell) => token(shell, name, options.forget === true)),
    );
}

function add(shell: Shell, name: string, url: string): ExitCode {
  const { store } = shell.repository('write');
  const text = addressText(url, shell.folder);
  addRemote(store, { name, url: text, path: null }, shell.actor());
  shell.terminal.document({ remote: name, url: text });
  shell.terminal.say(`Remote ${name} is ${printable(text)}.`);
  return EXIT.done;
}

function list(shell: Shell): ExitCode {
  const remotes = remotesOf(shell.repository('read').store);
  shell.terminal.document({ remotes });
  if (remotes.length === 0) shell.terminal.say('There are no remotes: atomic remote add names one.');
  else {
    shell.terminal.table(
      remotes.map(({ name, url, path }) => [name, printable(url), path === null ? '' : `only ${printable(path)}`]),
    );
  }
  return EXIT.done;
}

/** A token is one line. */
const INPUT_MAX = 10_000;

async function token(shell: Shell, name: string, forgets: boolean): Promise<ExitCode> {
  const { store, root } = { ...shell.repository('read'), root: shell.repository('read').root };
  const { url } = meantRemote(store, name);
  const address = parseRemoteUrl(url, root);
  if (address.kind !== 'http') throw remoteUrlWrong(url, 'Tokens are for addresses of HTTP only.');
  let text = '';
  if (!forgets) {
    for await (const chunk of shell.stdin) text = (text + String(chunk)).slice(0, INPUT_MAX);
  }
  storeToken(shell.env, address.url, forgets ? null : text);
  shell.terminal.document({ remote: name, token: forgets ? 'forgotten' : 'kept' });
  shell.terminal.say(
    forgets ? `The token of ${name} is forgotten.` : `The token of ${name} is kept for ${address.text} alone.`,
  );
  return EXIT.done;
}
