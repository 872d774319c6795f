// atomic status: what is not recorded, what nobody tracks, and every conflict with its place and its sides.
// Rule: conflicts are those of the channel, so every machine with the same set shows the same.

import type { Command } from 'commander';

import { hashFromBytes } from '../../patches/hash.ts';
import { listConflicts, type ListedConflict } from '../../repository/conflicts.ts';
import type { Repository } from '../../repository/repository.ts';
import type { View } from '../../repository/view.ts';
import type { PatchStore } from '../../store/store.ts';
import { workingCopy, type Change, type WorkingCopy } from '../../working-copy/changes.ts';
import { putSeen, seenInPlace } from '../../working-copy/worktree-rows.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import type { Paint } from '../paint.ts';
import { counted, patchLine, shortHash, sideDocument } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

export function registerStatus(program: Command, context: CommandContext): void {
  addCommand(program, 'status', {
    summary: 'Show what is not recorded, and every conflict.',
    description: 'Conflicts are part of the channel: every machine with the same patches shows the same ones.',
    examples: ['atomic status', 'atomic status --json'],
  }).action((_options: object, command: Command) => context.run(command, status));
}

/** Files found clean that are worth a write, so that the next look need not read them again. */
const ROWS_WORTH_WRITING = 16;

function status(shell: Shell): ExitCode {
  const repository = shell.repository('read');
  const { store } = repository;
  const channel = requiredChannel(store);
  const view = repository.view(channel.name);
  const copy = workingCopy(repository, view);
  rememberClean(repository, view, copy);
  const progress = shell.terminal.progress();
  const conflicts = listConflicts(store, view, (done, total) =>
    progress.update({ text: 'Looking for conflicts', done, total }),
  );
  progress.end();
  const changed = copy.changes.filter(({ kind }) => kind !== 'untracked');
  const untracked = copy.changes.filter(({ kind }) => kind === 'untracked').map(({ path }) => path);
  const edited = new Set(
    changed.flatMap((change) => (change.kind === 'moved' ? [change.path, change.from] : [change.path])),
  );
  shell.terminal.document({
    channel: channel.name,
    root: hashFromBytes(channel.root),
    changed: changed.map(changeDocument),
    conflicts: conflicts.map((conflict) => conflictDocument(store, conflict, edited)),
    untracked,
  });
  if (!shell.terminal.json) {
    const { paint } = shell;
    const head = `On channel ${paint('bold', channel.name)} with ${counted(channel.set.size, 'patch', 'patches')}, state ${shortHash(hashFromBytes(channel.root))}.`;
    const parts = [
      [head],
      changesText(changed, paint),
      conflictsText(store, conflicts, { edited, paint }),
      untrackedText(untracked, paint),
    ];
    shell.terminal.say(
      parts
        .filter((part) => part.length > 0)
        .map((part) => part.join('\n'))
        .join('\n\n'),
    );
    if (changed.length + untracked.length + conflicts.length === 0) {
      shell.terminal.say('Nothing is changed, and nothing is in conflict.');
    }
  }
  return EXIT.done;
}

function rememberClean(repository: Repository, view: View, copy: WorkingCopy): void {
  if (repository.store.readOnly) return;
  const newlySeen = [...copy.clean.values()].filter(({ isNewlySeen }) => isNewlySeen).length;
  if (newlySeen < ROWS_WORTH_WRITING) return;
  const { store, clock } = repository;
  store.write(null, (transaction) => putSeen(transaction, seenInPlace(view, copy, []), clock.now()));
}

export function changeDocument(change: Change): Readonly<Record<string, unknown>> {
  const { kind, path } = change;
  switch (change.kind) {
    case 'added':
    case 'untracked':
    case 'deleted':
      return { path, kind };
    case 'changed':
      return { path, kind, text: change.text, properties: change.properties };
    case 'moved':
      return { path, kind, from: change.from, text: change.text, properties: change.properties };
  }
}

function conflictDocument(
  store: PatchStore,
  { path, line, kind, sides, paths }: ListedConflict,
  edited: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const isEdited = paths.some((each) => edited.has(each));
  return {
    path,
    line,
    kind,
    sides: sides.map((side) => sideDocument(store, side)),
    ...(paths.length > 1 ? { paths } : {}),
    edited: isEdited,
  };
}

