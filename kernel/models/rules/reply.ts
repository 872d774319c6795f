// What the built-in rules answer: a pure function of the conversation, the moment and a seed.
// Rule: the same question, moment and seed give the same answer, so that it can be gone on with and replayed.

import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider';

import type { Instant } from '../../basics/index.ts';
import { LAST_WORDS } from '../routing/continuing.ts';
import { arithmeticIn } from './arithmetic.ts';
import { chooseTool, type ChosenTool } from './choose-tool.ts';
import {
  CANNOT_CONTINUE,
  DATE,
  DECLINES,
  filled,
  LANGUAGES,
  PERSONA,
  pick,
  SUM,
  TELLTALES,
  TOOL_ANSWERED,
  TOPICS,
  type Language,
} from './texts.ts';

export type Reply =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'tool'; readonly tool: ChosenTool };

const OUTPUT_LENGTH_MAX = 2000;
const ASKS_FOR_MOMENT =
  /\bwhat (?:time|day|date) is\b|\bwhat(?:'s| is) the (?:time|date|day)\b|\b(?:today's|current) (?:date|time|day)\b|wie spät|welcher tag|quelle heure|quel jour|qué hora|qué día/iu;

export function replyTo(options: LanguageModelV4CallOptions, now: Instant, seed: number): Reply {
  const { prompt } = options;
  const question = lastText(prompt, 'user');
  const anchor = LAST_WORDS.exec(question)?.[1];
  if (anchor !== undefined) return { kind: 'text', text: continued(options, anchor, { now, seed }) };
  const language = languageOf(question);
  const answered = toolOutput(prompt);
  if (answered !== undefined) return { kind: 'text', text: filled(pick(TOOL_ANSWERED, language, 0), answered) };
  const tool = toolFor(options, question);
  if (tool !== undefined) return { kind: 'tool', tool };
  const text = textFor({ question, prompt, language, now, choice: hash(`${seed} ${question}`) });
  return { kind: 'text', text: options.responseFormat?.type === 'json' ? JSON.stringify({ answer: text }) : text };
}

interface Asked {
  readonly question: string;
  readonly prompt: LanguageModelV4Prompt;
  readonly language: Language;
  readonly now: Instant;
  readonly choice: number;
}

function textFor({ question, prompt, language, now, choice }: Asked): string {
  const sum = arithmeticIn(question);
  if (sum !== undefined)
    return filled(pick(SUM, language, 0), { expression: sum.expression, value: String(sum.value) });
  if (ASKS_FOR_MOMENT.test(question)) {
    return filled(pick(DATE, language, 0), momentText(now, language));
  }
  const topic = TOPICS.find(({ asked }) => asked.test(question));
  const text = pick(topic?.texts ?? DECLINES, language, choice);
  return filled(text, { persona: personaText(prompt, language) });
}

function toolFor({ tools, toolChoice }: LanguageModelV4CallOptions, question: string): ChosenTool | undefined {
  if (toolChoice?.type === 'none') return undefined;
  const known = (tools ?? []).filter((tool) => tool.type === 'function');
  const wanted = toolChoice?.type === 'tool' ? known.filter(({ name }) => name === toolChoice.toolName) : known;
  return chooseTool(question, wanted);
}

/** The same answer once more, from behind the words that are shown; another's answer cannot be gone on with. */
function continued(
  options: LanguageModelV4CallOptions,
  anchor: string,
  { now, seed }: { readonly now: Instant; readonly seed: number },
): string {
  const before = options.prompt.slice(0, -2);
  const said = lastText(options.prompt, 'assistant');
  const whole = before.length === 0 ? undefined : replyTo({ ...options, prompt: before }, now, seed);
  const isOurs = whole?.kind === 'text' && whole.text.startsWith(said);
  return anchor + (isOurs ? said.slice(said.trimEnd().length) + whole.text.slice(said.length) : CANNOT_CONTINUE);
}

function lastText(prompt: LanguageModelV4Prompt, role: 'user' | 'assistant'): string {
  const message = prompt.findLast((candidate) => candidate.role === role);
  if (message === undefined || typeof message.content === 'string') return '';
  return message.content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
}

/** Of the tool that was called last, where its output is the last thing that happened. */
function toolOutput(prompt: LanguageModelV4Prompt): { readonly tool: string; readonly output: string } | undefined {
  const last = prompt.at(-1);
  if (last?.role !== 'tool') return undefined;
  const result = last.content.findLast((part) => part.type === 'tool-result');
  if (result === undefined) return undefined;
  const { output } = result;
  const value = 'value' in output ? output.value : (output.reason ?? 'not allowed');
  return { tool: result.toolName, output: plain(value).slice(0, OUTPUT_LENGTH_MAX) };
}

/** `5` rather than `{"value":5}`. */
function plain(value: unknown): string {
  const parsed = typeof value === 'string' ? parsedOr(value) : value;
  if (typeof parsed !== 'object' || parsed === null) return String(parsed);
  const values: unknown[] = Object.values(parsed);
  const [only] = values;
  return values.length === 1 && typeof only !== 'object' ? String(only) : JSON.stringify(parsed);
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A tool may answer with plain words.
    return text;
  }
}

function personaText(prompt: LanguageModelV4Prompt, language: Language): string {
  const system = prompt.find(({ role }) => role === 'system')?.content;
  const name =
    typeof system === 'string' ? /\b(?:You are|Your name is) (\p{Lu}[\p{L}' -]{0,30})/u.exec(system)?.[1] : undefined;
  return name === undefined ? '' : filled(pick(PERSONA, language, 0), { name: name.trim() });
}

const languageOf = (question: string): Language =>
  LANGUAGES.find((language) => language !== 'en' && TELLTALES[language].test(question)) ?? 'en';

function momentText(now: Instant, language: Language): { readonly date: string; readonly time: string } {
  const date = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    dateStyle: 'full',
    timeZone: 'UTC',
  }).format(now);
  return { date, time: new Date(now).toISOString().slice(11, 16) };
}

/** FNV-1a: chooses among texts, nothing more. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
