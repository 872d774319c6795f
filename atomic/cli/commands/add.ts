// atomic add: files begin to be tracked.

import type { Command } from 'commander';

import { trackPaths } from '../../working-copy/track.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

export function registerAdd(program: Command, context: CommandContext): void {
  addCommand(program, 'add <path...>', {
    summary: 'Begin to track files.',
    description: 'Of a folder: everything in it that is not ignored. An ignored file is tracked when it is named.',
    examples: ['atomic add .', 'atomic add src README.md --json'],
  }).action((paths: readonly string[], _options: object, command: Command) =>
    context.run(command, (shell) => add(shell, paths)),
  );
}

/** A screen of them; the rest is counted. */
const LISTED_MAX = 20;

function add(shell: Shell, typed: readonly string[]): ExitCode {
  const repository = shell.repository('write');
  const { added, known } = trackPaths(
    repository,
    typed.map((path) => ({ path: shell.pathIn(repository, path), typed: path })),
    shell.actor(),
  );
  shell.terminal.document({ added, known });
  if (added.length === 0) {
    shell.terminal.say('Nothing new is there: all of it is tracked already, or ignored.');
    return EXIT.done;
  }
  for (const path of added.slice(0, LISTED_MAX)) shell.terminal.say(`  ${shell.paint('green', printable(path))}`);
  if (added.length > LISTED_MAX) shell.terminal.say(`  … and ${added.length - LISTED_MAX} more`);
  shell.terminal.say(`${counted(added.length, 'file')} will be tracked from the next record on.`);
  return EXIT.done;
}
