// Reads what an agent's hook was given, by the agent's table.
// Rule: it never throws and never refuses: a hook must not break the agent. What cannot be understood is `ignored`, with
// the reason. Texts are bounded; nothing in a payload is run, opened or trusted as a path.

import { agentCalled, HOOK_KINDS, type AgentName, type HookAgent, type HookKind, type ToolEffect } from './agents.ts';
import { textAt, textsAt } from './json-pointer.ts';

interface HookOrigin {
  readonly agent: AgentName;
  readonly sessionId: string;
  readonly turn: string | null;
  /** As the payload tells it; null: ask the transcript (`modelFromTranscript`). */
  readonly model: string | null;
  readonly toolVersion: string | null;
  readonly mode: string | null;
  readonly subagent: string | null;
  readonly transcriptPath: string | null;
  readonly cwd: string | null;
}

interface SessionEvent extends HookOrigin {
  readonly kind: 'session-start' | 'turn-end' | 'session-end';
}

interface TurnStart extends HookOrigin {
  readonly kind: 'turn-start';
  readonly prompt: string | null;
}

export interface ToolEvent extends HookOrigin {
  readonly kind: 'pre-tool' | 'post-tool';
  readonly toolName: string | null;
  readonly toolUseId: string | null;
  readonly effect: ToolEffect;
  /** As the agent wrote them, relative to `cwd` or absolute; not checked. Empty: whatever changed. */
  readonly paths: readonly string[];
}

export type HookEvent = SessionEvent | TurnStart | ToolEvent;
export interface IgnoredHook {
  readonly kind: 'ignored';
  readonly why: string;
}

/** A payload holds at most the text of a file that is written; larger than this is no source file. */
export const PAYLOAD_LENGTH_MAX = 32 * 1024 * 1024;
const NAME_LENGTH_MAX = 512;
const PROMPT_LENGTH_MAX = 1024 * 1024;
const PATHS_MAX = 1000;

/** `agent` and `event`: as in `atomic hook AGENT EVENT`. `payload`: what stood on standard input. */
export function readHookEvent(agent: string, event: string, payload: string): HookEvent | IgnoredHook {
  const table = agentCalled(agent);
  if (table === undefined) return ignored(`There is no agent called ${agent.slice(0, NAME_LENGTH_MAX)}.`);
  if (payload.length > PAYLOAD_LENGTH_MAX) return ignored(`The payload of ${table.title} is too long.`);
  const value = payload.trim() === '' ? {} : jsonOf(payload);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return ignored(`The payload of ${table.title} is not a JSON object.`);
  }
  if (table.foreign.some((pointer) => textAt(value, [pointer], NAME_LENGTH_MAX) !== null)) {
    return ignored(`The payload is of another agent that also runs the hooks of ${table.title}.`);
  }
  const name = [event, textAt(value, table.at.event, NAME_LENGTH_MAX) ?? ''].find(
    (one) => kindOf(table, one) !== undefined,
  );
  const kind = name === undefined ? undefined : kindOf(table, name);
  if (name === undefined || kind === undefined)
    return ignored(`${table.title} has no event ${event.slice(0, NAME_LENGTH_MAX)}.`);
  const origin = originIn(table, value);
  switch (kind) {
    case 'turn-start':
      return { kind, ...origin, prompt: textAt(value, table.at.prompt, PROMPT_LENGTH_MAX) };
    case 'pre-tool':
    case 'post-tool':
      return { kind, ...origin, ...toolIn(table, name, value) };
    default:
      return { kind, ...origin };
  }
}

const ignored = (why: string): IgnoredHook => ({ kind: 'ignored', why });

function kindOf(table: HookAgent, name: string): HookKind | undefined {
  const found = Object.entries(table.events).find(
    ([event]) => event === name || event.toLowerCase() === name.toLowerCase(),
  );
  return found?.[1] ?? HOOK_KINDS.find((kind) => kind === name);
}

function originIn(table: HookAgent, value: object): HookOrigin {
  const { at } = table;
  const named = (pointers: readonly string[]): string | null => textAt(value, pointers, NAME_LENGTH_MAX);
  const model = named(at.model);
  return {
    agent: table.name,
    sessionId: named(at.sessionId) ?? 'unknown',
    turn: named(at.turn),
    model: model === null || UNTOLD.has(model.toLowerCase()) ? null : model,
    toolVersion: named(at.toolVersion),
    mode: named(at.mode),
    subagent: named(at.subagent),
    transcriptPath: textAt(value, at.transcript, PATH_LENGTH_MAX),
    cwd: textAt(value, at.cwd, PATH_LENGTH_MAX),
  };
}

const UNTOLD = new Set(['', 'unknown', 'null', 'default', '<synthetic>']);
/** What systems take for a path. */
const PATH_LENGTH_MAX = 4096;

function toolIn(
  table: HookAgent,
  event: string,
  value: object,
): Pick<ToolEvent, 'toolName' | 'toolUseId' | 'effect' | 'paths'> {
  const toolName = textAt(value, table.at.toolName, NAME_LENGTH_MAX) ?? table.impliedTools[event] ?? null;
  const named = table.at.paths.flatMap((pointer) => textsAt(value, pointer, PATH_LENGTH_MAX));
  const effect = effectOf(table, toolName);
  const patched =
    effect === 'reads' ? [] : table.at.patches.flatMap((pointer) => textsAt(value, pointer, PAYLOAD_LENGTH_MAX));
  return {
    toolName,
    toolUseId: textAt(value, table.at.toolUseId, NAME_LENGTH_MAX),
    effect,
    paths: [...new Set([...named, ...patched.flatMap(pathsInPatch)])].slice(0, PATHS_MAX),
  };
}

function effectOf({ tools }: HookAgent, name: string | null): ToolEffect {
  if (name === null) return 'unknown';
  if (tools.edits.includes(name)) return 'edits';
  if (tools.runs.includes(name)) return 'runs';
  return tools.reads.includes(name) ? 'reads' : 'unknown';
}

/** The files that the patch format of OpenAI's models names. */
const pathsInPatch = (text: string): readonly string[] =>
  [...text.matchAll(/^\*\*\* (?:Add File|Update File|Delete File|Move to): (.{1,4096})$/gm)].map((match) =>
    (match[1] ?? '').trim(),
  );

function jsonOf(payload: string): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    // Said in the answer: a payload that is no JSON is ignored.
    return undefined;
  }
}
