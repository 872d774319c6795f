// The working log: who wrote which bytes of files that are not recorded yet. Each checkpoint (before and after a tool, or
// an edit that an editor reports) tells what one writer made of a text; earlier ranges move along through later edits.
// Rule: every byte has at most one writer; a byte that nobody accounted for has none, and counts as untracked. When the
// text is not the one the log knows (somebody wrote in between unseen), its claims are dropped, never guessed on.
// Not here: reading files or keeping the log (the caller's), what it means for a patch (fold-worklog.ts).

import { createHash } from 'node:crypto';

import type { Agent, Model, PromptReference } from '../attribution/attribution.ts';

import { editsBetween, type Edit } from './edits-between.ts';

export type Writer =
  | { readonly actor: 'untracked' }
  /** A person, as an editor saw. */
  | { readonly actor: 'human' }
  | {
      readonly actor: 'ai';
      readonly evidence: 'hook' | 'mcp' | 'editor';
      readonly agent: Agent;
      readonly model: Model;
      readonly prompt: PromptReference | null;
    };

/** Bytes `start` up to, without, `end` of the present text. */
export interface WrittenSpan {
  readonly start: number;
  readonly end: number;
  readonly by: Writer;
}

/** Where text was taken away without any in its place: between the bytes before and after `at`. */
export interface Cut {
  readonly at: number;
  readonly by: Writer;
}

export interface FileLog {
  /** Fingerprint of the text that the spans are of. */
  readonly text: string;
  /** Sorted, not empty, without overlap. Bytes outside were there before, or nobody accounted for them. */
  readonly spans: readonly WrittenSpan[];
  /** Sorted by place. */
  readonly cuts: readonly Cut[];
  /** Who changed the file last: for a move or a removal, which has no bytes. */
  readonly last: Writer;
}

/** By path in the repository. */
export type Worklog = ReadonlyMap<string, FileLog>;

/** What one writer did to one file. `null`: the file was not there, or is there no more. */
export interface FileEdit {
  readonly path: string;
  readonly before: Buffer | null;
  readonly after: Buffer | null;
  readonly by: Writer;
}

/** A file with more spans than this is a minified or generated one, edited everywhere: its log starts anew. */
const SPANS_MAX = 20_000;
const NOTHING = Buffer.alloc(0);

/** The log after an edit. Nothing changes when the texts are equal. */
export function noteEdit(log: Worklog, { path, before, after, by }: FileEdit): Worklog {
  const [older, newer] = [before ?? NOTHING, after ?? NOTHING];
  if ((before === null) === (after === null) && older.equals(newer)) return log;
  const known = log.get(path);
  const isFresh = known?.text === fingerprint(older);
  const edits = editsBetween(older, newer, isFresh ? (known?.spans ?? []) : []);
  const spans = isFresh && known !== undefined ? moved(known.spans, edits) : [];
  const cuts = isFresh && known !== undefined ? movedCuts(known.cuts, edits) : [];
  const all = [...spans, ...written(edits, by)].sort((a, b) => a.start - b.start);
  return new Map(log).set(path, {
    text: fingerprint(newer),
    spans: all.length > SPANS_MAX ? [] : joined(all),
    cuts: [...cuts, ...cutOut(edits, by)].sort((a, b) => a.at - b.at).slice(0, SPANS_MAX),
    last: by,
  });
}

/**
 * The log after a checkpoint: `before` and `after` are the texts of all files that a tool may have touched, by path. A file
 * that is only moved takes its claims along.
 */
export function noteCheckpoint(
  log: Worklog,
  before: ReadonlyMap<string, Buffer>,
  after: ReadonlyMap<string, Buffer>,
  by: Writer,
): Worklog {
  const gone = [...before].filter(([path]) => !after.has(path));
  let noted = log;
  for (const [path, text] of after) {
    const from = before.has(path) ? undefined : gone.find(([, older]) => older.length > 0 && older.equals(text));
    if (from !== undefined) noted = moveFile(noted, from[0], { path, text }, by);
    else noted = noteEdit(noted, { path, before: before.get(path) ?? null, after: text, by });
  }
  for (const [path, text] of gone) noted = noteEdit(noted, { path, before: text, after: null, by });
  return noted;
}

