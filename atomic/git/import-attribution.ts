// Who wrote an imported commit: a note of git-ai first (it tells line by line), then what hooks saw in this folder, then the
// trailers of the message. What none of them tells is untracked, without an attribution.
// Rule: the same history, with the same notes, gives the same bytes on every machine: the salt comes from the commit's name,
// and models are recognised by the built-in registry only.

import { createHash } from 'node:crypto';

import { Fault } from 'kernel/basics';

import type { Attribution } from '../attribution/attribution.ts';
import { SALT_BYTES } from '../attribution/encode-attribution.ts';
import { readGitAiNote } from '../attribution/git-ai-notes.ts';
import { attributionFromNote, type NotedInsert } from '../attribution/note-attribution.ts';
import { BUILT_IN_REGISTRY } from '../attribution/registry.ts';
import { DEFAULT_AI_SETTINGS } from '../attribution/settings.ts';
import { attributionFromSources, type WitnessReport } from '../attribution/sources.ts';
import { readTrailers } from '../attribution/trailers.ts';
import { foldWorklog } from '../hooks/fold-worklog.ts';
import { noteEdit, type Worklog } from '../hooks/worklog.ts';
import { keepAttribution } from '../repository/keep-attribution.ts';
import type { AttributionToKeep } from '../repository/record.ts';
import { recordedParts } from '../working-copy/recorded-parts.ts';
import type { DraftedCommit, ImportAttributions } from './import-git.ts';
import { GitAiNotes } from './read-notes.ts';
import type { GitCommit } from './read-history.ts';

/** What hooks and editors saw of the files as they lie on the disk. */
export interface WorkSeen {
  readonly log: Worklog;
  textOnDisk(path: string): Buffer | undefined;
  /** With the tokens of the session. */
  withUse(report: WitnessReport | null): WitnessReport | null;
}

export interface CommitAttributions extends ImportAttributions {
  /** Notes that could not be read, by commit. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Commits that hooks saw being written: the sessions' tokens are counted on the last of them. */
  readonly witnessed: () => WitnessReport | null;
}

const AUTHOR = { kind: 'header', n: 0, key: null } as const;
const NEWLINE = 10;
const NOBODY = { actor: 'untracked' } as const;

export function commitAttributions(folder: string, work: WorkSeen | null): CommitAttributions {
  const notes = new GitAiNotes(folder);
  const unreadable = new Map<string, string>();
  let witnessed: WitnessReport | null = null;
  return {
    unreadable,
    witnessed: () => witnessed,
    prepare: (commits) => notes.prepare(commits.map(({ id }) => id)),
    attribute(commit, drafted) {
      const noted = noteOf(notes, commit, drafted, unreadable);
      const seen = noted === null && work !== null ? work.withUse(seenWork(work, drafted)) : null;
      if (seen !== null) witnessed = seen;
      const attribution = noted ?? saidOf(commit, seen);
      return attribution === null ? null : keptFor(commit, attribution);
    },
  };
}

/** What has too many parts is kept as a whole: it would be larger than what it speaks of. */
function keptFor(commit: GitCommit, attribution: Attribution): AttributionToKeep {
  const salt = (): Uint8Array => saltOf(commit);
  try {
    return keepAttribution(attribution, salt);
  } catch (thrown) {
    const isTooLarge = thrown instanceof Fault && thrown.code === 'ATOMIC_ATTRIBUTION_TOO_LARGE';
    if (!isTooLarge || !('hunks' in attribution) || attribution.hunks.length === 0) throw thrown;
    return keepAttribution({ ...attribution, hunks: [] }, salt);
  }
}

const saltOf = ({ id }: GitCommit): Uint8Array =>
  createHash('sha256').update('atomic.git.salt.v1\0').update(id).digest().subarray(0, SALT_BYTES);

function saidOf({ message, description, author }: GitCommit, witness: WitnessReport | null): Attribution | null {
  const { attribution: trailer } = readTrailers(`${message}\n${description}`, author, BUILT_IN_REGISTRY);
  if (witness === null) return trailer;
  const sources = { flags: {}, environment: {}, settings: DEFAULT_AI_SETTINGS, registry: BUILT_IN_REGISTRY };
  return attributionFromSources({ ...sources, author: AUTHOR, witness, trailer }).attribution;
}

function noteOf(
  notes: GitAiNotes,
  { id }: GitCommit,
  drafted: DraftedCommit,
  unreadable: Map<string, string>,
): Attribution | null {
  const text = notes.of(id);
  if (text === null) return null;
  const read = readGitAiNote(text);
  if (read.kind === 'unreadable') {
    unreadable.set(id, read.why);
    return null;
  }
  return attributionFromNote(read.note, insertsOf(drafted), BUILT_IN_REGISTRY);
}

function insertsOf({ view, builder, textOf }: DraftedCommit): readonly NotedInsert[] {
  return recordedParts(view, builder, textOf).flatMap((part) => {
    const text = part.kind === 'insert' ? textOf(part.path) : undefined;
    if (part.kind !== 'insert' || text === undefined) return [];
    return [{ atom: part.atom, path: part.path, ...linesOf(text, part.start, part.end) }];
  });
}

/** The lines of a part of a text: where they begin, and how many bytes each has in it. */
function linesOf(text: Buffer, start: number, end: number): Pick<NotedInsert, 'firstLine' | 'lineBytes'> {
  let firstLine = 1;
  for (let at = text.indexOf(NEWLINE); at !== -1 && at < start; at = text.indexOf(NEWLINE, at + 1)) firstLine += 1;
  const lineBytes: number[] = [];
  for (let at = start; at < end;) {
    const found = text.indexOf(NEWLINE, at);
    const stop = found === -1 || found >= end ? end : found + 1;
    lineBytes.push(stop - at);
    at = stop;
  }
  return { firstLine, lineBytes };
}

/** The log is of the texts on the disk; a commit may have other ones: claims move along to what is the same in both. */
function seenWork({ log, textOnDisk }: WorkSeen, { view, builder, textOf }: DraftedCommit): WitnessReport | null {
  if (log.size === 0) return null;
  const parts = recordedParts(view, builder, textOf);
  const paths = [...new Set(parts.map(({ path }) => path))].filter((path) => log.has(path));
  if (paths.length === 0) return null;
  let committed: Worklog = log;
  for (const path of paths) {
    const [before, after] = [textOnDisk(path) ?? null, textOf(path) ?? null];
    if (before !== null && after !== null) committed = noteEdit(committed, { path, before, after, by: NOBODY });
  }
  return foldWorklog(parts, committed, textOf);
}
