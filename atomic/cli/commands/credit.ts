// atomic credit: who wrote each line of a file, byte by byte.

import type { Command } from 'commander';

import { creditedLines, creditedText } from '../../describe/credited-text.ts';
import { Credits } from '../../describe/credits.ts';
import type { Range } from '../../patches/facts.ts';
import type { InodeNumber } from '../../patches/file-tree.ts';
import { Origins } from '../../repository/credit.ts';
import { pathUnknown } from '../../repository/faults.ts';
import type { View } from '../../repository/view.ts';
import type { PatchStore } from '../../store/store.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { ACTOR_COLOURS } from '../paint.ts';
import { authorName, firstAuthor, patchLine, shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { setAt } from '../set-at.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly channel?: string;
  readonly at?: string;
  readonly deleted?: boolean;
}

export function registerCredit(program: Command, context: CommandContext): void {
  addCommand(program, 'credit <path>', {
    summary: 'Show who wrote each line, or each byte, of a file.',
    description: 'A line belongs to whoever wrote most of it; with --json every hand is listed with its bytes.',
    examples: ['atomic credit src/date.ts', 'atomic credit src/date.ts --deleted --json'],
  })
    .option('--channel <name>', 'another channel than the current one')
    .option('--at <tag>', 'as it was at a tag')
    .option('--deleted', 'also the lines that are gone, and who took them out')
    .action((path: string, options: Options, command: Command) =>
      context.run(command, (shell) => credit(shell, path, options)),
    );
}

async function credit(shell: Shell, typed: string, options: Options): Promise<ExitCode> {
  const repository = shell.repository('read');
  const { store } = repository;
  const { name, set } = setAt(store, options);
  const view = options.at === undefined ? repository.view(name) : repository.viewOf(set);
  const path = shell.pathIn(repository, typed);
  const entry = view.tree().entries.get(path);
  if (entry === undefined || entry.kind === 'directory') throw pathUnknown(typed);
  const credited = creditOf(store, view, entry.inode);
  const deleted = options.deleted === true ? deletedOf(store, view, entry.inode) : null;
  shell.terminal.document({
    path,
    channel: name,
    lines: shell.terminal.json ? credited.map(lineDocument) : [],
    ...(deleted === null ? {} : { deleted: deleted.map((line) => deletedDocument(store, line)) }),
  });
  if (!shell.terminal.json) await shell.page(linesOf(shell, store, credited, deleted));
  return EXIT.done;
}

interface HandCredit {
  readonly patch: string;
  readonly number: number;
  readonly bytes: number;
  readonly actor: keyof typeof ACTOR_COLOURS;
  /** `provider/model`. */
  readonly model: string | null;
}

interface CreditedFileLine {
  readonly line: number;
  readonly text: string;
  readonly actor: keyof typeof ACTOR_COLOURS;
  readonly credits: readonly HandCredit[];
}

function creditOf(store: PatchStore, view: View, inode: InodeNumber): readonly CreditedFileLine[] {
  const credits = new Credits(store);
  const text = creditedText(view, inode, credits);
  const { bytes, starts } = text;
  return creditedLines(text, credits).map(({ actor, credits: own }, index) => {
    const end = starts[index + 1] ?? bytes.length;
    const isEnded = bytes[end - 1] === 10;
    return {
      line: index + 1,
      text: bytes.toString('utf8', starts[index], isEnded ? end - 1 : end),
      actor,
      credits: own.map(({ credit, bytes: count }) => handOf(store, credits, credit, count)),
    };
  });
}

function handOf(store: PatchStore, credits: Credits, credit: number, bytes: number): HandCredit {
  const number = credits.patchOf(credit);
  return { patch: store.patches.hashOf(number), number, bytes, ...credits.handOf(credit) };
}

const lineDocument = ({ line, text, actor, credits }: CreditedFileLine): Readonly<Record<string, unknown>> => ({
  line,
  text,
  actor,
  credits: credits.map(handDocument),
});