/** Bytes that only moved are as unclaimed, or as much somebody's, as they were. */
function moveFile(
  log: Worklog,
  from: string,
  to: { readonly path: string; readonly text: Buffer },
  by: Writer,
): Worklog {
  const known = log.get(from);
  const nothing = { text: fingerprint(to.text), spans: [], cuts: [] };
  return new Map(log).set(to.path, { ...(isLogOf(known, to.text) ? (known ?? nothing) : nothing), last: by });
}

/** What was recorded, or thrown away, is no longer in the working log. */
export function forgetPaths(log: Worklog, paths: readonly string[]): Worklog {
  const left = new Map(log);
  for (const path of paths) left.delete(path);
  return left;
}

/** Whether the log is of this text. */
export const isLogOf = (log: FileLog | undefined, text: Buffer): boolean => log?.text === fingerprint(text);

/** Two writers are one if they are the same actor, agent, session and model; the tool call does not matter. */
export function writerKey(writer: Writer): string {
  if (writer.actor !== 'ai') return writer.actor;
  const { agent, model } = writer;
  const named = model.kind === 'known' ? model.model : null;
  return JSON.stringify(['ai', agent.tool, agent.sessionId, agent.subagent, model.provider, named]);
}

/** Spans of the older text where they lie in the newer one; what was replaced of them is gone. */
function moved(spans: readonly WrittenSpan[], edits: readonly Edit[]): readonly WrittenSpan[] {
  const found: WrittenSpan[] = [];
  let next = 0;
  let shift = 0;
  for (const span of spans) {
    let { start } = span;
    while (next < edits.length && (edits[next]?.oldEnd ?? 0) <= start) {
      shift = shiftAfter(edits[next]);
      next += 1;
    }
    for (let at = next; at < edits.length && (edits[at]?.oldStart ?? 0) < span.end; at += 1) {
      const edit = edits[at];
      if (edit === undefined) break;
      if (edit.oldStart > start) found.push({ ...span, start: start + shift, end: edit.oldStart + shift });
      if (edit.oldEnd > span.end) start = span.end;
      else {
        start = Math.max(start, edit.oldEnd);
        shift = shiftAfter(edit);
        next = at + 1;
      }
    }
    if (start < span.end) found.push({ ...span, start: start + shift, end: span.end + shift });
  }
  return found;
}

const shiftAfter = (edit: Edit | undefined): number => (edit === undefined ? 0 : edit.newEnd - edit.oldEnd);

/** A cut inside of what is replaced goes with it. */
function movedCuts(cuts: readonly Cut[], edits: readonly Edit[]): readonly Cut[] {
  return cuts.flatMap((cut) => {
    if (edits.some(({ oldStart, oldEnd }) => oldStart <= cut.at && cut.at <= oldEnd)) return [];
    const before = edits.findLast(({ oldEnd }) => oldEnd < cut.at);
    return [{ ...cut, at: cut.at + shiftAfter(before) }];
  });
}

const written = (edits: readonly Edit[], by: Writer): readonly WrittenSpan[] =>
  edits
    .filter(({ newStart, newEnd }) => newStart < newEnd)
    .map(({ newStart, newEnd }) => ({ start: newStart, end: newEnd, by }));

const cutOut = (edits: readonly Edit[], by: Writer): readonly Cut[] =>
  edits.filter(({ newStart, newEnd }) => newStart === newEnd).map(({ newStart }) => ({ at: newStart, by }));

function joined(spans: readonly WrittenSpan[]): readonly WrittenSpan[] {
  const found: WrittenSpan[] = [];
  for (const span of spans) {
    const last = found.at(-1);
    const isNext = last?.end === span.start && JSON.stringify(last.by) === JSON.stringify(span.by);
    if (last !== undefined && isNext) found[found.length - 1] = { ...last, end: span.end };
    else found.push(span);
  }
  return found;
}

/** 96 bits of SHA-256: enough to notice that a text is another one. */
const fingerprint = (text: Buffer): string => createHash('sha256').update(text).digest('base64').slice(0, 16);
