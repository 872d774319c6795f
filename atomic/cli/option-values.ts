// Values of options, read strictly.

import { optionWrong } from './faults.ts';

/** Throws ATOMIC_OPTION_WRONG. */
export function wholeNumber(option: string, text: string, min = 1): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < min) {
    throw optionWrong(option, text, `a whole number from ${min} on`);
  }
  return value;
}

/** Throws ATOMIC_OPTION_WRONG. */
export function oneOf<Choice extends string>(option: string, text: string, choices: readonly Choice[]): Choice {
  const chosen = choices.find((choice) => choice === text);
  if (chosen === undefined) throw optionWrong(option, text, choices.join(', '));
  return chosen;
}
