// atomic credit: who wrote each line of a file, byte by byte.

import type { Command } from 'commander';

import { creditLines } from '../../repository/credit.ts';
import { pathUnknown } from '../../repository/faults.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { firstAuthor, shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly channel?: string;
  readonly deleted?: boolean;
}

export function registerCredit(program: Command, context: CommandContext): void {
  addCommand(program, 'credit <path>', {
    summary: 'Show who wrote each line, or each byte, of a file.',
    examples: ['atomic credit src/date.ts', 'atomic credit src/date.ts --deleted --json'],
  })
    .option('--channel <name>', 'another channel than the current one')
    .option('--deleted', 'also the lines that are gone, and who took them out')
    .action((path: string, options: Options, command: Command) =>
      context.run(command, (shell) => credit(shell, path, options)),
    );
}

async function credit(shell: Shell, typed: string, options: Options): Promise<ExitCode> {
  const repository = shell.repository('read');
  const { store } = repository;
  const channel = requiredChannel(store, options.channel);
  const view = repository.view(channel.name);
  const path = shell.pathIn(repository, typed);
  const entry = view.tree().entries.get(path);
  if (entry === undefined || entry.kind === 'directory') throw pathUnknown(typed);
  const lines = creditLines(view, entry.inode);
  shell.terminal.document({
    path,
    channel: channel.name,
    lines: lines.map(({ line, text, credits }) => ({
      line,
      text,
      credits: credits.map(({ patch, bytes }) => {
        const labels = store.attributions.labelsOf(patch);
        return {
          patch: store.patches.hashOf(patch),
          bytes,
          actor: labels?.actor ?? 'untracked',
          model: labels?.model ?? null,
        };
      }),
    })),
  });
  if (shell.terminal.json) return EXIT.done;
  const rows = lines.map(({ line, text, credits }) => {
    const [most] = credits;
    const row = most === undefined ? null : store.patches.rowOf(most.patch);
    const who = row === null ? '' : `${shortHash(row.hash)} ${firstAuthor(row).name.slice(0, 20).padEnd(20)}`;
    return `${who.padEnd(29)} ${String(line).padStart(5)}  ${printable(text)}`;
  });
  await shell.page(rows);
  return EXIT.done;
}
