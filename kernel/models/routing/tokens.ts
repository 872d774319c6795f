// How many tokens a text has. Counted where a provider did not say it; estimated high where money is set aside.

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

/** Beyond it a sample is counted and multiplied: counting takes longer than linear for texts without blanks. */
const COUNTED_CHARS_MAX = 50_000;
/** A tokenizer takes a text without blanks as one word, in quadratic time. */
const WORD_CHARS_MAX = 200;

/** The usual tokenizer of today; others differ by a tenth or so. Loaded when first needed: it takes 100 ms. */
export async function countTokens(text: string): Promise<number> {
  if (text === '') return 0;
  const { countTokens: count } = await import('gpt-tokenizer');
  const sample = text.slice(0, COUNTED_CHARS_MAX);
  const inWords = sample.replaceAll(new RegExp(`\\S{${WORD_CHARS_MAX}}`, 'gu'), '$& ');
  return Math.ceil((count(inWords, { disallowedSpecial: new Set() }) * text.length) / sample.length);
}

/** Cheap, for notes while a stream runs. */
export const roughTokens = (characters: number): number => Math.ceil(characters / 4);

/** Templates and system words that providers add to every request. */
const PER_REQUEST = 100;
/** Anthropic puts 350 tokens before the first tool; others less. */
const WITH_TOOLS = 700;
/** What a message costs beside its text: role, separators. */
const PER_MESSAGE = 16;
/** A large picture, with the providers that charge most for one. */
const PER_PICTURE = 3000;
/** Other files: a page of text for each 10 bytes of a document would be absurd, a token for each ten is a lot. */
const BYTES_PER_FILE_TOKEN = 10;
/** Letters are a quarter token, code a third, signs of Asia one or two for three bytes: half is more than any text has. */
const TOKENS_PER_BYTE = 0.5;

/** More than the request can have, without counting it: what is set aside must not turn out too little. */
export function inputTokensMax(
  options: Pick<LanguageModelV4CallOptions, 'prompt' | 'tools' | 'responseFormat'>,
): number {
  let tokens = PER_REQUEST;
  for (const message of options.prompt) {
    tokens += PER_MESSAGE;
    if (typeof message.content === 'string') tokens += textTokensMax(message.content);
    else for (const part of message.content) tokens += partTokensMax(part);
  }
  if (options.tools !== undefined) tokens += WITH_TOOLS + textTokensMax(JSON.stringify(options.tools));
  if (options.responseFormat?.type === 'json') tokens += textTokensMax(JSON.stringify(options.responseFormat));
  return Math.ceil(tokens);
}

function partTokensMax(part: Exclude<LanguageModelV4CallOptions['prompt'][number]['content'], string>[number]): number {
  if (part.type === 'text' || part.type === 'reasoning') return textTokensMax(part.text);
  if (part.type === 'file') {
    return part.mediaType.startsWith('image') ? PER_PICTURE : PER_PICTURE + fileBytes(part.data) / BYTES_PER_FILE_TOKEN;
  }
  return textTokensMax(JSON.stringify(part));
}

const textTokensMax = (text: string): number => Buffer.byteLength(text) * TOKENS_PER_BYTE;

function fileBytes(data: unknown): number {
  if (typeof data === 'string') return data.length;
  if (data instanceof Uint8Array) return data.byteLength;
  if (typeof data === 'object' && data !== null && 'data' in data) return fileBytes(data.data);
  return typeof data === 'object' && data !== null && 'text' in data ? fileBytes(data.text) : 0;
}

/** The most that a model thinks where it is told to and not how long: that of the largest budgets. */
const THINKING_TOKENS = 64_000;

/** Thinking that two packages add on top of the limit of the answer. */
export function thinkingTokensMax(
  { providerOptions, reasoning }: LanguageModelV4CallOptions,
  provider: string,
): number {
  if (provider !== 'anthropic' && provider !== 'qwen') return 0;
  const { thinking } = providerOptions?.['anthropic'] ?? {};
  const budget = isObject(thinking) ? thinking['budgetTokens'] : providerOptions?.['alibaba']?.['thinkingBudget'];
  if (typeof budget === 'number') return budget;
  const isAsked = reasoning !== undefined && reasoning !== 'none' && reasoning !== 'provider-default';
  const isOn = isObject(thinking) ? thinking['type'] !== 'disabled' : providerOptions?.['alibaba']?.['enableThinking'];
  return isAsked || isOn === true ? THINKING_TOKENS : 0;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** All the words of a prompt, to be counted. */
export function promptText({ prompt, tools }: Pick<LanguageModelV4CallOptions, 'prompt' | 'tools'>): string {
  const texts = prompt.map(({ content }) =>
    typeof content === 'string'
      ? content
      : content
          .map((part) =>
            part.type === 'text' || part.type === 'reasoning'
              ? part.text
              : part.type === 'file'
                ? ''
                : JSON.stringify(part),
          )
          .join(' '),
  );
  return [...texts, tools === undefined ? '' : JSON.stringify(tools)].join('\n');
}
