// atomic init: a repository begins.

import { resolve } from 'node:path';

import type { Command } from 'commander';

import { initRepository } from '../../repository/repository.ts';
import { addCommand, EXIT, type CommandContext } from '../command.ts';

export function registerInit(program: Command, context: CommandContext): void {
  addCommand(program, 'init [dir]', {
    summary: 'Begin a repository in a folder.',
    description: 'Files that are there already stay as they are; atomic add begins to track them.',
    examples: ['atomic init', 'atomic init my-project --json'],
  }).action((dir: string | undefined, _options: object, command: Command) =>
    context.run(command, (shell) => {
      const repository = initRepository(resolve(shell.folder, dir ?? '.'), { clock: shell.clock });
      try {
        const { root, store } = repository;
        const channel = store.channels.current();
        shell.terminal.document({ repository: root, channel });
        shell.terminal.say(`An empty repository is in ${root}, on channel ${channel}.`);
        shell.terminal.note('Track files with atomic add, then make a patch of them with atomic record.');
        return EXIT.done;
      } finally {
        repository.close();
      }
    }),
  );
}
