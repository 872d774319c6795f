// Which tool obviously fits a question, by a table. Where none does, none is called: a wrong call is worse than none.

import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';

import { arithmeticIn, numbersIn } from './arithmetic.ts';

interface ToolRow {
  /** What such a tool is called. */
  readonly named: RegExp;
  readonly asked: RegExp;
  /** Its input from the question; undefined where the question does not have what it needs. */
  input(question: string, fields: readonly Field[]): Readonly<Record<string, unknown>> | undefined;
}

interface Field {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
}

const ROWS: readonly ToolRow[] = [
  {
    named: /calc|arithmetic|evaluate|math/i,
    asked: /\d/,
    input: (question, fields) => {
      const found = arithmeticIn(question);
      const field = fields.find(({ type }) => type === 'string');
      return found === undefined || field === undefined ? undefined : { [field.name]: found.expression };
    },
  },
  { named: /^(?:add|sum|plus)|_(?:add|sum)$/i, asked: /\b(?:add|sum|plus|total)\b|\d\s*\+\s*\d/i, input: numbersInto },
  { named: /subtract|minus/i, asked: /\b(?:subtract|minus)\b|\d\s*-\s*\d/i, input: numbersInto },
  { named: /multipl|times/i, asked: /\b(?:multipl\w*|times)\b|\d\s*[*×]\s*\d/i, input: numbersInto },
  { named: /divide/i, asked: /\bdivide\w*\b|\d\s*[/÷]\s*\d/i, input: numbersInto },
  {
    named: /time|date|clock|today/i,
    asked: /\b(?:what(?:'s| is) the (?:time|date)|what (?:time|day|date)|today(?:'s date)?|current (?:time|date))\b/i,
    input: (_question, fields) => (fields.some(({ isRequired }) => isRequired) ? undefined : {}),
  },
  {
    named: /weather|forecast/i,
    asked: /\b(?:weather|forecast)\b/i,
    input: (question, fields) => wordsInto(fields, /\b(?:in|for|at)\s+(\p{Lu}[\p{L} -]{1,40})/u.exec(question)?.[1]),
  },
  {
    named: /search|lookup|find/i,
    asked: /\b(?:search|look up|find)\b/i,
    input: (question, fields) =>
      wordsInto(fields, /\b(?:search(?: for)?|look up|find)\s+(.{2,200}?)[?.!]*$/i.exec(question)?.[1]),
  },
];

export interface ChosenTool {
  readonly name: string;
  /** JSON. */
  readonly input: string;
}

/** Undefined where none obviously fits. */
export function chooseTool(question: string, tools: readonly LanguageModelV4FunctionTool[]): ChosenTool | undefined {
  for (const row of ROWS) {
    if (!row.asked.test(question)) continue;
    for (const tool of tools) {
      if (!row.named.test(tool.name)) continue;
      const input = row.input(question, fieldsOf(tool));
      if (input !== undefined) return { name: tool.name, input: JSON.stringify(input) };
    }
  }
  return undefined;
}

function fieldsOf({ inputSchema }: LanguageModelV4FunctionTool): readonly Field[] {
  const required = new Set(inputSchema.required);
  return Object.entries(inputSchema.properties ?? {}).map(([name, schema]) => ({
    name,
    type: typeof schema === 'object' && typeof schema.type === 'string' ? schema.type : 'any',
    isRequired: required.has(name),
  }));
}

/** As many numbers as there are fields for them, in order; or all of them where one field takes a list. */
function numbersInto(question: string, fields: readonly Field[]): Readonly<Record<string, unknown>> | undefined {
  const numbers = numbersIn(question);
  const places = fields.filter(({ type }) => type === 'number' || type === 'integer');
  const list = fields.find(({ type }) => type === 'array');
  if (numbers.length < 2) return undefined;
  if (list !== undefined && places.length === 0) return { [list.name]: numbers };
  if (places.length !== numbers.length) return undefined;
  return Object.fromEntries(places.map(({ name }, index) => [name, numbers[index]]));
}

function wordsInto(fields: readonly Field[], words: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const texts = fields.filter(({ type }) => type === 'string');
  const field = texts.find(({ isRequired }) => isRequired) ?? texts[0];
  const others = fields.filter((other) => other !== field && other.isRequired);
  return words === undefined || field === undefined || others.length > 0 ? undefined : { [field.name]: words.trim() };
}
