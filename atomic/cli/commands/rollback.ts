// atomic rollback: the inverse of a patch, recorded as a patch.

import type { Command } from 'commander';

import { buildRollback, changesNothing } from '../../repository/roll-back.ts';
import { recordWithFiles } from '../../working-copy/record-draft-files.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { attributionFor } from '../attribute-record.ts';
import { patchNotInChannel } from '../faults.ts';
import { shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';
import { signerFor } from '../sign-record.ts';
import { headerOf } from '../record-header.ts';

interface Options {
  readonly message?: string;
  readonly author?: string;
}

export function registerRollback(program: Command, context: CommandContext): void {
  addCommand(program, 'rollback <patch>', {
    summary: 'Record the inverse of a patch.',
    description: 'Both patches stay: other channels that have the first can take the second, too. Files follow.',
    examples: ['atomic rollback 7x3k', 'atomic rollback 7x3k -m "Retries made it worse" --json'],
  })
    .option('-m, --message <text>', 'why')
    .option('--author <author>', 'who decided it: "Ada Lovelace <ada@example.org>"')
    .action((patch: string, options: Options, command: Command) =>
      context.run(command, (shell) => rollback(shell, patch, options)),
    );
}

async function rollback(shell: Shell, typed: string, options: Options): Promise<ExitCode> {
  const repository = shell.repository('write');
  const { store } = repository;
  const channel = requiredChannel(store);
  const patch = repository.find(typed);
  const row = store.patches.rowOf(patch);
  if (!channel.set.has(patch)) throw patchNotInChannel(row.hash, channel.name);
  const { author } = shell.author(options.author);
  const message = options.message ?? `Roll back: ${row.message}`;
  const view = repository.view(channel.name);
  const builder = buildRollback(store, view, patch);
  if (changesNothing(view, builder)) {
    shell.terminal.document({ patch: null, rolledBack: row.hash });
    shell.terminal.say(`Nothing was recorded: nothing of ${shortHash(row.hash)} is left in channel ${channel.name}.`);
    return EXIT.negative;
  }
  const recorded = recordWithFiles(repository, builder, {
    header: headerOf(shell, message, author),
    channel: channel.name,
    dependsOn: [patch],
    audit: { op: 'rollback', args: { patch: row.hash }, actor: shell.actor() },
    ...(await attributionFor(shell, repository, { flags: {}, message, author })),
    ...(await signerFor(shell, undefined)),
  });
  shell.terminal.document({ patch: recorded.hash, rolledBack: row.hash });
  shell.terminal.say(
    `${shell.paint('yellow', shortHash(recorded.hash))} ${printable(message)} (channel ${channel.name})`,
  );
  return EXIT.done;
}
