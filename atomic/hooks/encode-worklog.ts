// The working log as a text that can be kept between two calls of a hook, and back.
// Rule: a text that cannot be read is an empty log: what agents did is then untracked, and nothing is made up.
// By hand, because a hook has 50 ms and loading a schema library takes more.

import {
  PRIVACY_LEVELS,
  type Agent,
  type Model,
  type PromptHash,
  type PromptReference,
} from '../attribution/attribution.ts';
import { parseKeyedName } from '../attribution/keyed-name.ts';
import { isTable } from '../attribution/table-reader.ts';

import type { Cut, FileLog, Worklog, Writer, WrittenSpan } from './worklog.ts';

const VERSION = 1;

/** Spans and cuts name their writer by its place in the list. */
export function encodeWorklog(log: Worklog): string {
  const numbers = new Map<string, number>();
  const writers: Writer[] = [];
  const numberOf = (by: Writer): number => {
    const key = JSON.stringify(by);
    const number = numbers.get(key) ?? writers.push(by) - 1;
    numbers.set(key, number);
    return number;
  };
  const files = [...log].map(([path, file]) => ({
    path,
    text: file.text,
    spans: file.spans.map(({ start, end, by }) => [start, end, numberOf(by)]),
    cuts: file.cuts.map(({ at, by }) => [at, numberOf(by)]),
    last: numberOf(file.last),
  }));
  return JSON.stringify({ version: VERSION, writers, files });
}

/** Never throws. */
export function decodeWorklog(encoded: string): Worklog {
  const kept = jsonOf(encoded);
  if (!isTable(kept) || kept['version'] !== VERSION) return new Map();
  const writers = listOf(kept['writers'], writerOf);
  const files = writers === undefined ? undefined : listOf(kept['files'], (value) => fileOf(value, writers));
  return new Map(files ?? []);
}

/** All of a list, or undefined when one of it is wrong. */
function listOf<T>(value: unknown, read: (each: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found: T[] = [];
  for (const each of value) {
    const one = read(each);
    if (one === undefined) return undefined;
    found.push(one);
  }
  return found;
}

function fileOf(value: unknown, writers: readonly Writer[]): readonly [string, FileLog] | undefined {
  if (!isTable(value)) return undefined;
  const { path, text, last } = value;
  const spans = listOf(value['spans'], (each) => spanOf(each, writers));
  const cuts = listOf(value['cuts'], (each) => cutOf(each, writers));
  const by = isPlace(last) ? writers[last] : undefined;
  if (typeof path !== 'string' || typeof text !== 'string' || spans === undefined || cuts === undefined)
    return undefined;
  return by === undefined ? undefined : [path, { text, spans, cuts, last: by }];
}

function spanOf(value: unknown, writers: readonly Writer[]): WrittenSpan | undefined {
  const [start, end, number] = placesOf(value, 3);
  const by = writers[number ?? -1];
  if (start === undefined || end === undefined || by === undefined || start >= end) return undefined;
  return { start, end, by };
}

function cutOf(value: unknown, writers: readonly Writer[]): Cut | undefined {
  const [at, number] = placesOf(value, 2);
  const by = writers[number ?? -1];
  return at === undefined || by === undefined ? undefined : { at, by };
}

const placesOf = (value: unknown, count: number): readonly number[] =>
  Array.isArray(value) && value.length === count && value.every(isPlace) ? value : [];

const isPlace = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isMaybeText = (value: unknown): value is string | null => value === null || typeof value === 'string';
const isMaybePlace = (value: unknown): value is number | null => value === null || isPlace(value);

function writerOf(value: unknown): Writer | undefined {
  if (!isTable(value)) return undefined;
  const { actor, evidence } = value;
  if (actor === 'untracked' || actor === 'human') return { actor };
  const agent = agentOf(value['agent']);
  const model = modelOf(value['model']);
  const prompt = value['prompt'] === null ? null : promptOf(value['prompt']);
  const isEvidence = evidence === 'hook' || evidence === 'mcp' || evidence === 'editor';
  if (actor !== 'ai' || !isEvidence || agent === undefined || model === undefined || prompt === undefined)
    return undefined;
  return { actor, evidence, agent, model, prompt };
}

function agentOf(value: unknown): Agent | undefined {
  if (!isTable(value)) return undefined;
  const { tool, toolVersion, mode, sessionId, turn, toolUseId, subagent } = value;
  if (typeof tool !== 'string' || tool === '') return undefined;
  if (!isMaybeText(toolVersion) || !isMaybeText(mode) || !isMaybeText(sessionId)) return undefined;
  if (!isMaybeText(turn) || !isMaybeText(toolUseId) || !isMaybeText(subagent)) return undefined;
  return { tool, toolVersion, mode, sessionId, turn, toolUseId, subagent };
}

function modelOf(value: unknown): Model | undefined {
  if (!isTable(value)) return undefined;
  const { kind, provider, model, version, temperatureMilli, maxTokens } = value;
  if (kind === 'untold') return isMaybeText(provider) ? { kind, provider } : undefined;
  if (kind !== 'known' || typeof provider !== 'string' || typeof model !== 'string') return undefined;
  if (!isMaybeText(version) || !isMaybePlace(temperatureMilli) || !isMaybePlace(maxTokens)) return undefined;
  return { kind, provider, model, version, temperatureMilli, maxTokens };
}

function promptOf(value: unknown): PromptReference | undefined {
  if (!isTable(value)) return undefined;
  const { hash, place } = value;
  const level = PRIVACY_LEVELS.find((each) => each === value['level']);
  const name = typeof hash === 'string' ? parseKeyedName<PromptHash>(hash) : undefined;
  return level === undefined || name === undefined || !isMaybeText(place) ? undefined : { hash: name, level, place };
}

function jsonOf(encoded: string): unknown {
  try {
    return JSON.parse(encoded);
  } catch {
    // A log that was cut off while it was written: the same as none.
    return undefined;
  }
}
