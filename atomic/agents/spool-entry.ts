// One event in the spool: what an agent or an editor did, and the texts of the files that were seen to have changed.
// Rule: a line that cannot be read is nothing: what it told of is untracked. By hand, because a hook has no time for more.
// Never in here: the words of a prompt beyond what its privacy level allows, what a tool was told to run.

import { PRIVACY_LEVELS, type Agent, type PrivacyLevel, type PromptHash } from '../attribution/attribution.ts';
import { parseKeyedName } from '../attribution/keyed-name.ts';
import { isTable } from '../attribution/table-reader.ts';

const VERSION = 1;

/** The hash of a text that is told, where nobody had to take it. */
export const UNTAKEN_HASH = '';

/** A file as it was seen. `text` undefined: as `hash` says, and its text is not told. */
export interface Sighting {
  readonly path: string;
  /** SHA-256 in base64, or `UNTAKEN_HASH` beside a text, or null: it is not there. */
  readonly hash: string | null;
  readonly text?: Buffer;
}

/** Lines `first` to `last`, both in it, counted from 1, of the text as it is after the edit. */
export interface LineSpan {
  readonly first: number;
  readonly last: number;
}

export interface SpooledPrompt {
  readonly hash: PromptHash;
  readonly level: PrivacyLevel;
  readonly body: Buffer | null;
}

interface SpooledBy {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly agent: Agent;
  /** As it was told; null: not told this time. */
  readonly model: string | null;
  readonly transcript: string | null;
}

export type SpoolEntry =
  | (SpooledBy & { readonly kind: 'turn'; readonly prompt: SpooledPrompt | null })
  | (SpooledBy & {
      readonly kind: 'before' | 'after';
      /** The files that the tool named; null: whatever changed is its doing. */
      readonly named: readonly string[] | null;
      readonly seen: readonly Sighting[];
    })
  | {
      readonly kind: 'edit';
      readonly at: number;
      readonly actor: 'human' | 'ai';
      readonly editor: string;
      readonly model: string | null;
      /** Empty: all of the file. */
      readonly lines: readonly LineSpan[];
      readonly seen: readonly Sighting[];
    };

export function encodeEntry(entry: SpoolEntry): string {
  const seen = 'seen' in entry ? { seen: entry.seen.map(encodeSighting) } : {};
  const prompt =
    'prompt' in entry && entry.prompt !== null
      ? { prompt: { ...entry.prompt, body: entry.prompt.body?.toString('base64') ?? null } }
      : {};
  return JSON.stringify({ v: VERSION, ...entry, ...seen, ...prompt });
}

/** Source text as text; anything that is no UTF-8 as base64. */
function encodeSighting({ path, hash, text }: Sighting): object {
  if (text === undefined) return { path, hash };
  const utf8 = text.toString('utf8');
  return Buffer.from(utf8).equals(text) ? { path, hash, text: utf8 } : { path, hash, bytes: text.toString('base64') };
}

/** Undefined for a line that is none of ours. Never throws. */
export function decodeEntry(line: string): SpoolEntry | undefined {
  const value = jsonOf(line);
  if (!isTable(value) || value['v'] !== VERSION || typeof value['at'] !== 'number') return undefined;
  const { kind, at } = value;
  const seen = Array.isArray(value['seen']) ? value['seen'].flatMap(sightingOf) : [];
  if (kind === 'edit') {
    const { actor } = value;
    if (actor !== 'human' && actor !== 'ai') return undefined;
    const lines = Array.isArray(value['lines']) ? value['lines'].flatMap(linesOf) : [];
    return { kind, at, actor, editor: textOf(value['editor']) ?? 'editor', model: textOf(value['model']), lines, seen };
  }
  const agent = agentOf(value['agent']);
  if (agent === undefined) return undefined;
  const by = { at, agent, model: textOf(value['model']), transcript: textOf(value['transcript']) };
  if (kind === 'turn') return { kind, ...by, prompt: promptOf(value['prompt']) };
  if (kind !== 'before' && kind !== 'after') return undefined;
  const { named } = value;
  const names = Array.isArray(named) ? named.filter((each): each is string => typeof each === 'string') : null;
  return { kind, ...by, named: names, seen };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function sightingOf(value: unknown): readonly Sighting[] {
  if (!isTable(value) || typeof value['path'] !== 'string') return [];
  const { path, text, bytes, hash } = value;
  const told = typeof hash === 'string' ? hash : UNTAKEN_HASH;
  if (typeof text === 'string') return [{ path, hash: told, text: Buffer.from(text) }];
  if (typeof bytes === 'string') return [{ path, hash: told, text: Buffer.from(bytes, 'base64') }];
  return [{ path, hash: textOf(hash) }];
}

function linesOf(value: unknown): readonly LineSpan[] {
  if (!isTable(value)) return [];
  const { first, last } = value;
  return typeof first === 'number' && typeof last === 'number' && first >= 1 && last >= first ? [{ first, last }] : [];
}

function agentOf(value: unknown): Agent | undefined {
  if (!isTable(value) || typeof value['tool'] !== 'string' || value['tool'] === '') return undefined;
  return {
    tool: value['tool'],
    toolVersion: textOf(value['toolVersion']),
    mode: textOf(value['mode']),
    sessionId: textOf(value['sessionId']),
    turn: textOf(value['turn']),
    toolUseId: textOf(value['toolUseId']),
    subagent: textOf(value['subagent']),
  };
}

function promptOf(value: unknown): SpooledPrompt | null {
  if (!isTable(value) || typeof value['hash'] !== 'string') return null;
  const hash = parseKeyedName<PromptHash>(value['hash']);
  const level = PRIVACY_LEVELS.find((each) => each === value['level']);
  if (hash === undefined || level === undefined) return null;
  return { hash, level, body: typeof value['body'] === 'string' ? Buffer.from(value['body'], 'base64') : null };
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // A disk that was full in the middle of a line.
    return undefined;
  }
}
