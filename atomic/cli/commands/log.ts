// atomic log: the patches of a channel, latest first.
// Rule: `--ai-only` is AI and mixed; `--human-only` is known human, and how many are untracked is said on standard error.

import type { Command } from 'commander';

import { toIso } from 'kernel/basics';

import type { PatchNumber } from '../../patches/facts.ts';
import { decodePatch } from '../../patches/encode-patch.ts';
import { PathsOfFiles } from '../../repository/select-patches.ts';
import type { Repository } from '../../repository/repository.ts';
import type { Channel, PatchStore } from '../../store/store.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { optionsContradict } from '../faults.ts';
import { wholeNumber } from '../option-values.ts';
import { knownOf, knownText } from '../known-attribution.ts';
import { authorName, counted, firstAuthor, timeText } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly channel?: string;
  readonly limit?: string;
  readonly attribution?: boolean;
  readonly aiOnly?: boolean;
  readonly humanOnly?: boolean;
  readonly without?: string;
  readonly where?: string;
  readonly short?: boolean;
}

export function registerLog(program: Command, context: CommandContext): void {
  addCommand(program, 'log [path...]', {
    summary: 'List the patches of a channel, latest first.',
    description: 'With paths: those that say something of these files.',
    examples: ['atomic log --attribution --limit 20', "atomic log --without 'ai.model=gpt-4o' --json"],
  })
    .option('--channel <name>', 'another channel than the current one')
    .option('-n, --limit <count>', 'how many at most')
    .option('--attribution', 'who, or which model, wrote each')
    .option('--ai-only', 'only those in which an AI took part')
    .option('--human-only', 'only those that are known to be by people')
    .option('--where <expr>', 'only those that this expression chooses')
    .option('--without <expr>', 'the channel as it would be without these, and without what builds on them')
    .option('--short', 'one line for each')
    .action((paths: readonly string[], options: Options, command: Command) =>
      context.run(command, (shell) => log(shell, paths, options)),
    );
}

async function log(shell: Shell, typed: readonly string[], options: Options): Promise<ExitCode> {
  if (options.aiOnly === true && options.humanOnly === true) {
    throw optionsContradict('--ai-only', '--human-only', 'No patch is both.');
  }
  const repository = shell.repository('read');
  const { store } = repository;
  const channel = requiredChannel(store, options.channel);
  const limit = options.limit === undefined ? Infinity : wholeNumber('--limit', options.limit);
  const filters = await filtersOf(shell, repository, { channel, typed, options });
  const state = { untracked: 0 };
  const chosen = take(matching(store, channel, { filters, options, state }), limit);
  if (shell.terminal.json) {
    const patches = [...chosen].map((patch) => patchDocument(store, patch));
    shell.terminal.document({ channel: channel.name, patches });
  } else {
    const isBeside = options.attribution === true || options.aiOnly === true || options.humanOnly === true;
    await shell.page(linesOf(shell, store, chosen, { isBeside, isShort: options.short === true }));
  }
  if (options.humanOnly === true) {
    const said = state.untracked === 1 ? '1 patch is' : `${state.untracked} patches are`;
    shell.terminal.note(`${said} untracked: nobody knows who wrote ${state.untracked === 1 ? 'it' : 'them'}.`);
  }
  return EXIT.done;
}

type Filter = (patch: PatchNumber) => boolean;

async function filtersOf(
  shell: Shell,
  repository: Repository,
  {
    channel,
    typed,
    options,
  }: { readonly channel: Channel; readonly typed: readonly string[]; readonly options: Options },
): Promise<readonly Filter[]> {
  const { store } = repository;
  const filters: Filter[] = [];
  if (typed.length > 0) {
    const paths = typed.map((path) => shell.pathIn(repository, path));
    const files = new PathsOfFiles(store, repository.view(channel.name));
    const isUnder = (path: string): boolean =>
      paths.some((each) => each === '' || each === path || path.startsWith(`${each}/`));
    filters.push((patch) => files.touchedBy(patch).some(isUnder));
  }
  for (const [expression, isWithout] of [
    [options.where, false],
    [options.without, true],
  ] as const) {
    if (expression === undefined) continue;
    const { chosenPatches } = await import('../where.ts');
    const named = chosenPatches(shell, repository, { expression, among: channel.set });
    const chosen = isWithout ? store.patches.dependents(named, channel.set) : new Set(named);
    if (isWithout && chosen.size > named.length) {
      const also = chosen.size - named.length;
      shell.terminal.note(`${counted(also, 'patch is', 'patches are')} left out only because of building on these.`);
    }
    filters.push((patch) => chosen.has(patch) !== isWithout);
  }
  return filters;
}

function* matching(
  store: PatchStore,
  channel: Channel,
  {
    filters,
    options,
    state,
  }: { readonly filters: readonly Filter[]; readonly options: Options; readonly state: { untracked: number } },
): Generator<PatchNumber> {
  for (const patch of store.channels.log(channel.name)) {
    if (!filters.every((filter) => filter(patch))) continue;
    if (options.aiOnly === true || options.humanOnly === true) {
      const actor = store.attributions.labelsOf(patch)?.actor ?? 'untracked';
      if (actor === 'untracked') state.untracked += 1;
      const isAi = actor === 'ai' || actor === 'mixed';
      if (options.aiOnly === true ? !isAi : actor !== 'human') continue;
    }
    yield patch;
  }
}

function* take<Item>(items: Iterable<Item>, limit: number): Generator<Item> {
  let left = limit;
  if (left === 0) return;
  for (const item of items) {
    yield item;
    left -= 1;
    if (left === 0) return;
  }
}

/** One patch of `atomic log --json`. */
function patchDocument(store: PatchStore, patch: PatchNumber): Readonly<Record<string, unknown>> {
  const row = store.patches.rowOf(patch);
  const description = descriptionOf(store, patch);
  return {
    hash: row.hash,
    message: row.message,
    ...(description === '' ? {} : { description }),
    author: authorName(firstAuthor(row)),
    authors: row.authors,
    timestamp: toIso(row.at),
    dependencies: row.dependencies.map((dependency) => store.patches.hashOf(dependency)),
    attribution: knownOf(store, patch),
  };
}

const descriptionOf = (store: PatchStore, patch: PatchNumber): string =>
  decodePatch(store.patches.hashedOf(patch)).header.description;

function* linesOf(
  shell: Shell,
  store: PatchStore,
  patches: Iterable<PatchNumber>,
  { isBeside, isShort }: { readonly isBeside: boolean; readonly isShort: boolean },
): Generator<string> {
  const { paint } = shell;
  let isFirst = true;
  for (const patch of patches) {
    const row = store.patches.rowOf(patch);
    const author = printable(authorName(firstAuthor(row)));
    if (isShort) {
      const beside = isBeside ? `  [${knownText(store, patch, paint)}]` : '';
      yield `${paint('yellow', row.hash.slice(0, 8))} ${printable(row.message)}${beside}`;
      continue;
    }
    if (!isFirst) yield '';
    isFirst = false;
    yield paint('yellow', `patch ${row.hash}`);
    yield `Author: ${author}`;
    yield `Date:   ${timeText(row)}`;
    if (isBeside) yield `By:     ${knownText(store, patch, paint)}`;
    yield '';
    yield `    ${printable(row.message)}`;
    const description = descriptionOf(store, patch);
    if (description !== '') {
      yield '';
      for (const line of printable(description).split('\n')) yield `    ${line}`.trimEnd();
    }
  }
}