function handDocument({ patch, bytes, actor, model }: HandCredit): Readonly<Record<string, unknown>> {
  const slash = model?.indexOf('/') ?? -1;
  const provider = model === null || slash === -1 ? null : model.slice(0, slash);
  return { patch, bytes, actor, model: model === null ? null : model.slice(slash + 1), provider };
}

interface DeletedLine {
  readonly text: string;
  readonly credits: readonly HandCredit[];
  readonly deletedBy: readonly number[];
}

/** Lines that are gone, by the patch that wrote them and in its order. */
function deletedOf(store: PatchStore, view: View, inode: InodeNumber): readonly DeletedLine[] {
  const text = view.text(inode);
  const origins = new Origins(text);
  const credits = new Credits(store);
  return text.file.deadRuns().flatMap(({ range, deletedBy }) =>
    linesIn(store, range).map((line) => ({
      text: textOf(store, line),
      credits: origins
        .of(line)
        .flatMap((each) => credits.cut(each))
        .map(({ start, end, credit: by }) => handOf(store, credits, by, end - start)),
      deletedBy,
    })),
  );
}

function linesIn(store: PatchStore, { patch, start, end }: Range): readonly Range[] {
  const contents = store.patches.contentsOf(patch);
  const lines: Range[] = [];
  for (let at = start; at < end;) {
    const found = contents.indexOf(10, at);
    const next = found === -1 || found >= end ? end : found + 1;
    lines.push({ patch, start: at, end: next });
    at = next;
  }
  return lines;
}

const textOf = (store: PatchStore, { patch, start, end }: Range): string =>
  Buffer.from(store.patches.contentsOf(patch).subarray(start, end)).toString('utf8').replace(/\n$/, '');

const deletedDocument = (
  store: PatchStore,
  { text, credits, deletedBy }: DeletedLine,
): Readonly<Record<string, unknown>> => ({
  text,
  credits: credits.map(handDocument),
  deletedBy: deletedBy.map((patch) => {
    const row = store.patches.rowOf(patch);
    return { patch: row.hash, author: authorName(firstAuthor(row)), title: row.message };
  }),
});

const WHO_LENGTH = 24;

function* linesOf(
  shell: Shell,
  store: PatchStore,
  lines: readonly CreditedFileLine[],
  deleted: readonly DeletedLine[] | null,
): Generator<string> {
  const digits = String(lines.length).length;
  for (const { line, text, actor, credits } of lines) {
    const [most] = credits;
    const others = credits.length > 1 ? `+${credits.length - 1}` : '';
    const who = most === undefined ? ''.padEnd(WHO_LENGTH) : whoText(store, most);
    const hash = most === undefined ? ''.padEnd(8) : shortHash(most.patch);
    const head = `${shell.paint('yellow', hash)} ${shell.paint(ACTOR_COLOURS[actor], who)} ${others.padEnd(2)}`;
    yield `${head} ${String(line).padStart(digits)}  ${printable(text)}`;
  }
  if (deleted === null) return;
  yield '';
  yield deleted.length === 0 ? 'Nothing of this file was ever deleted.' : 'Deleted:';
  for (const { text, credits, deletedBy } of deleted) {
    const [most] = credits;
    if (most === undefined) continue;
    const by = deletedBy.map((patch) => patchLine(store, patch, shell.paint)).join('; ');
    yield `${shell.paint('yellow', shortHash(most.patch))} ${whoText(store, most)}  ${shell.paint('red', `- ${printable(text)}`)}  (by ${by})`;
  }
}

/** An AI by its model, a person by their name. */
function whoText(store: PatchStore, { number, actor, model }: HandCredit): string {
  const isAi = actor === 'ai' || actor === 'mixed';
  const name = isAi && model !== null ? model : firstAuthor(store.patches.rowOf(number)).name;
  return printable(name).slice(0, WHO_LENGTH).padEnd(WHO_LENGTH);
}
