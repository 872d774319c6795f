// atomic unrecord: patches leave a channel; what they did leaves with them, and everything else stays.

import type { Command } from 'commander';

import { unrecordPatches } from '../../working-copy/change-channel.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { counted, patchesText, patchLine } from '../patch-text.ts';
import { namedPatches } from '../named-patches.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';
import { planUnrecord } from '../../repository/change-set.ts';

interface Options {
  readonly channel?: string;
  readonly where?: string;
  readonly withDependents?: boolean;
  readonly dryRun?: boolean;
}

export function registerUnrecord(program: Command, context: CommandContext): void {
  addCommand(program, 'unrecord [patch...]', {
    summary: 'Take patches out of a channel.',
    description: 'They stay in the repository: atomic apply, or atomic undo, brings them back.',
    examples: ['atomic unrecord 7x3k', "atomic unrecord --where 'ai.model=gpt-4o and file=src/**' --with-dependents"],
  })
    .option('--where <expr>', 'every patch that this expression chooses')
    .option('--with-dependents', 'also what builds on them')
    .option('--channel <name>', 'another channel than the current one')
    .option('--dry-run', 'say what would be done, and do nothing')
    .action((patches: readonly string[], options: Options, command: Command) =>
      context.run(command, (shell) => unrecord(shell, patches, options)),
    );
}

async function unrecord(shell: Shell, typed: readonly string[], options: Options): Promise<ExitCode> {
  const repository = shell.repository(options.dryRun === true ? 'read' : 'write');
  const { store } = repository;
  const channel = requiredChannel(store, options.channel);
  const asked = await namedPatches(shell, repository, {
    command: 'unrecord',
    typed,
    where: options.where,
    among: channel.set,
  });
  const withDependents = options.withDependents === true;
  const plan =
    options.dryRun === true
      ? planUnrecord(store, channel.set, asked, withDependents)
      : unrecordPatches(repository, asked, {
          channel: channel.name,
          op: 'unrecord',
          args: { patches: asked.map((patch) => store.patches.hashOf(patch)) },
          actor: shell.actor(),
          withDependents,
        });
  const hashes = (numbers: readonly number[]): readonly string[] => numbers.map((each) => store.patches.hashOf(each));
  switch (plan.kind) {
    case 'nothing':
      shell.terminal.document({ channel: channel.name, unrecorded: [], dependents: [] });
      shell.terminal.say(`None of them is in channel ${channel.name}.`);
      return EXIT.negative;
    case 'has-dependents': {
      shell.terminal.document({ channel: channel.name, unrecorded: [], dependents: hashes(plan.dependents) });
      const lines = plan.dependents.slice(0, LISTED_MAX).map((patch) => `  ${patchLine(store, patch, shell.paint)}`);
      shell.terminal.say(
        `Nothing was unrecorded: ${counted(plan.dependents.length, 'patch builds', 'patches build')} on what you named.`,
      );
      shell.terminal.say(lines.join('\n'));
      if (plan.dependents.length > LISTED_MAX)
        shell.terminal.say(`  … and ${plan.dependents.length - LISTED_MAX} more`);
      shell.terminal.say('Take them out as well with --with-dependents, or leave both.');
      return EXIT.negative;
    }
    case 'unrecord': {
      const also = plan.patches.filter((patch) => !plan.asked.has(patch));
      shell.terminal.document({
        channel: channel.name,
        unrecorded: hashes(plan.patches),
        dependents: hashes(also),
        ...(options.dryRun === true ? { dryRun: true } : {}),
      });
      const done = options.dryRun === true ? 'would be taken' : plan.patches.length === 1 ? 'was taken' : 'were taken';
      shell.terminal.say(
        `${counted(plan.patches.length, 'patch', 'patches')} ${done} out of ${channel.name}: ${patchesText(store, plan.patches)}.`,
      );
      if (also.length > 0) shell.terminal.say(`Of these, ${also.length} only because they build on the others.`);
      return EXIT.done;
    }
  }
}

/** A screen of them; the rest is counted. */
const LISTED_MAX = 20;
