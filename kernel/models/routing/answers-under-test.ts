// What the tests of the router share: an answer that can be cut, and readers of it.

import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';

import { answerNotesOf, type AnswerNotes } from '../answer-notes.ts';
import { asking, partsOf } from '../model.contract.ts';
import type { Caller } from '../models.ts';
import { CALLER, type UnderTest } from '../models-under-test.ts';
import type { WireBehaviour, WireRequest } from '../wire-fakes/index.ts';
import { LAST_WORDS } from './continuing.ts';

export const TEXT =
  'The quick brown fox jumps over the lazy dog, and then it rests under a tree until the evening comes.';
export const PIECES: readonly string[] = TEXT.match(/\S+\s*/g) ?? [];

/** Answers as asked; goes on from the last words where it is asked to. */
export function answering(request: WireRequest): WireBehaviour {
  const anchor = LAST_WORDS.exec(request.text)?.[1];
  if (anchor === undefined) return { kind: 'answer', pieces: PIECES };
  const rest = TEXT.slice(TEXT.indexOf(anchor));
  return { kind: 'answer', pieces: rest.match(/\S+\s*/g) ?? [] };
}

/** The first request meets this, the others are answered. */
export const firstMeets =
  (behaviour: WireBehaviour, count = 1) =>
  (request: WireRequest): WireBehaviour =>
    request.number <= count ? behaviour : answering(request);

export async function stream(
  under: UnderTest,
  caller: Caller = CALLER,
  name = 'auto',
  more: Parameters<typeof asking>[1] = {},
): Promise<readonly LanguageModelV4StreamPart[]> {
  const model = under.models.model(name, caller);
  if (model === undefined) throw new Error(`Nothing is called ${name}.`);
  return partsOf((await model.doStream(asking('Tell me of the fox.', more))).stream);
}

export const notesIn = (parts: readonly LanguageModelV4StreamPart[]): AnswerNotes | undefined =>
  parts.map(answerNotesOf).find((notes) => notes !== undefined);
