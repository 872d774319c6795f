// What the page of sources decides. Pure.

import { CircleCheck, Snowflake, ShieldX } from 'lucide-react';
import { unreachable } from 'kernel/basics';
import type { Leg, RouteShape } from 'tandem/protocol';

import type { Look } from '../components/chip.tsx';

/** A key older than this is due for another: what most security rules for keys say. */
const KEY_DAYS_MAX = 90;

export const isKeyDue = (ageDays: number | null): boolean => ageDays !== null && ageDays > KEY_DAYS_MAX;

export function ageText(ageDays: number | null): string {
  if (ageDays === null) return 'age not known';
  const days = Math.floor(ageDays);
  return days === 0 ? 'added today' : days === 1 ? 'one day old' : `${days} days old`;
}

export function legLook(state: Leg['state'], nowMs: number): Look {
  switch (state.kind) {
    case 'ready':
      return { tone: 'good', icon: CircleCheck, word: 'ready' };
    case 'cooling': {
      const seconds = Math.max(0, Math.ceil((state.untilMs - nowMs) / 1000));
      return { tone: 'warn', icon: Snowflake, word: seconds === 0 ? 'back any moment' : `back in ${seconds} s` };
    }
    case 'revoked':
      return { tone: 'bad', icon: ShieldX, word: 'key refused' };
    default:
      return unreachable(state);
  }
}

export const reasonOf = (state: Leg['state']): string | null => (state.kind === 'ready' ? null : state.why);

/** Of the calls that were made, in whole percent; null where none was. */
export const errorShare = ({ calls, errors }: Pick<Leg, 'calls' | 'errors'>): number | null =>
  calls === 0 ? null : Math.round((errors / calls) * 100);

export const POLICIES = [
  { value: 'pinned', label: 'In this order' },
  { value: 'cost', label: 'The cheapest' },
  { value: 'latency', label: 'The quickest' },
  { value: 'quality', label: 'The best, in this order' },
  { value: 'weighted', label: 'Split by weight' },
] as const satisfies readonly { readonly value: RouteShape['policy']; readonly label: string }[];

export const policyText = (policy: RouteShape['policy']): string =>
  POLICIES.find(({ value }) => value === policy)?.label ?? policy;

export type Options = RouteShape['options'];
export type OptionsRead =
  { readonly kind: 'read'; readonly options: Options } | { readonly kind: 'wrong'; readonly why: string };

/** Options of providers as a person wrote them: an object of objects, by provider. What is in them the server checks. */
export function optionsIn(text: string): OptionsRead {
  if (text.trim() === '') return { kind: 'read', options: {} };
  try {
    const value: unknown = JSON.parse(text);
    return isOptions(value)
      ? { kind: 'read', options: value }
      : { kind: 'wrong', why: 'It must be an object with an object for each provider: { "gemini": { … } }.' };
  } catch (error) {
    return { kind: 'wrong', why: error instanceof Error ? error.message : String(error) };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOptions = (value: unknown): value is Options => isObject(value) && Object.values(value).every(isObject);

export const optionsText = (options: Options | undefined): string =>
  options === undefined || Object.keys(options).length === 0 ? '' : JSON.stringify(options, null, 2);

/** A list with one of its things a place further up or down; as it is where there is no such place. */
export function moved<Thing>(things: readonly Thing[], index: number, by: 1 | -1): readonly Thing[] {
  const other = index + by;
  const [thing, beside] = [things[index], things[other]];
  if (thing === undefined || beside === undefined) return things;
  return things.map((each, at) => (at === index ? beside : at === other ? thing : each));
}
