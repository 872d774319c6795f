// The guard's look at what is sent: the last text of the person, before any provider has it.

import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';

import type { Verdict } from '../../guard/index.ts';
import type { Caller } from '../models.ts';

/** Shown where a stage that refuses does not say what to show. */
export const REFUSED_TEXT = 'I would rather not talk about this.';

export interface GuardedPrompt {
  readonly options: LanguageModelV4CallOptions;
  /** Undefined where nobody looked. */
  readonly verdict: Verdict | undefined;
}

/** Changed where the guard changed it. Refused: nothing is to be sent. */
export async function guardedPrompt(caller: Caller, options: LanguageModelV4CallOptions): Promise<GuardedPrompt> {
  const { guard, audience } = caller;
  if (guard === undefined) return { options, verdict: undefined };
  const index = options.prompt.findLastIndex(({ role }) => role === 'user');
  const text = textsOf(options.prompt, index).join('\n');
  if (text === '') return { options, verdict: { kind: 'passed' } };
  const judged = await lookedAt(() => guard.before(text, audience));
  if (judged.verdict.kind !== 'changed') return { options, verdict: judged.verdict };
  return { options: { ...options, prompt: withText(options.prompt, index, judged.text) }, verdict: judged.verdict };
}

async function lookedAt(ask: () => Promise<{ readonly text: string; readonly verdict: Verdict }>) {
  try {
    return await ask();
  } catch {
    // A guard that breaks is a closed gate; what it threw may hold the words that it judged.
    const verdict: Verdict = { kind: 'refused', by: 'guard', reason: 'The guard failed.', instead: null };
    return { text: '', verdict };
  }
}

function textsOf(prompt: LanguageModelV4Prompt, index: number): readonly string[] {
  const message = prompt[index];
  return message?.role === 'user' ? message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])) : [];
}

/** One text in place of all texts of the message; its files stay. */
function withText(prompt: LanguageModelV4Prompt, index: number, text: string): LanguageModelV4Prompt {
  return prompt.map((message, at) =>
    at === index && message.role === 'user'
      ? { ...message, content: [{ type: 'text', text }, ...message.content.filter((part) => part.type !== 'text')] }
      : message,
  );
}
