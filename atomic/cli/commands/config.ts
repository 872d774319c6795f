// atomic config: settings of the repository and of the user.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Command } from 'commander';

import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { withSetting } from '../configuration/edit-file.ts';
import { allowedText, knownSetting, typedValue, type KnownSetting } from '../configuration/known-settings.ts';
import { nearestKeys, readSettings } from '../configuration/settings.ts';
import { configurationKeyUnknown, configurationNowhere, optionsContradict, optionWrong } from '../faults.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly user?: boolean;
  readonly repository?: boolean;
  readonly unset?: boolean;
}

export function registerConfig(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'config', 'Show and change settings.');
  addCommand(group, 'list', {
    summary: 'List every setting, its value and where it comes from.',
    examples: ['atomic config list', 'atomic config list --json'],
  }).action((_options: object, command: Command) => context.run(command, list));
  addCommand(group, 'get <key>', {
    summary: 'Print one setting.',
    examples: ['atomic config get user.name', 'atomic config get merge.adjacent --json'],
  }).action((key: string, _options: object, command: Command) => context.run(command, (shell) => get(shell, key)));
  addCommand(group, 'set <key> [value]', {
    summary: 'Change one setting, or take it out with --unset.',
    description: 'Who you are, and your key, go into your own configuration; all else into that of the repository.',
    examples: ['atomic config set user.name "Ada Lovelace"', 'atomic config set merge.adjacent strict --user'],
  })
    .option('--user', 'in your own configuration')
    .option('--repository', 'in that of the repository')
    .option('--unset', 'take it out')
    .action((key: string, value: string | undefined, options: Options, command: Command) =>
      context.run(command, (shell) => set(shell, { key, value, options })),
    );
}

function list(shell: Shell): ExitCode {
  const settings = shell.settings();
  const all = settings.all();
  shell.terminal.document({
    files: settings.files,
    settings: Object.fromEntries(all.map(({ key, value, from }) => [key, { value, from }])),
  });
  shell.terminal.table(all.map(({ key, value, from }) => [key, value === null ? '-' : String(value), from]));
  return EXIT.done;
}

function required(key: string): KnownSetting {
  const setting = knownSetting(key);
  if (setting === undefined) throw configurationKeyUnknown(key, nearestKeys(key));
  return setting;
}

function get(shell: Shell, key: string): ExitCode {
  required(key);
  const found = shell
    .settings()
    .all()
    .find((each) => each.key === key);
  const value = found?.value ?? null;
  shell.terminal.document({ key, value, from: found?.from ?? 'default' });
  if (value !== null) shell.terminal.say(String(value));
  return value === null ? EXIT.negative : EXIT.done;
}

function set(
  shell: Shell,
  { key, value, options }: { readonly key: string; readonly value: string | undefined; readonly options: Options },
): ExitCode {
  const setting = required(key);
  const file = fileFor(shell, key, options);
  const wanted = options.unset === true ? null : typedValue(setting, value ?? '');
  if (wanted === undefined) throw optionWrong(key, value ?? '', allowedText(setting));
  const text = withSetting(textOf(file), key, wanted);
  // What cannot be read again is never written.
  readSettings(text, file);
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, text);
  renameSync(beside, file);
  shell.terminal.document({ key, value: wanted, file });
  shell.terminal.say(wanted === null ? `${key} is taken out of ${file}.` : `${key} is ${String(wanted)}, in ${file}.`);
  return EXIT.done;
}

const OWN = /^(?:user\.|sign\.)/;

function fileFor(shell: Shell, key: string, { user, repository }: Options): string {
  if (user === true && repository === true)
    throw optionsContradict('--user', '--repository', 'A setting is put in one file.');
  const { files } = shell.settings();
  if (repository === true && files.repository === null) throw configurationNowhere(shell.folder);
  const isOwn = user === true || (repository !== true && (OWN.test(key) || files.repository === null));
  return isOwn ? files.user : (files.repository ?? files.user);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw cause;
  }
}
