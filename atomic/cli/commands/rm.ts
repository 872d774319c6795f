// atomic rm: tracked files go.

import type { Command } from 'commander';

import { removePaths } from '../../working-copy/track.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted } from '../patch-text.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly force?: boolean;
  readonly keep?: boolean;
}

export function registerRm(program: Command, context: CommandContext): void {
  addCommand(program, 'rm <path...>', {
    summary: 'Delete tracked files; the next record says so.',
    examples: ['atomic rm old.ts', 'atomic rm --keep secrets.env'],
  })
    .option('-f, --force', 'also files with changes that are not recorded')
    .option('--keep', 'stop tracking them, and leave them on the disk')
    .action((paths: readonly string[], options: Options, command: Command) =>
      context.run(command, (shell) => rm(shell, paths, options)),
    );
}

function rm(shell: Shell, typed: readonly string[], { force, keep }: Options): ExitCode {
  const repository = shell.repository('write');
  const removed = removePaths(
    repository,
    typed.map((path) => ({ path: shell.pathIn(repository, path), typed: path })),
    { force: force === true, keep: keep === true, actor: shell.actor() },
  );
  shell.terminal.document({ removed, kept: keep === true });
  const done = keep === true ? 'will not be tracked any more' : 'deleted';
  shell.terminal.say(`${counted(removed.length, 'path')} ${done}; the next record says so.`);
  return EXIT.done;
}
