// What a git-ai note says of a commit that becomes a patch: an attribution with evidence `import`, by parts where the
// commit has several hands; and what credit says of a line, for the note of a commit that leaves.

import { unreachable } from 'kernel/basics';

import {
  accountableOf,
  actorOfParts,
  isAiAssisted,
  type Agent,
  type AiHunk,
  type AiSource,
  type Attribution,
  type Hunk,
  type Model,
  type PersonHunk,
} from './attribution.ts';
import { noteAuthors, type GitAiNote, type NoteAuthor, type NoteSession } from './git-ai-notes.ts';
import { recognise, type Registry } from './registry.ts';

/** Lines that an atom of the patch inserts: those from `firstLine` on, with their lengths in bytes. */
export interface NotedInsert {
  readonly atom: number;
  readonly path: string;
  /** Counted from 1, in the file as the commit has it. */
  readonly firstLine: number;
  readonly lineBytes: readonly number[];
}

/** Null: the note says nothing of these lines. */
export function attributionFromNote(
  note: GitAiNote,
  inserts: readonly NotedInsert[],
  registry: Registry,
): Attribution | null {
  const runs = inserts.flatMap((insert) => runsOf(note, insert)).sort((a, b) => a.atom - b.atom || a.start - b.start);
  const actor = actorOfParts(runs.map(({ author }) => actorOf(author)));
  const author = { kind: 'header', n: 0, key: null } as const;
  const main = mainSession(runs);
  const isOne = new Set(runs.map(({ author }) => JSON.stringify(author))).size === 1;
  const hunks = isOne ? [] : runs.map((run) => hunkOf(run, main, registry));
  switch (actor) {
    case 'human':
      return { actor, author, evidence: 'import' };
    case 'untracked': {
      const parts = hunks.filter((hunk): hunk is PersonHunk => hunk.actor === 'human' || hunk.actor === 'untracked');
      return parts.length === 0 ? null : { actor, author, evidence: 'import', hunks: parts };
    }
    case 'ai':
    case 'mixed':
      if (main === null) return null;
      return {
        actor,
        author,
        source: sourceOf(main, registry),
        suggestion: null,
        confidence: null,
        acceptance: null,
        reviewMs: null,
        prompt: null,
        tokens: null,
        cost: null,
        hunks,
      };
    default:
      return unreachable(actor);
  }
}

/**
 * Who a line of a patch is by, for a note; null: untracked. `hunk`: the part that the line is of, or null for the whole
 * patch. `authors`: those of the patch's header.
 */
export function noteAuthorOf(
  attribution: Attribution | null,
  hunk: Hunk | null,
  authors: readonly { readonly name: string; readonly email: string }[],
): NoteAuthor | null {
  if (attribution === null) return null;
  const actor = hunk?.actor ?? attribution.actor;
  const { name, email } = accountableOf(attribution, authors);
  const person = `${name} <${email}>`;
  if (actor === 'human') return { kind: 'human', author: person };
  if (actor === 'untracked' || !isAiAssisted(attribution)) return null;
  const { agent } = attribution.source;
  const own = hunk !== null && 'model' in hunk ? hunk.model : null;
  const model = own ?? attribution.source.model;
  return {
    kind: 'ai',
    tool: agent?.tool ?? model.provider ?? 'unknown',
    // git-ai needs an id: without a session, all of one model are one.
    sessionId: agent?.sessionId ?? (model.kind === 'known' ? model.model : 'unknown'),
    model: model.kind === 'known' ? model.model : null,
    provider: model.provider,
    person,
  };
}

interface Run {
  readonly atom: number;
  readonly start: number;
  readonly end: number;
  readonly isWhole: boolean;
  readonly author: NoteAuthor | null;
}

function runsOf(note: GitAiNote, { atom, path, firstLine, lineBytes }: NotedInsert): readonly Run[] {
  const authors = noteAuthors(note, path, firstLine - 1 + lineBytes.length).slice(firstLine - 1);
  const runs: { start: number; end: number; author: NoteAuthor | null }[] = [];
  let at = 0;
  for (const [index, bytes] of lineBytes.entries()) {
    const author = authors[index] ?? null;
    const last = runs.at(-1);
    if (last !== undefined && JSON.stringify(last.author) === JSON.stringify(author)) last.end += bytes;
    else runs.push({ start: at, end: at + bytes, author });
    at += bytes;
  }
  return runs.map((run) => ({ ...run, atom, isWhole: runs.length === 1 }));
}

const actorOf = (author: NoteAuthor | null): 'ai' | 'human' | 'untracked' => author?.kind ?? 'untracked';

function mainSession(runs: readonly Run[]): NoteSession | null {
  const bytes = new Map<string, number>();
  const keyOf = (author: NoteSession): string => JSON.stringify(author);
  let main: NoteSession | null = null;
  for (const { author, start, end } of runs) {
    if (author?.kind === 'ai') bytes.set(keyOf(author), (bytes.get(keyOf(author)) ?? 0) + end - start);
  }
  for (const { author } of runs) {
    if (author?.kind !== 'ai') continue;
    if (main === null || (bytes.get(keyOf(author)) ?? 0) > (bytes.get(keyOf(main)) ?? 0)) main = author;
  }
  return main;
}

function hunkOf(run: Run, main: NoteSession | null, registry: Registry): AiHunk | PersonHunk {
  const place = { atom: run.atom, span: run.isWhole ? null : { start: run.start, end: run.end } };
  if (run.author?.kind !== 'ai') return { ...place, actor: run.author === null ? 'untracked' : 'human' };
  const isMain = main !== null && run.author.model === main.model && run.author.tool === main.tool;
  return { ...place, actor: 'ai', model: isMain ? null : modelOf(run.author, registry), toolUseId: null };
}

function sourceOf(session: NoteSession, registry: Registry): AiSource {
  const agent: Agent = {
    tool: session.tool,
    toolVersion: null,
    mode: null,
    sessionId: session.sessionId === '' ? null : session.sessionId,
    turn: null,
    toolUseId: null,
    subagent: null,
  };
  const model = modelOf(session, registry);
  return model.kind === 'known' ? { evidence: 'import', model, agent } : { evidence: 'import', model, agent };
}

function modelOf({ model, provider }: NoteSession, registry: Registry): Model {
  if (model === null) return { kind: 'untold', provider };
  const told = provider ?? recognise(registry, null, model).provider ?? 'unknown';
  return { kind: 'known', provider: told, model, version: null, temperatureMilli: null, maxTokens: null };
}
