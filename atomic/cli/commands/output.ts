// atomic output: the tree of a channel in another folder. The working copy is not touched.

import { existsSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import { listConflicts } from '../../repository/conflicts.ts';
import { writeWholeTree } from '../../working-copy/write-tree.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { folderInUse } from '../faults.ts';
import { setAt } from '../set-at.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly channel?: string;
  readonly to: string;
  readonly at?: string;
}

export function registerOutput(program: Command, context: CommandContext): void {
  addCommand(program, 'output', {
    summary: 'Write the tree of a channel into another folder.',
    description: 'The working copy is not touched. The folder must be empty, or not there yet.',
    examples: ['atomic output --to ../release', 'atomic output --at v1.2 --to /tmp/v1.2 --json'],
  })
    .requiredOption('--to <dir>', 'the folder to write into')
    .option('--channel <name>', 'another channel than the current one')
    .option('--at <tag>', 'as it was at a tag, or at an imported git commit')
    .action((options: Options, command: Command) => context.run(command, (shell) => output(shell, options)));
}

function output(shell: Shell, { channel, to, at }: Options): ExitCode {
  const repository = shell.repository('read');
  const folder = resolve(shell.folder, to);
  if (existsSync(folder) && readdirSync(folder).length > 0) throw folderInUse(folder);
  const from = setAt(repository.store, { channel, at });
  const view = repository.viewOf(from.set);
  const progress = shell.terminal.progress();
  writeWholeTree(view, folder, (done, total) => progress.update({ text: `Writing ${folder}`, done, total }));
  progress.end();
  const files = [...view.tree().entries.values()].filter(({ kind }) => kind !== 'directory').length;
  const conflicts = listConflicts(repository.store, view).length;
  shell.terminal.document({ to: folder, ...(at === undefined ? { channel: from.name } : { at }), files, conflicts });
  shell.terminal.say(`${files} ${files === 1 ? 'file is' : 'files are'} in ${folder}.`);
  if (conflicts > 0) shell.terminal.note(`${conflicts} of its places are in conflict; they have markers.`);
  return EXIT.done;
}
