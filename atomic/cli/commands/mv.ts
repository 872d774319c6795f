// atomic mv: a file or a folder moves and stays the same one.

import type { Command } from 'commander';

import { movePath } from '../../working-copy/track.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

export function registerMv(program: Command, context: CommandContext): void {
  addCommand(program, 'mv <from> <to>', {
    summary: 'Move or rename a file or a folder.',
    description: 'A file that was moved by hand already is found at its new place.',
    examples: ['atomic mv notes.md docs/notes.md', 'atomic mv src lib --json'],
  }).action((from: string, to: string, _options: object, command: Command) =>
    context.run(command, (shell) => mv(shell, from, to)),
  );
}

function mv(shell: Shell, from: string, to: string): ExitCode {
  const repository = shell.repository('write');
  const typed = (path: string): { path: string; typed: string } => ({
    path: shell.pathIn(repository, path),
    typed: path,
  });
  const moved = movePath(repository, { from: typed(from), to: typed(to) }, shell.actor());
  shell.terminal.document({ moved });
  for (const each of moved) shell.terminal.say(`  ${printable(each.from)} → ${printable(each.to)}`);
  return EXIT.done;
}
