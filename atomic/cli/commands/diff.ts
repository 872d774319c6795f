// atomic diff: what is not recorded, or what a patch did, line by line.

import type { Command } from 'commander';

import type { PatchNumber } from '../../patches/facts.ts';
import { fileDeltas, type FileDelta } from '../../repository/file-deltas.ts';
import type { Repository } from '../../repository/repository.ts';
import type { View } from '../../repository/view.ts';
import type { PatchSet } from '../../store/patch-set.ts';
import { workingCopy, type Change, type FileNow } from '../../working-copy/changes.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';
import { isUnder } from '../under-path.ts';
import { deltaDocument, unifiedLines } from '../unified-diff.ts';

interface Options {
  readonly path?: readonly string[];
  readonly to?: string;
  readonly untracked?: boolean;
}

export function registerDiff(program: Command, context: CommandContext): void {
  addCommand(program, 'diff [patch]', {
    summary: 'Show what is not recorded, or what a patch did.',
    description: 'Of a patch: the files as the channel had them when it joined, before and after.',
    examples: ['atomic diff', 'atomic diff 7x3k --json'],
  })
    .option('--path <path...>', 'only of these files and folders')
    .option('--to <channel>', 'what this channel has and the current one has not')
    .option('--untracked', 'files that nobody tracks, too')
    .action((patch: string | undefined, options: Options, command: Command) =>
      context.run(command, (shell) => diff(shell, patch, options)),
    );
}

async function diff(shell: Shell, typed: string | undefined, options: Options): Promise<ExitCode> {
  const repository = shell.repository('read');
  const patch = typed === undefined ? undefined : repository.find(typed);
  const paths = options.path?.map((path) => shell.pathIn(repository, path)) ?? [''];
  const all =
    patch === undefined
      ? (otherChannel(repository, options.to) ?? ownChanges(repository, options))
      : didOf(repository, patch);
  const deltas = all.filter(({ before, after }) =>
    [before, after].some((side) => side !== null && isUnder(side.path, paths)),
  );
  shell.terminal.document({
    ...(patch === undefined ? {} : { patch: repository.store.patches.hashOf(patch) }),
    files: shell.terminal.json ? deltas.map(deltaDocument) : [],
  });
  if (!shell.terminal.json) await shell.page(linesOf(deltas, shell));
  return EXIT.done;
}

function* linesOf(deltas: readonly FileDelta[], { paint, stdout }: Shell): Generator<string> {
  const shown = stdout.isTTY === true ? printable : (text: string) => text;
  for (const delta of deltas) yield* unifiedLines(delta, { paint, shown });
}

function otherChannel(repository: Repository, to: string | undefined): readonly FileDelta[] | undefined {
  if (to === undefined) return undefined;
  return fileDeltas(repository.store, repository.view(), repository.view(requiredChannel(repository.store, to).name));
}

/** The files before and after the patch: as the channel had them when it joined, else with what it builds on alone. */
function didOf(repository: Repository, patch: PatchNumber): readonly FileDelta[] {
  const { store } = repository;
  const before = setBefore(repository, patch);
  const after = before.clone();
  after.add(patch);
  return fileDeltas(store, repository.viewOf(before), repository.viewOf(after));
}

function setBefore({ store }: Repository, patch: PatchNumber): PatchSet {
  const channel = requiredChannel(store);
  if (!channel.set.has(patch)) {
    const own = store.patches.closure([patch]);
    own.remove(patch);
    return own;
  }
  const before = channel.set.clone();
  for (const later of store.channels.log(channel.name)) {
    before.remove(later);
    if (later === patch) break;
  }
  return before;
}

export function ownChanges(
  repository: Repository,
  { untracked }: { readonly untracked?: boolean },
): readonly FileDelta[] {
  const view = repository.view();
  return workingCopy(repository, view)
    .changes.filter(({ kind }) => kind !== 'untracked' || untracked === true)
    .flatMap((change) => deltaOf(view, change));
}

export function deltaOf(view: View, change: Change): readonly FileDelta[] {
  switch (change.kind) {
    case 'added':
    case 'untracked':
      return change.now.kind === 'directory' ? [] : [{ before: null, after: sideNow(change.now) }];
    case 'deleted':
      return change.entry.kind === 'directory'
        ? []
        : [{ before: { ...change.entry, bytes: view.bytesOf(change.entry.inode) }, after: null }];
    case 'changed':
    case 'moved':
      return [{ before: { ...change.entry, bytes: view.bytesOf(change.entry.inode) }, after: sideNow(change.now) }];
  }
}

const sideNow = (now: FileNow): FileDelta['after'] => ({
  path: now.path,
  kind: now.kind,
  isExecutable: now.isExecutable,
  bytes: now.bytes(),
});
