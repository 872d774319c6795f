// atomic apply: patches join a channel, and with them what they build on. What would happen is said before it is done.

import type { Command } from 'commander';

import type { PatchNumber } from '../../patches/facts.ts';
import { planApply, type ApplyPlan } from '../../repository/change-set.ts';
import { listConflicts } from '../../repository/conflicts.ts';
import type { Repository } from '../../repository/repository.ts';
import { STRATEGIES } from '../../attribution/resolve-by-attribution.ts';
import { awaitedAttributions } from '../../remotes/awaited-attributions.ts';
import { PatchSet } from '../../store/patch-set.ts';
import type { PatchStore } from '../../store/store.ts';
import { applyPatches } from '../../working-copy/change-channel.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { sendsAttribution } from '../exchange.ts';
import { attributionNotHere, attributionStays } from '../faults.ts';
import { namedPatches } from '../named-patches.ts';
import { knownOf, knownText } from '../known-attribution.ts';
import { oneOf } from '../option-values.ts';
import { counted, patchLine, shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { RecordedResolution } from '../resolve-by-rule.ts';
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
    .option('--with-attribution', 'only if who or which model wrote each of them is here too')
    .option('--skip-attribution', 'refused: only pull and clone can leave out who wrote them')
    .option('--show-attribution', 'who, or which model, wrote each')
    .option(
      '--resolve <strategy>',
      'settle conflicts by a rule: manual, prefer-human, prefer-ai, prefer-confidence, prefer-reviewed',
    )
    .action((patches: readonly string[], options: ApplyOptions, command: Command) =>
      context.run(command, (shell) => apply(shell, patches, options)),
    );
}

async function apply(shell: Shell, typed: readonly string[], options: ApplyOptions): Promise<ExitCode> {
  const isWith = sendsAttribution(options, false);
  if (options.skipAttribution === true) throw attributionStays();
  const isDry = options.dryRun === true;
  const repository = shell.repository(isDry ? 'read' : 'write');
  const { store } = repository;
  const strategy = options.resolve === undefined ? 'manual' : oneOf('--resolve', options.resolve, STRATEGIES);
  const channel = requiredChannel(store, options.channel);
  const among = options.from === undefined ? everyPatch(repository) : requiredChannel(store, options.from).set;
  const isOnlyResolving = strategy !== 'manual' && typed.length === 0 && options.where === undefined;
  const asked = isOnlyResolving
    ? []
    : await namedPatches(shell, repository, { command: 'apply', typed, where: options.where, among });
  if (isWith) checkAttributed(store, planApply(store, channel.set, asked));
  const plan = isDry
    ? planApply(store, channel.set, asked)
    : applyPatches(repository, asked, {
        channel: channel.name,
        op: 'apply',
        args: { patches: asked.map((patch) => store.patches.hashOf(patch)) },
        actor: shell.actor(),
      });
  const resolution =
    strategy === 'manual' || isDry
      ? null
      : await (
          await import('../resolve-by-rule.ts')
        ).resolveByRule(shell, repository, { channel: channel.name, strategy });
  return answer(shell, repository, { plan, channel: channel.name, options, resolution });
}

/** Throws ATOMIC_ATTRIBUTION_NOT_HERE; nothing has happened then. */
function checkAttributed(store: PatchStore, plan: ApplyPlan): void {
  if (plan.kind === 'nothing') return;
  const awaited = new Set(awaitedAttributions(store));
  const without = plan.patches.map((patch) => store.patches.hashOf(patch)).filter((hash) => awaited.has(hash));
  if (without.length > 0) throw attributionNotHere(without.map(shortHash));
}

function everyPatch({ store }: Repository): PatchSet {
  return PatchSet.of(Array.from({ length: store.patches.count }, (_, index) => index + 1));
}

interface Applied {
  readonly plan: ApplyPlan;
  readonly channel: string;
  readonly options: ApplyOptions;
  readonly resolution: RecordedResolution | null;
}

