// What the events in the spool mean for the working log, one after the other.
// Rule: what changed between the two hooks of a tool is the tool's doing; what changed otherwise is nobody's. While another
// tool may have written a file, its change waits until that tool has ended. Where commands of two agents ran at once and
// neither named the file, it is only said which program and model wrote it, if both are the same, and otherwise nothing.

import { createHash } from 'node:crypto';

import type { Agent } from '../attribution/attribution.ts';
import type { Registry } from '../attribution/registry.ts';
import { agentCalled } from '../hooks/agents.ts';
import { writerOf } from '../hooks/agent-writer.ts';
import type { ToolEvent } from '../hooks/read-hook-event.ts';
import { forgetPaths, noteCheckpoint, type Writer } from '../hooks/worklog.ts';
import { diffLines } from '../patches/diff-lines.ts';
import {
  EMPTY_STATE,
  NO_TOKENS,
  OPEN_MAX,
  OPEN_MS_MAX,
  sessionKey,
  SESSIONS_MAX,
  type HookState,
  type OpenTool,
  type SeenText,
  type Session,
} from './hook-state.ts';
import type { LineSpan, SpoolEntry } from './spool-entry.ts';

export interface FoldHelp {
  /** The text of a path as it is recorded; null: nothing is. */
  recorded(path: string): Buffer | null;
  readonly registry: Registry;
}

const NOBODY: Writer = { actor: 'untracked' };
const NEWLINE = 10;

export function foldEntry(state: HookState, entry: SpoolEntry, help: FoldHelp): HookState {
  if (entry.kind === 'turn')
    return withSession(state, entry, entry.prompt === null ? null : { ...entry.prompt, place: null });
  const seen = withSeen(state, entry, help);
  if (entry.kind === 'edit') return withEdit(seen, entry, help);
  const known = withSession(seen, entry, undefined);
  if (entry.kind === 'before') {
    const settled = settle(known, { at: entry.at, tool: null }, help);
    const tool: OpenTool = { ...entry, session: sessionKey(entry.agent) };
    const open = [...settled.open, openOf(tool)].slice(-OPEN_MAX);
    return { ...settled, open };
  }
  const own = ownTool(known.open, entry.agent, entry.named);
  const tool: OpenTool = openOf({ ...entry, session: sessionKey(entry.agent) });
  const left = { ...known, open: known.open.filter((each) => each !== own) };
  return settle(left, { at: entry.at, tool }, help);
}

const openOf = ({ session, agent, model, named, at }: OpenTool): OpenTool => ({ session, agent, model, named, at });

/** The hook before the tool, of the tool that has ended: by its id, or the last of its session that names the same. */
function ownTool(open: readonly OpenTool[], agent: Agent, named: readonly string[] | null): OpenTool | undefined {
  const ofSession = open.filter(({ session }) => session === sessionKey(agent));
  if (agent.toolUseId !== null) return ofSession.find((each) => each.agent.toolUseId === agent.toolUseId);
  return ofSession.findLast((each) => JSON.stringify(each.named) === JSON.stringify(named)) ?? ofSession.at(-1);
}

function withSession(
  state: HookState,
  entry: SpoolEntry & { readonly kind: 'turn' | 'before' | 'after' },
  prompt: Session['prompt'] | undefined,
): HookState {
  const key = sessionKey(entry.agent);
  const known = state.sessions.get(key);
  const sessions = new Map(state.sessions);
  sessions.delete(key);
  sessions.set(key, {
    model: entry.model ?? known?.model ?? null,
    prompt: prompt ?? known?.prompt ?? null,
    transcript: entry.transcript ?? known?.transcript ?? null,
    readBytes: known?.readBytes ?? 0,
    unspent: known?.unspent ?? NO_TOKENS,
    lastAnswer: known?.lastAnswer ?? null,
    at: entry.at,
  });
  for (const oldest of sessions.keys()) {
    if (sessions.size <= SESSIONS_MAX) break;
    sessions.delete(oldest);
  }
  return { ...state, sessions };
}

/** Everything that was seen waits for whoever did it. */
function withSeen(state: HookState, { seen }: Exclude<SpoolEntry, { kind: 'turn' }>, help: FoldHelp): HookState {
  const waiting = new Map(state.waiting);
  for (const { path, hash, text } of seen) {
    const before = notedText(state, path, help);
    const told = text ?? (hash === null ? null : textWithHash(hash, [waiting.get(path), before, help.recorded(path)]));
    if (isSame(told, before)) waiting.delete(path);
    else waiting.set(path, told);
  }
  return { ...state, waiting };
}

const notedText = (state: HookState, path: string, help: FoldHelp): SeenText => {
  const noted = state.noted.get(path);
  return noted === undefined ? help.recorded(path) : noted;
};

const isSame = (a: SeenText, b: SeenText): boolean =>
  a === b || (Buffer.isBuffer(a) && Buffer.isBuffer(b) && a.equals(b));

function textWithHash(hash: string, texts: readonly (SeenText | undefined)[]): SeenText {
  const found = texts.find(
    (text) => Buffer.isBuffer(text) && createHash('sha256').update(text).digest('base64') === hash,
  );
  return found ?? 'unknown';
}

interface Ended {
  readonly at: number;
  /** The tool that has just ended; null: none. */
  readonly tool: OpenTool | null;
}

/** Accounts for everything that waits and that no other tool may still claim. */
export function settle(state: HookState, { at, tool }: Ended, help: FoldHelp): HookState {
  const open = state.open.filter((each) => at - each.at <= OPEN_MS_MAX);
  const paths = new Map<'tool' | 'nobody' | 'shared', string[]>();
  for (const path of state.waiting.keys()) {
    const whose = claimOn(path, open, tool);
    if (whose !== 'wait') paths.set(whose, [...(paths.get(whose) ?? []), path]);
  }
  let settled: HookState = { ...state, open };
  settled = account(settled, paths.get('nobody') ?? [], NOBODY, help);
  if (tool === null) return settled;
  settled = account(settled, paths.get('tool') ?? [], writerFor(settled, tool, help.registry), help);
  return account(settled, paths.get('shared') ?? [], sharedWriter(settled, tool, help.registry), help);
}

