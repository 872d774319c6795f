// Records what models answer and plays it again, so that tests need no network and are the same each time.
// record: asks, and writes what came. replay: plays what is there, asks for the rest. strict: plays, or fails and says
// which recording is nearest. off: nothing.

import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider';

import type { Clock } from '../../basics/index.ts';
import { recordingMissing } from '../faults.ts';
import {
  aboutOf,
  canonicalRequest,
  keyOf,
  likeness,
  readRecording,
  writtenRecording,
  type Recording,
} from './recording.ts';

export const REPLAY_MODES = ['off', 'record', 'replay', 'strict'] as const;
export type ReplayMode = (typeof REPLAY_MODES)[number];

export interface ReplayOptions {
  readonly mode: ReplayMode;
  /** One file for each request, named by its key. */
  readonly folder: string;
  readonly clock: Clock;
  /** At once, or as it came. */
  readonly pace?: 'at-once' | 'as-recorded';
}

export interface Replay {
  /** `named` is what the recording is of: two keys of the same model are the same. */
  wrap(model: LanguageModelV4, named: { readonly provider: string; readonly model: string }): LanguageModelV4;
}

/** Recordings that are compared to find the nearest one. */
const COMPARED_MAX = 500;

export function createReplay(options: ReplayOptions): Replay {
  if (options.mode === 'off') return { wrap: (model) => model };
  return {
    wrap: (model, named) => {
      const name = `${named.provider}/${named.model}`;
      return {
        specificationVersion: 'v4',
        provider: model.provider,
        modelId: model.modelId,
        supportedUrls: model.supportedUrls,
        doGenerate: (asked) => generated(options, { model, name }, asked),
        doStream: (asked) => streamed(options, { model, name }, asked),
      };
    },
  };
}

interface Named {
  readonly model: LanguageModelV4;
  readonly name: string;
}

async function generated(options: ReplayOptions, { model, name }: Named, asked: LanguageModelV4CallOptions) {
  const request = canonicalRequest(asked, name, 'generate');
  const known = found(options, keyOf(request), asked);
  // It was a whole answer when it was written.
  if (known !== undefined) return known.parts[0]?.value as LanguageModelV4GenerateResult;
  const startedAtMs = options.clock.now();
  const answer = await model.doGenerate(asked);
  const { request: _request, response: _response, ...kept } = answer;
  if (options.mode === 'record') {
    write(options, headOf(request, asked, { name, how: 'generate' }), [
      { atMs: options.clock.now() - startedAtMs, value: kept },
    ]);
  }
  return answer;
}

async function streamed(options: ReplayOptions, { model, name }: Named, asked: LanguageModelV4CallOptions) {
  const request = canonicalRequest(asked, name, 'stream');
  const known = found(options, keyOf(request), asked);
  if (known !== undefined) return { stream: played(options, known, asked.abortSignal) };
  const startedAtMs = options.clock.now();
  const { stream } = await model.doStream(asked);
  if (options.mode !== 'record') return { stream };
  const parts: { readonly atMs: number; readonly value: unknown }[] = [];
  const keeping = new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
    transform(part, controller) {
      if (part.type !== 'raw') parts.push({ atMs: options.clock.now() - startedAtMs, value: part });
      controller.enqueue(part);
      // Only what came to its end is an answer.
      if (part.type === 'finish') write(options, headOf(request, asked, { name, how: 'stream' }), parts);
    },
  });
  return { stream: stream.pipeThrough(keeping) };
}

type Head = Omit<Recording, 'parts'>;

const headOf = (
  request: unknown,
  asked: LanguageModelV4CallOptions,
  { name, how }: { readonly name: string; readonly how: Recording['how'] },
): Head => ({ version: 1, key: keyOf(request), how, model: name, about: aboutOf(asked), request });

function write({ folder }: ReplayOptions, head: Head, parts: Recording['parts']): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${head.key}.jsonl`);
  writeFileSync(`${file}.part`, writtenRecording({ ...head, parts }), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** Undefined where the model is to be asked. */
function found(options: ReplayOptions, key: string, asked: LanguageModelV4CallOptions): Recording | undefined {
  if (options.mode === 'record') return undefined;
  const names = recordingNames(options.folder);
  const file = `${key}.jsonl`;
  if (names.includes(file)) return readRecording(readFileSync(join(options.folder, file), 'utf8'), file);
  if (options.mode === 'replay') return undefined;
  throw recordingMissing(key, nearest(options.folder, names, aboutOf(asked)));
}

function recordingNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  } catch {
    // A folder that is not there has no recordings.
    return [];
  }
}

function nearest(folder: string, names: readonly string[], about: string): string | null {
  const all = names
    .slice(0, COMPARED_MAX)
    .map((name) => readRecording(readFileSync(join(folder, name), 'utf8'), name))
    .map((recording) => ({ recording, alike: likeness(recording.about, about) }))
    .toSorted((a, b) => b.alike - a.alike);
  const [best] = all;
  return best === undefined
    ? null
    : `${best.recording.key} ("${best.recording.about.slice(0, 80)}", ${best.recording.model})`;
}

function played(
  { clock, pace }: ReplayOptions,
  { parts }: Recording,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  let next = 0;
  let atMs = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        signal?.throwIfAborted();
        const part = parts[next];
        if (part === undefined) return controller.close();
        next += 1;
        if (pace === 'as-recorded') await clock.sleep(part.atMs - atMs, signal);
        atMs = part.atMs;
        // It was a part when it was written.
        controller.enqueue(part.value as LanguageModelV4StreamPart);
      },
    },
    { highWaterMark: 0 },
  );
}