function answer(shell: Shell, repository: Repository, { plan, channel, options, resolution }: Applied): ExitCode {
  const { store } = repository;
  const isDry = options.dryRun === true;
  const patches = plan.kind === 'nothing' ? [] : plan.patches;
  const isAsked = (patch: PatchNumber): boolean => plan.kind !== 'nothing' && plan.asked.has(patch);
  const needed = patches.filter((patch) => !isAsked(patch));
  const conflicts = isDry ? null : listConflicts(store, repository.view(channel)).length;
  shell.terminal.document({
    channel,
    applied: patches.map((patch) => store.patches.hashOf(patch)),
    dependencies: needed.map((patch) => store.patches.hashOf(patch)),
    ...(conflicts === null ? { dryRun: true } : { conflicts }),
    ...(options.showAttribution === true ? { attributions: attributionsOf(store, patches) } : {}),
    ...(resolution === null ? {} : { resolution: resolutionDocument(store, resolution) }),
  });
  if (patches.length === 0 && resolution === null) shell.terminal.say(`Channel ${channel} has them all.`);
  if (patches.length > 0)
    sayApplied(shell, repository, { asked: patches.filter(isAsked), needed }, { channel, options });
  if (resolution !== null) sayResolution(shell, resolution);
  if (conflicts !== null && conflicts > 0) {
    shell.terminal.note(`The channel has ${counted(conflicts, 'conflict')} now: atomic status shows where.`);
  }
  return EXIT.done;
}

const attributionsOf = (store: PatchStore, patches: readonly PatchNumber[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(patches.map((patch) => [store.patches.hashOf(patch), knownOf(store, patch)]));

function resolutionDocument(
  store: PatchStore,
  { patch, settled, left }: RecordedResolution,
): Readonly<Record<string, unknown>> {
  const hashes = (numbers: readonly PatchNumber[]): readonly string[] =>
    numbers.map((each) => store.patches.hashOf(each));
  return {
    patch: patch?.hash ?? null,
    settled: settled.map(({ path, line, kept, dropped }) => ({
      path,
      line,
      kept: hashes(kept),
      dropped: hashes(dropped),
    })),
    left,
  };
}

function sayApplied(
  shell: Shell,
  repository: Repository,
  { asked, needed }: { readonly asked: readonly PatchNumber[]; readonly needed: readonly PatchNumber[] },
  { channel, options }: { readonly channel: string; readonly options: ApplyOptions },
): void {
  const done = options.dryRun === true ? 'would join' : 'joined';
  if (asked.length > 0) {
    shell.terminal.say(`${counted(asked.length, 'patch', 'patches')} ${done} channel ${channel}:`);
    list(shell, repository, asked, options);
  }
  if (needed.length === 0) return;
  const them = asked.length === 1 ? 'it builds' : 'they build';
  shell.terminal.say(`And ${counted(needed.length, 'patch', 'patches')} that ${them} on:`);
  list(shell, repository, needed, options);
}

function sayResolution(shell: Shell, { patch, settled, left }: RecordedResolution): void {
  if (patch !== null) {
    const hash = shell.paint('yellow', shortHash(patch.hash));
    shell.terminal.say(`${hash} ${printable(patch.header.message)} (${counted(settled.length, 'conflict')} settled)`);
  }
  for (const { path, line, why } of left)
    shell.terminal.say(`  ${printable(path)}:${line} is left to a person. ${why}`);
}

/** A screen of them; the rest is counted. */
const LISTED_MAX = 20;

function list(shell: Shell, { store }: Repository, patches: readonly PatchNumber[], options: ApplyOptions): void {
  for (const patch of patches.slice(0, LISTED_MAX)) {
    const beside = options.showAttribution === true ? `  [${knownText(store, patch, shell.paint)}]` : '';
    shell.terminal.say(`  ${patchLine(store, patch, shell.paint)}${beside}`);
  }
  if (patches.length > LISTED_MAX) shell.terminal.say(`  … and ${patches.length - LISTED_MAX} more`);
}
