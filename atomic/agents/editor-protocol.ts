// What editors tell: one JSON object on each line, over the socket `.atomic/spool/editor.sock` of a repository.
//
//   {"edit": {"path": "src/a.ts", "range": {"first": 3, "last": 5}, "actor": "human", "at": "2026-01-01T12:00:00Z",
//             "editor": "zed", "model": null}}
//
// `path`: from the top of the repository, with `/`; or absolute. `range`: the lines that were edited, counted from 1, both
// in it, of the text as it now lies on the disk; `ranges` for several; without either the whole change since the file was
// last seen. `actor`: `human` for what a person typed, `ai` for what the editor's own model put in (then `model` names it).
// Sent when the file is saved. Each line is answered with `{"ok": true}` or `{"ok": false, "why": "…"}`.
// Rule: only what an editor saw itself makes a person a known human; nothing else does.

import { instant, type Instant } from 'kernel/basics';

import { isTable } from '../attribution/table-reader.ts';
import type { LineSpan } from './spool-entry.ts';

/** A line names a path and some ranges. */
export const EDITOR_LINE_MAX = 64 * 1024;
const RANGES_MAX = 1000;
const NAME_LENGTH_MAX = 250;
const PATH_LENGTH_MAX = 4096;

export interface EditorEdit {
  readonly path: string;
  readonly lines: readonly LineSpan[];
  readonly actor: 'human' | 'ai';
  readonly editor: string;
  readonly model: string | null;
  readonly at: Instant | null;
}

export type ReadEdit =
  { readonly kind: 'edit'; readonly edit: EditorEdit } | { readonly kind: 'wrong'; readonly why: string };

/** Never throws. */
export function readEditorLine(line: string): ReadEdit {
  const value = jsonOf(line);
  const edit = isTable(value) ? value['edit'] : undefined;
  if (!isTable(edit)) return wrong('It is no JSON object with `edit` in it.');
  const { path, actor, at } = edit;
  if (typeof path !== 'string' || path === '' || path.length > PATH_LENGTH_MAX) return wrong('`path` names no file.');
  if (actor !== 'human' && actor !== 'ai') return wrong('`actor` is neither `human` nor `ai`.');
  const lines = linesIn(edit);
  if (lines === undefined) return wrong('A range has `first` and `last`, whole numbers from 1, the first one first.');
  const time = at === undefined || at === null ? null : timeOf(at);
  if (time === undefined) return wrong('`at` is no time like 2026-01-01T12:00:00Z.');
  const model = nameOf(edit['model']);
  return { kind: 'edit', edit: { path, lines, actor, editor: nameOf(edit['editor']) ?? 'editor', model, at: time } };
}

const wrong = (why: string): ReadEdit => ({ kind: 'wrong', why });

const nameOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' && value.length <= NAME_LENGTH_MAX ? value : null;

function linesIn(edit: Readonly<Record<string, unknown>>): readonly LineSpan[] | undefined {
  const { range, ranges } = edit;
  const all: readonly unknown[] = Array.isArray(ranges) ? ranges : range === undefined || range === null ? [] : [range];
  if (all.length > RANGES_MAX) return undefined;
  const lines = all.flatMap((each): readonly LineSpan[] => {
    if (!isTable(each)) return [];
    const { first, last = first } = each;
    const isSpan = isLine(first) && isLine(last) && first <= last;
    return isSpan ? [{ first, last }] : [];
  });
  return lines.length === all.length ? lines : undefined;
}

const isLine = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 1;

const timeOf = (value: unknown): Instant | undefined => {
  const time = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isFinite(time) ? instant(time) : undefined;
};

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Said in the answer.
    return undefined;
  }
}
