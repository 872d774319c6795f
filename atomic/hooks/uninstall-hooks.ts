// Takes what `installHooks` wrote out of an agent's settings again.
// Rule: only entries that call `atomic hook` go; everything of others stays as it stands, also inside a shared group. Lists
// and objects that are empty without them go too.

import type { AgentName } from './agents.ts';

export type UninstalledHooks =
  | { readonly kind: 'written'; readonly text: string }
  /** Nothing of Atomic is left: the file may go, if it was made for it. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'unreadable'; readonly why: string };

type Table = Readonly<Record<string, unknown>>;

/** `existing`: the text of the settings. */
export function uninstallHooks(agent: AgentName, existing: string): UninstalledHooks {
  const read = jsonOf(existing);
  if (!isTable(read)) return { kind: 'unreadable', why: 'It is not a JSON object.' };
  const { hooks } = read;
  if (!isTable(hooks)) return { kind: 'unchanged' };
  const left = Object.entries(hooks).flatMap(([event, list]) => {
    if (!Array.isArray(list)) return [[event, list] as const];
    const others = list.flatMap((entry: unknown) => withoutOurs(agent, entry));
    return others.length === 0 && list.length > 0 ? [] : [[event, others] as const];
  });
  const { hooks: _hooks, ...beside } = read;
  const after = left.length === 0 ? beside : { ...read, hooks: Object.fromEntries(left) };
  if (JSON.stringify(after) === JSON.stringify(read)) return { kind: 'unchanged' };
  if (Object.keys(after).every((key) => key === 'version')) return { kind: 'empty' };
  return { kind: 'written', text: `${JSON.stringify(after, null, indentOf(existing))}\n` };
}

/** Whether the settings call Atomic. */
export const hasHooks = (agent: AgentName, existing: string): boolean => isOurs(agent, existing);

const isOurs = (agent: AgentName, entry: unknown): boolean => JSON.stringify(entry).includes(`atomic hook ${agent} `);

function withoutOurs(agent: AgentName, entry: unknown): readonly unknown[] {
  if (!isOurs(agent, entry)) return [entry];
  if (!isTable(entry) || !Array.isArray(entry['hooks'])) return [];
  const others = entry['hooks'].filter((each: unknown) => !isOurs(agent, each));
  return others.length === 0 ? [] : [{ ...entry, hooks: others }];
}

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said in the answer: the file is left alone.
    return undefined;
  }
}

const indentOf = (existing: string): string => /\n([ \t]+)"/.exec(existing)?.[1] ?? '  ';
