// Choosing, on a terminal, what is recorded: each hunk of a text is shown and asked about; what has no lines is asked about
// as a whole.
// Rule: deciding is a pure function of the answers (`Choosing`); nothing is written here. The end of the input is `q`.

import { diffLines, type Hunk } from '../patches/diff-lines.ts';
import type { FileDelta } from '../repository/file-deltas.ts';
import type { Repository } from '../repository/repository.ts';
import { workingCopy, type Change } from '../working-copy/changes.ts';
import { splitHunk, textWithHunks } from '../working-copy/hunks.ts';
import { lineReader, type LineReader } from './ask-lines.ts';
import { deltaOf } from './commands/diff.ts';
import { changeText } from './commands/status.ts';
import { paintFor, type Paint } from './paint.ts';
import { printable } from './printable.ts';
import type { Shell } from './shell.ts';
import { diffGroups, groupHead, paintedLine } from './unified-diff.ts';

export type ChosenHunks =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'chosen';
      readonly isChosen: (change: Change) => boolean;
      readonly partOf: (change: Change) => Buffer | undefined;
    };

/** What was taken of one change: all of it, or this text. */
type Taken = 'all' | Buffer;

const HELP = `y  record this
n  leave this out, for now
s  take it apart, line by line
q  leave this and everything after it out
a  record this and the rest of this file
d  leave this and the rest of this file out
?  show this`;

export async function chooseHunks(
  shell: Shell,
  repository: Repository,
  isMeant: (change: Change) => boolean,
): Promise<ChosenHunks> {
  const view = repository.view();
  const changes = workingCopy(repository, view).changes.filter(isMeant);
  const taken = new Map<string, Taken>();
  const asking = new Asking(shell, lineReader(shell.stdin));
  try {
    for (const change of changes) {
      if (asking.hasQuit) break;
      const [delta] = deltaOf(view, change);
      const part = await askAbout(asking, change, delta);
      if (part !== null) taken.set(keyOf(change), part);
    }
  } finally {
    asking.close();
  }
  if (taken.size === 0) return { kind: 'nothing' };
  return {
    kind: 'chosen',
    isChosen: (change) => taken.has(keyOf(change)),
    partOf(change) {
      const part = taken.get(keyOf(change));
      return part === undefined || part === 'all' ? undefined : part;
    },
  };
}

const keyOf = ({ kind, path }: Change): string => `${kind} ${path}`;

/** Null: nothing of it. */
async function askAbout(asking: Asking, change: Change, delta: FileDelta | undefined): Promise<Taken | null> {
  asking.showChange(change);
  const hasHunks = (change.kind === 'changed' || change.kind === 'moved') && change.text;
  const isText = delta?.before?.kind === 'text' && delta.after?.kind === 'text';
  if (!hasHunks || !isText || delta.before === null || delta.after === null) {
    if (delta !== undefined) asking.showWhole(delta);
    const answer = await asking.ask('Record this?', ['y', 'n', 'q']);
    return answer === 'y' ? 'all' : null;
  }
  const [older, newer] = [delta.before.bytes, delta.after.bytes];
  const { hunks, isTaken } = await askHunks(asking, older, newer);
  if (isTaken.every((each) => each)) return 'all';
  // A move counts, whatever is taken of its text.
  if (change.kind === 'changed' && isTaken.every((each) => !each)) return null;
  return textWithHunks(older, newer, hunks, (index) => isTaken[index] === true);
}

async function askHunks(
  asking: Asking,
  older: Buffer,
  newer: Buffer,
): Promise<{ readonly hunks: readonly Hunk[]; readonly isTaken: readonly boolean[] }> {
  const hunks = [...diffLines(older, newer)];
  const isTaken: boolean[] = [];
  for (let at = 0; at < hunks.length;) {
    const hunk = hunks[at];
    if (hunk === undefined) break;
    asking.showHunk(older, newer, hunk);
    const parts = splitHunk(older, newer, hunk);
    const choices = ['y', 'n', ...(parts.length > 1 ? (['s'] as const) : []), 'q', 'a', 'd'] as const;
    const answer = await asking.ask(`Record this (${at + 1} of ${hunks.length})?`, choices);
    if (answer === 's') {
      hunks.splice(at, 1, ...parts);
      continue;
    }
    if (answer === 'y' || answer === 'n') isTaken.push(answer === 'y');
    else while (isTaken.length < hunks.length) isTaken.push(answer === 'a');
    at = isTaken.length;
  }
  return { hunks, isTaken };
}

type Answer = 'y' | 'n' | 's' | 'q' | 'a' | 'd';

/** A conversation on the terminal. */
class Asking {
  readonly #shell: Shell;
  readonly #lines: LineReader;
  readonly #paint: Paint;
  hasQuit = false;

  constructor(shell: Shell, lines: LineReader) {
    this.#shell = shell;
    this.#lines = lines;
    this.#paint = paintFor(shell.stderr, shell.env);
  }

  async ask(question: string, choices: readonly Answer[]): Promise<Answer> {
    for (;;) {
      this.#shell.stderr.write(`${this.#paint('bold', question)} [${[...choices, '?'].join(',')}] `);
      const typed = await this.#lines.next();
      const answer = typed === null ? 'q' : choices.find((choice) => choice === typed.toLowerCase());
      if (answer === 'q') this.hasQuit = true;
      if (answer !== undefined) return answer;
      this.#say(HELP);
    }
  }

  showChange(change: Change): void {
    this.#say(`\n${changeText(change, this.#paint)}`);
  }

  showWhole(delta: FileDelta): void {
    for (const group of diffGroups(delta) ?? []) {
      for (const line of group.lines.slice(0, LINES_SHOWN)) this.#say(paintedLine(printable(line), this.#paint));
      if (group.lines.length > LINES_SHOWN) this.#say(`… and ${group.lines.length - LINES_SHOWN} lines more`);
    }
  }

  /** The hunk with the lines around it, as if nothing else had changed. */
  showHunk(older: Buffer, newer: Buffer, hunk: Hunk): void {
    const alone = textWithHunks(older, newer, [hunk], () => true);
    const side = { path: '', kind: 'text', isExecutable: false } as const;
    for (const group of diffGroups({ before: { ...side, bytes: older }, after: { ...side, bytes: alone } }) ?? []) {
      this.#say(this.#paint('cyan', groupHead(group)));
      for (const line of group.lines) this.#say(paintedLine(printable(line), this.#paint));
    }
  }

  close(): void {
    this.#lines.close();
  }

  #say(text: string): void {
    this.#shell.stderr.write(`${text}\n`);
  }
}

/** Of a file that is new or gone, its beginning is enough to decide by. */
const LINES_SHOWN = 20;
