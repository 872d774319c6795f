// What a model may call in a chat: two things that it is bad at by itself, and that change nothing.

import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';

import { toIso, type Clock } from 'kernel/basics';

import { calculate } from './calculate.ts';

export const TOOLS: readonly LanguageModelV4FunctionTool[] = [
  {
    type: 'function',
    name: 'calculate',
    description: 'The value of an arithmetic expression with + - * / ^ ( ) and decimal numbers.',
    inputSchema: {
      type: 'object',
      properties: { expression: { type: 'string' } },
      required: ['expression'],
      additionalProperties: false,
    },
  },
  {
    type: 'function',
    name: 'current_time',
    description: 'What time it is now, in UTC.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
  },
];

/** Never throws: a wrong call is answered with what is wrong, and the model may try again. */
export function callTool(name: string, input: unknown, clock: Clock): unknown {
  switch (name) {
    case 'calculate': {
      const expression = (input as { readonly expression?: unknown } | null)?.expression;
      if (typeof expression !== 'string') return { error: 'expression must be a text' };
      const value = calculate(expression);
      return value === undefined ? { error: 'this is no arithmetic expression' } : { value };
    }
    case 'current_time':
      return { now: toIso(clock.now()) };
    default:
      return { error: `there is no tool ${JSON.stringify(name.slice(0, 60))}` };
  }
}
