// atomic undo: the last command is taken back, or the one of a line of the audit log.

import type { Command } from 'commander';

import { lineToUndo, undoLine } from '../../working-copy/undo.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { wholeNumber } from '../option-values.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly dryRun?: boolean;
}

export function registerUndo(program: Command, context: CommandContext): void {
  addCommand(program, 'undo [line]', {
    summary: 'Take the last command back; files follow.',
    description:
      'With the number of a line of atomic audit: that one. After undoing a record, what it recorded is a change again. ' +
      'Undoing is a line, too: atomic undo with its number does the command again.',
    examples: ['atomic undo', 'atomic undo 12 --dry-run'],
  })
    .option('--dry-run', 'say what would be undone, and do nothing')
    .action((line: string | undefined, options: Options, command: Command) =>
      context.run(command, (shell) => undo(shell, line, options)),
    );
}

function undo(shell: Shell, typed: string | undefined, { dryRun }: Options): ExitCode {
  const repository = shell.repository(dryRun === true ? 'read' : 'write');
  const line = lineToUndo(repository, typed === undefined ? undefined : wholeNumber('LINE', typed));
  if (dryRun !== true) undoLine(repository, line, shell.actor());
  const { n, op, args, actor } = line;
  shell.terminal.document({ undone: { line: n, op, args, actor }, ...(dryRun === true ? { dryRun: true } : {}) });
  shell.terminal.say(`${dryRun === true ? 'Would take back' : 'Taken back'}: ${op} (line ${n}, by ${actor}).`);
  return EXIT.done;
}
