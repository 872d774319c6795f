// atomic state: the root of a channel.

import type { Command } from 'commander';

import { hashFromBytes } from '../../patches/hash.ts';
import { addCommand, EXIT, type CommandContext } from '../command.ts';
import { requiredChannel } from '../required-channel.ts';

export function registerState(program: Command, context: CommandContext): void {
  addCommand(program, 'state', {
    summary: 'Print the root of a channel: equal roots are equal sets.',
    description: 'Two repositories with the same root have the same patches, the same files and the same conflicts.',
    examples: ['atomic state', 'atomic state --channel main --json'],
  })
    .option('--channel <name>', 'another channel than the current one')
    .action((options: { channel?: string }, command: Command) =>
      context.run(command, (shell) => {
        const { store } = shell.repository('read');
        const { name, root, set } = requiredChannel(store, options.channel);
        shell.terminal.document({ channel: name, root: hashFromBytes(root), patches: set.size });
        shell.terminal.say(hashFromBytes(root));
        return EXIT.done;
      }),
    );
}
