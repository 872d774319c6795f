// One call of `atomic hook AGENT EVENT`: what the event says, and what has changed on the disk, into the spool.
// Rule: whatever happens, the agent notices nothing: no output, nothing thrown, and outside of a repository nothing at all.
// Few modules are loaded, since a hook has 50 ms and Node takes 30 of them: the database only to look at all files, settings
// and keys only for a prompt.
// Not here: what the events mean (settle-hooks.ts).

import { existsSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import type { Agent } from '../attribution/attribution.ts';
import { readHookEvent, type HookEvent, type ToolEvent } from '../hooks/read-hook-event.ts';
import { modelFromTranscript } from '../hooks/transcript-model.ts';
import { ignoreRules } from '../working-copy/ignore-rules.ts';
import { readKnownFiles, writeKnownFiles } from './known-files.ts';
import { lookAtAll, lookAtNamed, pathsFromRoot, type Look, type LookedAt } from './look.ts';
import type { RecordedRow } from './open-rows.ts';
import { encodeEntry, type SpoolEntry, type SpooledPrompt } from './spool-entry.ts';
import { appendToSpool } from './spool.ts';

const REPOSITORY_FOLDER = '.atomic';

export interface HookCall {
  readonly agent: string;
  readonly event: string;
  /** What stood on standard input. */
  readonly payload: string;
  readonly folder: string;
  readonly nowMs: number;
}

export interface HookHelp {
  /** The rows of the working copy; asked only when all files are looked at. */
  rows(root: string): readonly RecordedRow[];
  /** What may be kept of a prompt; null: agents are not asked here (`ai.enabled`). */
  prompt(root: string, text: string): Promise<SpooledPrompt | null>;
  isEnabled(root: string): Promise<boolean>;
}

/** Why nothing was kept, for tests and `atomic hook list`; an agent never sees it. */
export type HookOutcome = 'kept' | 'no-repository' | 'ignored' | 'switched-off' | 'no-room' | 'read-only';

export async function runHook(call: HookCall, help: HookHelp): Promise<HookOutcome> {
  const event = readHookEvent(call.agent, call.event, call.payload);
  if (event.kind === 'ignored') return 'ignored';
  const root = rootAbove(call.folder) ?? (event.cwd === null ? null : rootAbove(event.cwd));
  if (root === null) return 'no-repository';
  if (!(await help.isEnabled(root))) return 'switched-off';
  if (event.kind === 'pre-tool' || event.kind === 'post-tool') return checkpoint({ call, event, root, help });
  const prompt = event.kind === 'turn-start' && event.prompt !== null ? await help.prompt(root, event.prompt) : null;
  const entry: SpoolEntry = { kind: 'turn', ...byOf(event, call.nowMs), model: event.model, prompt };
  return appendToSpool(join(root, REPOSITORY_FOLDER), encodeEntry(entry)) ? 'kept' : 'no-room';
}

interface Checkpoint {
  readonly call: HookCall;
  readonly event: ToolEvent;
  readonly root: string;
  readonly help: HookHelp;
}

async function checkpoint({ call, event, root, help }: Checkpoint): Promise<HookOutcome> {
  if (event.effect === 'reads') return 'ignored';
  const inside = join(root, REPOSITORY_FOLDER);
  const isNamed = event.effect === 'edits' && event.paths.length > 0;
  const folder = event.cwd === null ? call.folder : resolve(call.folder, event.cwd);
  const named = isNamed ? pathsFromRoot(root, folder, event.paths) : null;
  const rows = named === null ? help.rows(root) : [];
  const looked: LookedAt = {
    root,
    known: readKnownFiles(inside),
    rows: () => rows,
    rules: once(() => ignoreRules(root)),
    nowMs: call.nowMs,
  };
  const look: Look = named === null ? lookAtAll(looked) : lookAtNamed(looked, named);
  const isAfter = event.kind === 'post-tool';
  const model = isAfter ? modelOf(event) : event.model;
  const kind = isAfter ? 'after' : 'before';
  const entry: SpoolEntry = { kind, ...byOf(event, call.nowMs), model, named, seen: look.seen };
  if (!appendToSpool(inside, encodeEntry(entry))) return 'no-room';
  if (look.known.size > 0 || looked.known.size > 0) writeKnownFiles(inside, look.known);
  return 'kept';
}

function byOf(event: HookEvent, at: number): { at: number; agent: Agent; transcript: string | null } {
  const agent: Agent = {
    tool: event.agent,
    toolVersion: event.toolVersion,
    mode: event.mode,
    sessionId: event.sessionId === 'unknown' ? null : event.sessionId,
    turn: event.turn,
    toolUseId: 'toolUseId' in event ? event.toolUseId : null,
    subagent: event.subagent,
  };
  return { at, agent, transcript: event.transcriptPath };
}

const modelOf = (event: HookEvent): string | null =>
  event.model ??
  (event.transcriptPath === null ? null : modelFromTranscript(event.agent, event.transcriptPath, tailOf));

/** The nearest folder with a repository in it. */
function rootAbove(from: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, REPOSITORY_FOLDER, 'pristine.db'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

function tailOf(path: string, bytesMax: number): string | null {
  try {
    const file = openSync(path, 'r');
    try {
      const stats = fstatSync(file);
      if (!stats.isFile()) return null;
      const length = Math.min(stats.size, bytesMax);
      const bytes = Buffer.alloc(length);
      const got = readSync(file, bytes, 0, length, stats.size - length);
      return bytes.toString('utf8', 0, got);
    } finally {
      closeSync(file);
    }
  } catch {
    // No transcript there, or not ours to read: the model is untold.
    return null;
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
