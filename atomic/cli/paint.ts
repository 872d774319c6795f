// Colours: only where a person sees them and has not asked for plain text (https://no-color.org).

import type { Output } from 'kernel/terminal';

type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'dim' | 'bold';
export type Paint = (colour: Colour, text: string) => string;

const CODES: Readonly<Record<Colour, readonly [on: number, off: number]>> = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  dim: [2, 22],
  bold: [1, 22],
};

export const PLAIN: Paint = (_colour, text) => text;

export function paintFor(output: Output, env: Readonly<Record<string, string | undefined>>): Paint {
  const isPlain = output.isTTY !== true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  if (isPlain) return PLAIN;
  return (colour, text) => {
    const [on, off] = CODES[colour];
    return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** The colour of each class of actor, in every list. */
export const ACTOR_COLOURS = { ai: 'magenta', mixed: 'magenta', human: 'green', untracked: 'dim' } as const;
