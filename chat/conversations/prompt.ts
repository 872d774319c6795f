// What a model is told before it answers: who it is, whom it talks to, where, and what was said. Decided purely.
// Rule: an entry of a scenario is told only when one of its words came up lately; so long lore costs nothing until it matters.

import type { LanguageModelV4Prompt } from '@ai-sdk/provider';

import type { Persona, Scenario } from '../protocol/index.ts';
import type { AuthoredCharacter } from './characters.ts';
import { extrasOf, type MessageRow } from './rows.ts';

export interface Setting {
  readonly character: AuthoredCharacter;
  /** Answers of the guided set-up. */
  readonly answers: Readonly<Record<string, string>>;
  readonly persona: Persona | null;
  readonly scenario: Scenario | null;
  /** A reusable prompt that is told with each question. */
  readonly system: string | null;
}

/** How many of the last messages are searched for the words of a scenario. */
const LATELY = 6;
const ENTRIES_MAX = 10;

export function promptOf(
  setting: Setting,
  history: readonly MessageRow[],
  pictures: ReadonlyMap<string, Uint8Array> = new Map(),
): LanguageModelV4Prompt {
  return [
    { role: 'system', content: systemText(setting, history) },
    ...history.flatMap((row): LanguageModelV4Prompt => {
      if (row.sender === 'bot') {
        return row.content === '' ? [] : [{ role: 'assistant', content: [{ type: 'text', text: row.content }] }];
      }
      const shown = (extrasOf(row).artifacts ?? []).flatMap(({ id, mediaType }) => {
        const data = pictures.get(id);
        return data === undefined ? [] : [{ type: 'file' as const, mediaType, data: { type: 'data' as const, data } }];
      });
      return [{ role: 'user', content: [{ type: 'text', text: row.content }, ...shown] }];
    }),
  ];
}

function systemText(
  { character, answers, persona, scenario, system }: Setting,
  history: readonly MessageRow[],
): string {
  const entries = scenario === null ? [] : entriesFor(scenario, history);
  return [
    filled(character.instructions, answers),
    persona === null ? '' : `The person you talk to is ${persona.name}. ${persona.description}`,
    scenario === null ? '' : `Scenario: ${scenario.name}. ${scenario.description}`,
    ...entries,
    system ?? '',
  ]
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('\n\n');
}

function entriesFor(scenario: Scenario, history: readonly MessageRow[]): readonly string[] {
  const lately = history
    .slice(-LATELY)
    .map(({ content }) => content.toLowerCase())
    .join('\n');
  return scenario.entries
    .filter(({ words }) => words.some((word) => lately.includes(word.toLowerCase())))
    .slice(0, ENTRIES_MAX)
    .map(({ text }) => text);
}

/** `{{name}}` replaced by its value; what has none becomes nothing. */
export const filled = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{\{\s*([\w-]{1,40})\s*\}\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : '',
  );

/** The names in a template that the values lack. */
export const missingIn = (template: string, values: Readonly<Record<string, string>>): string[] => [
  ...new Set(
    [...template.matchAll(/\{\{\s*([\w-]{1,40})\s*\}\}/g)]
      .map(([, name = '']) => name)
      .filter((name) => !Object.hasOwn(values, name)),
  ),
];
