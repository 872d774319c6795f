// Values that people type into flags and variables. Each reader gives null for one that is not there or empty, and
// throws ATOMIC_AI_VALUE_WRONG, which names who said it, the value and what is allowed.

import type { BasisPoints } from './attribution.ts';
import { basisPoints } from './attribution.ts';
import { aiValueWrong } from './faults.ts';

type Typed = string | undefined;

/** Names, ids and paths: what Agent Trace allows for a model, and enough for any path that systems take. */
const NAME_LENGTH_MAX = 250;
const PATH_LENGTH_MAX = 4096;
const NUMBER = /^(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})$/;
const WHOLE = /^\d{1,15}$/;

export function readSwitch(said: string, typed: Typed): boolean | null {
  const value = given(typed)?.toLowerCase();
  if (value === undefined) return null;
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw aiValueWrong(said, String(typed), '`true`, `1`, `false` or `0`');
}

export function readName(said: string, typed: Typed, lengthMax = NAME_LENGTH_MAX): string | null {
  const value = given(typed);
  if (value === undefined) return null;
  const isPlain = [...value].every((character) => character >= ' ' && character !== '\u007f');
  if (isPlain && value.length <= lengthMax) return value;
  throw aiValueWrong(said, shortened(value), `a name of up to ${lengthMax} characters on one line`);
}

export const readPath = (said: string, typed: Typed): string | null => readName(said, typed, PATH_LENGTH_MAX);

export function readChoice<Choice extends string>(
  said: string,
  typed: Typed,
  choices: readonly Choice[],
): Choice | null {
  const value = given(typed)?.toLowerCase();
  if (value === undefined) return null;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw aiValueWrong(said, shortened(String(typed)), `one of ${choices.join(', ')}`);
  return found;
}

/** A share from 0 to 1. */
export function readShare(said: string, typed: Typed): BasisPoints | null {
  const value = given(typed);
  if (value === undefined) return null;
  const share = NUMBER.test(value) ? basisPoints(Number(value)) : undefined;
  if (share === undefined) throw aiValueWrong(said, shortened(value), 'a number from 0 to 1, such as 0.85');
  return share;
}

export function readWhole(said: string, typed: Typed, min: number, max: number): number | null {
  const value = given(typed);
  if (value === undefined) return null;
  const whole = WHOLE.test(value) ? Number(value) : Number.NaN;
  if (whole >= min && whole <= max) return whole;
  throw aiValueWrong(said, shortened(value), `a whole number from ${min} to ${max}`);
}

/** A number from 0 to `max`, in units of `1 / scale`: 0.7 with a scale of 1000 is 700. */
export function readScaled(said: string, typed: Typed, scale: number, max: number): number | null {
  const value = given(typed);
  if (value === undefined) return null;
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number <= max) return Math.round(number * scale);
  throw aiValueWrong(said, shortened(value), `a number from 0 to ${max}`);
}

const given = (typed: Typed): string | undefined => {
  const value = typed?.trim();
  return value === '' ? undefined : value;
};

/** A message shows enough to recognise a value, not all of a text that was pasted by mistake. */
const shortened = (value: string): string => (value.length <= 60 ? value : `${value.slice(0, 59)}…`);
