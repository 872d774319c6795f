// What the next model is asked when an answer broke off: the whole history, what was said so far, and how to go on.

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

import { anchorOf } from './stitch.ts';

/** Marks the words to begin with; the built-in rules and the wire fakes look for it too. */
export const LAST_WORDS = /<last-words>([\s\S]*)<\/last-words>/;

const instruction = (anchor: string): string =>
  [
    'Your answer above was cut off by a technical fault. Go on with it now.',
    'Begin with exactly these last words of it, then continue directly, in the same language and format, to its end:',
    `<last-words>${anchor}</last-words>`,
    'Write no greeting, no apology, no comment, and none of these marks. If nothing is missing, write only those last words.',
  ].join('\n');

/** The options for whoever goes on after `said`. */
export function continuing(options: LanguageModelV4CallOptions, said: string): LanguageModelV4CallOptions {
  if (said.trim() === '') return options;
  return {
    ...withoutFormat(options),
    prompt: [
      ...options.prompt,
      { role: 'assistant', content: [{ type: 'text', text: said }] },
      { role: 'user', content: [{ type: 'text', text: instruction(anchorOf(said)) }] },
    ],
  };
}

/** The rest of a JSON text is none itself; a model that is held to JSON would begin anew. */
function withoutFormat(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions {
  if (options.responseFormat?.type !== 'json') return options;
  const { responseFormat: _, ...rest } = options;
  return rest;
}

/** True where an answer that was to be JSON and was joined is none. */
export function isBrokenJson(options: LanguageModelV4CallOptions, said: string): boolean {
  if (options.responseFormat?.type !== 'json') return false;
  try {
    JSON.parse(said);
    return false;
  } catch {
    // That it does not parse is the answer.
    return true;
  }
}
