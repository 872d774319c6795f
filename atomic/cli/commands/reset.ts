// atomic reset: files as the channel has them. It asks first, and can be undone.

import type { Command } from 'commander';

import { newId } from 'kernel/basics';

import { changesWouldBeLost } from '../../repository/faults.ts';
import { planReset, resetFiles } from '../../working-copy/reset-files.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted } from '../patch-text.ts';
import type { Shell } from '../shell.ts';
import { isUnder } from '../under-path.ts';
import { changeDocument, changeText } from './status.ts';

interface Options {
  readonly force?: boolean;
}

export function registerReset(program: Command, context: CommandContext): void {
  addCommand(program, 'reset [path...]', {
    summary: 'Put files back as the channel has them.',
    description:
      'Changes that are not recorded are lost; atomic undo brings them back. Untracked files are left alone.',
    examples: ['atomic reset src/date.ts', 'atomic reset --force --json'],
  })
    .option('-f, --force', 'without asking')
    .action((paths: readonly string[], options: Options, command: Command) =>
      context.run(command, (shell) => reset(shell, paths, options)),
    );
}

async function reset(shell: Shell, typed: readonly string[], { force }: Options): Promise<ExitCode> {
  const repository = shell.repository('write');
  const paths = typed.length === 0 ? [''] : typed.map((path) => shell.pathIn(repository, path));
  const plan = planReset(repository, (path) => isUnder(path, paths));
  if (plan.changes.length === 0) {
    shell.terminal.document({ reset: [] });
    shell.terminal.say('There is nothing to put back: the files are as the channel has them.');
    return EXIT.done;
  }
  if (force !== true) {
    if (!shell.isInteractive) throw changesWouldBeLost(plan.changes.map(({ path }) => path));
    for (const change of plan.changes) shell.terminal.say(`  ${changeText(change, shell.paint)}`);
    const answer = await shell.terminal.choose(
      `Put ${plan.changes.length === 1 ? 'it' : 'them'} back as the channel has ${plan.changes.length === 1 ? 'it' : 'them'}?`,
      [
        { key: 'keep', text: 'Keep my changes' },
        { key: 'reset', text: 'Put back; atomic undo brings my changes again' },
      ],
      'keep',
    );
    if (answer !== 'reset') return EXIT.negative;
  }
  const copy = newId<string>();
  resetFiles(repository, plan, copy, {
    op: 'reset',
    args: { paths: plan.changes.map(({ path }) => path), copy },
    actor: shell.actor(),
  });
  shell.terminal.document({ reset: plan.changes.map(changeDocument) });
  shell.terminal.say(`${counted(plan.changes.length, 'file')} put back. atomic undo brings your changes again.`);
  return EXIT.done;
}