const covers = ({ named }: OpenTool, path: string): boolean => named === null || named.includes(path);

function claimOn(
  path: string,
  open: readonly OpenTool[],
  tool: OpenTool | null,
): 'tool' | 'nobody' | 'shared' | 'wait' {
  if (tool === null || !covers(tool, path)) return open.some((each) => covers(each, path)) ? 'wait' : 'nobody';
  if (tool.named !== null) return 'tool';
  if (open.some(({ named }) => named?.includes(path) === true)) return 'wait';
  return open.some((each) => each.named === null && each.session !== tool.session) ? 'shared' : 'tool';
}

function writerFor(state: HookState, { session, agent, model }: OpenTool, registry: Registry): Writer {
  const { toolVersion, mode, turn, toolUseId, subagent } = agent;
  const known = state.sessions.get(session);
  const event: ToolEvent = {
    kind: 'post-tool',
    agent: agentCalled(agent.tool)?.name ?? 'generic',
    sessionId: agent.sessionId ?? 'unknown',
    toolVersion,
    mode,
    turn,
    toolUseId,
    subagent,
    model: null,
    transcriptPath: null,
    cwd: null,
    toolName: null,
    effect: 'unknown',
    paths: [],
  };
  return writerOf(event, model ?? known?.model ?? null, known?.prompt ?? null, registry);
}

function sharedWriter(state: HookState, tool: OpenTool, registry: Registry): Writer {
  const writers = [tool, ...state.open.filter(({ named }) => named === null)].map((each) =>
    writerFor(state, each, registry),
  );
  const [first] = writers;
  const nameOf = (writer: Writer): string =>
    writer.actor === 'ai' ? JSON.stringify([writer.agent.tool, writer.model]) : writer.actor;
  if (first?.actor !== 'ai' || writers.some((each) => nameOf(each) !== nameOf(first))) return NOBODY;
  return {
    ...first,
    agent: { ...first.agent, sessionId: null, turn: null, toolUseId: null, subagent: null },
    prompt: null,
  };
}

/** The log with what became of these paths since they were last noted. */
function account(state: HookState, paths: readonly string[], by: Writer, help: FoldHelp): HookState {
  if (paths.length === 0) return state;
  const waiting = new Map(state.waiting);
  const noted = new Map(state.noted);
  const before = new Map<string, Buffer>();
  const after = new Map<string, Buffer>();
  const lost: string[] = [];
  for (const path of paths) {
    const [older, newer] = [notedText(state, path, help), waiting.get(path) ?? null];
    waiting.delete(path);
    noted.set(path, newer);
    if (older === 'unknown' || newer === 'unknown') lost.push(path);
    else {
      if (older !== null) before.set(path, older);
      if (newer !== null) after.set(path, newer);
    }
  }
  const log = noteCheckpoint(forgetPaths(state.log, lost), before, after, by);
  return { ...state, log, noted, waiting };
}

/** What an editor saw. With lines: only changes there are its own, the others are nobody's. */
function withEdit(state: HookState, entry: SpoolEntry & { readonly kind: 'edit' }, help: FoldHelp): HookState {
  const by = editorWriter(entry, help.registry);
  let noted = state;
  for (const { path } of entry.seen) {
    const [older, newer] = [notedText(noted, path, help), noted.waiting.get(path)];
    if (newer === undefined) continue;
    if (entry.lines.length > 0 && Buffer.isBuffer(older) && Buffer.isBuffer(newer)) {
      const between = outsideOf(older, newer, entry.lines);
      noted = account({ ...noted, waiting: new Map(noted.waiting).set(path, between) }, [path], NOBODY, help);
      noted = { ...noted, waiting: new Map(noted.waiting).set(path, newer) };
    }
    noted = account(noted, [path], by, help);
  }
  return noted;
}

function editorWriter(entry: SpoolEntry & { readonly kind: 'edit' }, registry: Registry): Writer {
  if (entry.actor === 'human') return { actor: 'human' };
  const agent: Agent = {
    tool: entry.editor,
    toolVersion: null,
    mode: null,
    sessionId: null,
    turn: null,
    toolUseId: null,
    subagent: null,
  };
  const tool = { session: sessionKey(agent), agent, model: entry.model, named: null, at: entry.at };
  const writer = writerFor(EMPTY_STATE, tool, registry);
  return writer.actor === 'ai' ? { ...writer, evidence: 'editor', agent } : writer;
}

/** The older text with the changes that lie outside of these lines of the newer one. */
function outsideOf(older: Buffer, newer: Buffer, lines: readonly LineSpan[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const { oldStart, oldEnd, newStart, newEnd } of diffLines(older, newer)) {
    const [first, last] = [lineAt(newer, newStart), lineAt(newer, Math.max(newStart, newEnd - 1))];
    const isInside = lines.some((span) => span.first <= last && first <= span.last);
    parts.push(
      older.subarray(at, oldStart),
      isInside ? older.subarray(oldStart, oldEnd) : newer.subarray(newStart, newEnd),
    );
    at = oldEnd;
  }
  parts.push(older.subarray(at));
  return Buffer.concat(parts);
}

function lineAt(text: Buffer, offset: number): number {
  let line = 1;
  for (let at = text.indexOf(NEWLINE); at !== -1 && at < offset; at = text.indexOf(NEWLINE, at + 1)) line += 1;
  return line;
}
