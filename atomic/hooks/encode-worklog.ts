// The working log as a text that can be kept between two calls of a hook, and back.
// Rule: a text that cannot be read is an empty log: what agents did is then untracked, and nothing is made up.

import { z } from 'zod';

import type { KnownModel, PromptHash } from '../attribution/attribution.ts';
import { PRIVACY_LEVELS } from '../attribution/attribution.ts';
import { parseKeyedName } from '../attribution/keyed-name.ts';

import type { FileLog, Worklog, Writer } from './worklog.ts';

const VERSION = 1;
const text = z.string();
const maybe = text.nullable();
const place = z.int().nonnegative();

const model = z.union([
  z.object({
    kind: z.literal('known'),
    provider: text,
    model: text,
    version: maybe,
    temperatureMilli: place.nullable(),
    maxTokens: place.nullable(),
  }) satisfies z.ZodType<KnownModel>,
  z.object({ kind: z.literal('untold'), provider: maybe }),
]);
const agent = z.object({
  tool: text.min(1),
  toolVersion: maybe,
  mode: maybe,
  sessionId: maybe,
  turn: maybe,
  toolUseId: maybe,
  subagent: maybe,
});
const promptHash = z.custom<PromptHash>((value) => typeof value === 'string' && parseKeyedName(value) !== undefined);
const writer: z.ZodType<Writer> = z.union([
  z.object({ actor: z.literal('untracked') }),
  z.object({ actor: z.literal('human') }),
  z.object({
    actor: z.literal('ai'),
    evidence: z.enum(['hook', 'mcp', 'editor']),
    agent,
    model,
    prompt: z.object({ hash: promptHash, level: z.enum(PRIVACY_LEVELS), place: maybe }).nullable(),
  }),
]);

/** Spans and cuts name their writer by its place in the list. */
const kept = z.object({
  version: z.literal(VERSION),
  writers: z.array(writer),
  files: z.array(
    z.object({
      path: text,
      text,
      spans: z.array(z.tuple([place, place, place])),
      cuts: z.array(z.tuple([place, place])),
      last: place,
    }),
  ),
});

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
  const read = kept.safeParse(jsonOf(encoded));
  if (!read.success) return new Map();
  const { writers, files } = read.data;
  const writerAt = (number: number): Writer => writers[number] ?? { actor: 'untracked' };
  return new Map(
    files.map(({ path, text, spans, cuts, last }): [string, FileLog] => [
      path,
      {
        text,
        spans: spans.map(([start, end, by]) => ({ start, end, by: writerAt(by) })),
        cuts: cuts.map(([at, by]) => ({ at, by: writerAt(by) })),
        last: writerAt(last),
      },
    ]),
  );
}

function jsonOf(encoded: string): unknown {
  try {
    return JSON.parse(encoded);
  } catch {
    // A log that was cut off while it was written: the same as none.
    return undefined;
  }
}
