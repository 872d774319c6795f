// One recorded answer as a file of lines: what was asked, then each part with the moment at which it came.
// Rule: no secret is in it, whoever wrote it: every line goes through `scrub` before it is written.

import { createHash } from 'node:crypto';

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

import { scrub } from '../../basics/index.ts';
import { recordingUnreadable } from '../faults.ts';

export interface Recording {
  readonly version: 1;
  readonly key: string;
  readonly how: 'stream' | 'generate';
  readonly model: string;
  /** The last words of the person, to find the nearest one by. */
  readonly about: string;
  readonly request: unknown;
  /** `atMs` is from the beginning. The value is a part of a stream, or the whole answer. */
  readonly parts: readonly { readonly atMs: number; readonly value: unknown }[];
}

const ABOUT_LENGTH_MAX = 200;

/** What makes two requests the same: everything that is sent, nothing of how, when and with which key. */
export function canonicalRequest(options: LanguageModelV4CallOptions, model: string, how: Recording['how']): unknown {
  const { abortSignal: _signal, headers: _headers, includeRawChunks: _raw, ...asked } = options;
  return sorted({ how, model, ...asked });
}

export const keyOf = (request: unknown): string =>
  createHash('sha256').update(JSON.stringify(request)).digest('hex').slice(0, 32);

export function aboutOf(options: LanguageModelV4CallOptions): string {
  const last = options.prompt.findLast(({ role }) => role === 'user');
  const content = last === undefined || typeof last.content === 'string' ? [] : last.content;
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join(' ');
  return scrub(text.slice(0, ABOUT_LENGTH_MAX));
}

/** The same value with the fields of all objects in order, bytes and dates as texts. */
function sorted(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Date) return value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return value.toString();
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]));
}

export function writtenRecording({ parts, ...head }: Recording): string {
  const lines = [head, ...parts.map(({ atMs, value }) => ({ atMs, value: sorted(value) }))];
  return `${lines.map((line) => scrub(JSON.stringify(line))).join('\n')}\n`;
}

export function readRecording(text: string, file: string): Recording {
  const [head, ...parts] = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => parsedLine(line, file, index + 1));
  if (!isObject(head) || head['version'] !== 1 || typeof head['key'] !== 'string') throw recordingUnreadable(file, 1);
  const read = parts.map((part, index) => {
    if (!isObject(part) || typeof part['atMs'] !== 'number') throw recordingUnreadable(file, index + 2);
    return { atMs: part['atMs'], value: withDates(part['value']) };
  });
  return {
    version: 1,
    key: head['key'],
    how: head['how'] === 'generate' ? 'generate' : 'stream',
    model: String(head['model']),
    about: String(head['about']),
    request: head['request'],
    parts: read,
  };
}

function parsedLine(line: string, file: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw Object.assign(recordingUnreadable(file, number), { cause });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The one field that the specification has as a date. */
function withDates(value: unknown): unknown {
  if (!isObject(value) || typeof value['timestamp'] !== 'string') return value;
  return { ...value, timestamp: new Date(value['timestamp']) };
}

/** How alike two texts are, 0 to 1, by the triples of letters that they share. */
export function likeness(one: string, other: string): number {
  const triples = (text: string): Set<string> =>
    new Set(Array.from({ length: Math.max(1, text.length - 2) }, (_, at) => text.slice(at, at + 3).toLowerCase()));
  const a = triples(one);
  const b = triples(other);
  const both = [...a].filter((triple) => b.has(triple)).length;
  return both / Math.max(1, a.size + b.size - both);
}
