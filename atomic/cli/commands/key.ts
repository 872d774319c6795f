// atomic key: the key you sign with, and the keys you trust.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { publicKeyText } from '../../attribution/signatures.ts';
import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { DEFAULT_KEY, generateKey, ownKeys, requiredSigningKey, trustedKeys, trustKey } from '../keys.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

export function registerKey(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'key', 'Make a key to sign with, and trust those of others.');
  addCommand(group, 'generate', {
    summary: 'Make a key. It stays in your own configuration, readable by you alone.',
    examples: ['atomic key generate', 'atomic key generate --name work --json'],
  })
    .option('--name <name>', 'what it is called', DEFAULT_KEY)
    .action((options: { name: string }, command: Command) =>
      context.run(command, (shell) => generate(shell, options.name)),
    );
  addCommand(group, 'list', {
    summary: 'List your own keys and those you trust.',
    examples: ['atomic key list', 'atomic key list --json'],
  }).action((_options: object, command: Command) => context.run(command, list));
  addCommand(group, 'export', {
    summary: 'Print the public key, for others to trust.',
    examples: ['atomic key export > ada.pub', 'atomic key export --json'],
  }).action((_options: object, command: Command) => context.run(command, exportKey));
  addCommand(group, 'trust <key>', {
    summary: 'Trust a public key: a line as atomic key export prints it, or a file with one.',
    examples: ['atomic key trust ada.pub --name Ada', 'atomic key trust "atomic-ed25519 AAAA…" --name Ada'],
  })
    .option('--name <name>', 'whose it is', '')
    .action((key: string, options: { name: string }, command: Command) =>
      context.run(command, (shell) => trust(shell, key, options.name)),
    );
}

function generate(shell: Shell, name: string): ExitCode {
  const { key, file } = generateKey(shell.env, name);
  shell.terminal.document({ key: key.id, name, file, publicKey: publicKeyText(key) });
  shell.terminal.say(publicKeyText(key));
  shell.terminal.note(`The secret key is in ${file}. Sign every patch with: atomic config set sign.patches true`);
  return EXIT.done;
}

function list(shell: Shell): ExitCode {
  const own = ownKeys(shell.env);
  const ownIds = new Set(own.map(({ key }) => key.id));
  const others = trustedKeys(shell.env).filter(({ key }) => !ownIds.has(key.id));
  shell.terminal.document({
    own: own.map(({ name, key }) => ({ name, key: key.id, publicKey: publicKeyText(key) })),
    trusted: others.map(({ name, key }) => ({ name, key: key.id, publicKey: publicKeyText(key) })),
  });
  if (own.length + others.length === 0) {
    shell.terminal.say('There is no key yet: atomic key generate makes one.');
    return EXIT.done;
  }
  shell.terminal.table([
    ...own.map(({ name, key }) => ['own', key.id, name]),
    ...others.map(({ name, key }) => ['trusted', key.id, printable(name)]),
  ]);
  return EXIT.done;
}

function exportKey(shell: Shell): ExitCode {
  const { key } = requiredSigningKey(shell);
  shell.terminal.document({ key: key.id, publicKey: publicKeyText(key) });
  shell.terminal.say(publicKeyText(key));
  return EXIT.done;
}

/** A public key is one line. */
const FILE_LENGTH_MAX = 4096;

function trust(shell: Shell, typed: string, name: string): ExitCode {
  const text = typed.startsWith('atomic-ed25519') ? typed : fileText(resolve(shell.folder, typed));
  const { id, isNew } = trustKey(shell.env, text, name);
  shell.terminal.document({ key: id, name, isNew });
  shell.terminal.say(isNew ? `Key ${id} is trusted.` : `Key ${id} was trusted already.`);
  return EXIT.done;
}

const fileText = (path: string): string => readFileSync(path, 'utf8').slice(0, FILE_LENGTH_MAX);
