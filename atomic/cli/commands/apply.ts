// atomic apply: patches join a channel, and with them what they build on. What would happen is said before it is done.

import type { Command } from 'commander';

import type { PatchNumber } from '../../patches/facts.ts';
import { planApply, type ApplyPlan } from '../../repository/change-set.ts';
import { listConflicts } from '../../repository/conflicts.ts';
import type { Repository } from '../../repository/repository.ts';
import { PatchSet } from '../../store/patch-set.ts';
import { applyPatches } from '../../working-copy/change-channel.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { namedPatches } from '../named-patches.ts';
import { attributionText, counted, patchLine } from '../patch-text.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

export interface ApplyOptions {
  readonly channel?: string;
  readonly where?: string;
  readonly from?: string;
  readonly dryRun?: boolean;
  readonly withAttribution?: boolean;
  readonly skipAttribution?: boolean;
  readonly showAttribution?: boolean;
  readonly resolve?: string;
}

export function registerApply(program: Command, context: CommandContext): void {
  addCommand(program, 'apply [patch...]', {
    summary: 'Put patches into a channel, with what they build on.',
    description: 'The order does not matter: the same patches are the same channel. Files follow.',
    examples: [
      'atomic apply 7x3k',
      "atomic apply --where 'ai.model=claude-sonnet-4-5 and file=src/**' --from feature --dry-run",
    ],
  })
    .option('--where <expr>', 'every patch of the repository, or of --from, that this expression chooses')
    .option('--from <channel>', 'choose from this channel only')
    .option('--channel <name>', 'another channel than the current one')
    .option('--dry-run', 'say what would be done, and do nothing')
    .option('--with-attribution', 'keep what is known of who wrote them (it is kept anyway)')
    .option('--skip-attribution', 'leave out of this answer who wrote them')
    .option('--show-attribution', 'who, or which model, wrote each')
    .option('--resolve <strategy>', 'manual, prefer-human, prefer-ai, prefer-confidence or prefer-reviewed')
    .action((patches: readonly string[], options: ApplyOptions, command: Command) =>
      context.run(command, (shell) => apply(shell, patches, options)),
    );
}

async function apply(shell: Shell, typed: readonly string[], options: ApplyOptions): Promise<ExitCode> {
  const isDry = options.dryRun === true;
  const repository = shell.repository(isDry ? 'read' : 'write');
  const { store } = repository;
  const channel = requiredChannel(store, options.channel);
  const among = options.from === undefined ? everyPatch(repository) : requiredChannel(store, options.from).set;
  const asked = await namedPatches(shell, repository, { command: 'apply', typed, where: options.where, among });
  const plan = isDry
    ? planApply(store, channel.set, asked)
    : applyPatches(repository, asked, {
        channel: channel.name,
        op: 'apply',
        args: { patches: asked.map((patch) => store.patches.hashOf(patch)) },
        actor: shell.actor(),
      });
  return answer(shell, repository, { plan, channel: channel.name, options });
}

function everyPatch({ store }: Repository): PatchSet {
  return PatchSet.of(Array.from({ length: store.patches.count }, (_, index) => index + 1));
}

function answer(
  shell: Shell,
  repository: Repository,
  { plan, channel, options }: { readonly plan: ApplyPlan; readonly channel: string; readonly options: ApplyOptions },
): ExitCode {
  const { store } = repository;
  const isDry = options.dryRun === true;
  if (plan.kind === 'nothing') {
    shell.terminal.document({ channel, applied: [], dependencies: [], conflicts: 0 });
    shell.terminal.say(`Channel ${channel} has them all.`);
    return EXIT.done;
  }
  const needed = plan.patches.filter((patch) => !plan.asked.has(patch));
  const conflicts = isDry ? null : listConflicts(store, repository.view(channel)).length;
  shell.terminal.document({
    channel,
    applied: plan.patches.map((patch) => store.patches.hashOf(patch)),
    dependencies: needed.map((patch) => store.patches.hashOf(patch)),
    ...(conflicts === null ? { dryRun: true } : { conflicts }),
  });
  const asked = plan.patches.filter((patch) => plan.asked.has(patch));
  const done = isDry ? 'would join' : asked.length === 1 ? 'joined' : 'joined';
  shell.terminal.say(`${counted(asked.length, 'patch', 'patches')} ${done} channel ${channel}:`);
  list(shell, repository, asked, options);
  if (needed.length > 0) {
    shell.terminal.say(
      `With ${needed.length === 1 ? 'it' : 'them'} ${counted(needed.length, 'patch', 'patches')} they build on:`,
    );
    list(shell, repository, needed, options);
  }
  if (conflicts !== null && conflicts > 0) {
    shell.terminal.note(`The channel has ${counted(conflicts, 'conflict')} now: atomic status shows where.`);
  }
  return EXIT.done;
}

/** A screen of them; the rest is counted. */
const LISTED_MAX = 20;

function list(shell: Shell, { store }: Repository, patches: readonly PatchNumber[], options: ApplyOptions): void {
  for (const patch of patches.slice(0, LISTED_MAX)) {
    const labels = store.attributions.labelsOf(patch);
    const beside = options.showAttribution === true ? `  [${attributionText(labels, shell.paint)}]` : '';
    shell.terminal.say(`  ${patchLine(store, patch, shell.paint)}${beside}`);
  }
  if (patches.length > LISTED_MAX) shell.terminal.say(`  … and ${patches.length - LISTED_MAX} more`);
}