const COLOURS = { added: 'green', untracked: 'dim', deleted: 'red', changed: 'yellow', moved: 'cyan' } as const;

function changesText(changed: readonly Change[], paint: Paint): readonly string[] {
  if (changed.length === 0) return [];
  return ['Changes that are not recorded:', ...changed.map((change) => `  ${changeText(change, paint)}`)];
}

/** `moved    a.txt → b.txt (changed too)` */
export function changeText(change: Change, paint: Paint): string {
  const { kind, path } = change;
  const from = kind === 'moved' ? `${printable(change.from)} → ` : '';
  return `${paint(COLOURS[kind], kind.padEnd(8))} ${from}${printable(path)}${besideOf(change)}`;
}

function besideOf(change: Change): string {
  switch (change.kind) {
    case 'deleted':
      return change.entry.kind === 'directory' ? '/' : '';
    case 'moved':
      return change.text ? ' (changed, too)' : '';
    case 'changed': {
      if (change.text) return '';
      const { entry, now } = change;
      if (now.isExecutable === entry.isExecutable) return ` (now ${now.kind})`;
      return now.isExecutable ? ' (made executable)' : ' (not executable any more)';
    }
    case 'added':
    case 'untracked':
      return '';
  }
}

function conflictsText(
  store: PatchStore,
  conflicts: readonly ListedConflict[],
  { edited, paint }: { readonly edited: ReadonlySet<string>; readonly paint: Paint },
): readonly string[] {
  if (conflicts.length === 0) return [];
  const lines = conflicts.flatMap(({ path, line, kind, sides, paths }) => {
    const place = line === null ? printable(paths.length > 1 ? paths.join(', ') : path) : `${printable(path)}:${line}`;
    const isEdited = paths.some((each) => edited.has(each));
    const head = `  ${paint('red', place)}  ${KINDS[kind]}${isEdited ? paint('dim', ' (edited, not recorded yet)') : ''}`;
    return [
      head,
      ...sides.flatMap((side) => side.slice(0, 1)).map((patch) => `      ${patchLine(store, patch, paint)}`),
    ];
  });
  const hasNames = conflicts.some(({ kind }) => NAME_KINDS.has(kind));
  const hasTexts = conflicts.some(({ kind }) => !NAME_KINDS.has(kind));
  return [
    'Conflicts:',
    ...lines,
    ...(hasTexts ? ['Edit the files until they are as they should be, then atomic record.'] : []),
    ...(hasNames ? ['Settle names with atomic mv, atomic rm, or atomic add where it stays, then atomic record.'] : []),
  ];
}

const KINDS: Readonly<Record<ListedConflict['kind'], string>> = {
  order: 'changed by several, in ways that do not go together',
  cyclic: 'several say what comes first, and contradict each other',
  contested: 'text whose surroundings somebody else deleted',
  'multiple-names': 'has several names',
  'moved-and-deleted': 'moved by one, deleted by another',
  'deleted-but-changed': 'deleted by one, changed by another',
  'same-name': 'several files have this name',
  'cyclic-directories': 'folders that lie inside each other',
  properties: 'its properties were set differently',
};

/** What is in conflict is where a file is, or whether it is there. */
const NAME_KINDS: ReadonlySet<ListedConflict['kind']> = new Set<ListedConflict['kind']>([
  'multiple-names',
  'moved-and-deleted',
  'deleted-but-changed',
  'same-name',
  'cyclic-directories',
]);

/** More are counted, not listed. */
const UNTRACKED_MAX = 50;

function untrackedText(untracked: readonly string[], paint: Paint): readonly string[] {
  if (untracked.length === 0) return [];
  const shown = untracked.slice(0, UNTRACKED_MAX).map((path) => `  ${paint('dim', printable(path))}`);
  const rest = untracked.length - shown.length;
  return ['Not tracked (atomic add begins to):', ...shown, ...(rest > 0 ? [`  … and ${rest} more`] : [])];
}
