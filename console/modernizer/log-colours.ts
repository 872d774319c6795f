// The colours that a program meant for a terminal, as tones of ours. Pure.
// Rule: the text is the same as without colours (log-state.ts), so what is searched is what is seen; bounded, because a
// program may change its colour at every letter.

import type { Tone } from '../components/chip.tsx';
import { plainText } from './log-state.ts';

export interface ColouredRun {
  readonly text: string;
  /** `faint` for what is dimmed; null for the ordinary ink. */
  readonly tone: Tone | 'faint' | null;
  readonly bold: boolean;
}

/** More than this is drawn without colours: each run is an element of the page. */
const RUNS_MAX = 6_000;

// A code that sets colours; plainText takes every other sequence away.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CODE = /\u001b\[([\d;]*)m/g;

const TONES: Readonly<Record<number, ColouredRun['tone']>> = {
  31: 'bad',
  32: 'good',
  33: 'warn',
  34: 'info',
  35: 'accent',
  36: 'info',
  37: null,
  39: null,
  90: 'faint',
  91: 'bad',
  92: 'good',
  93: 'warn',
  94: 'info',
  95: 'accent',
  96: 'info',
  97: null,
};

type Style = Omit<ColouredRun, 'text'>;
const ORDINARY: Style = { tone: null, bold: false };

export function colouredRuns(text: string): readonly ColouredRun[] {
  const runs: ColouredRun[] = [];
  let style = ORDINARY;
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  for (const [index, line] of lines.entries()) {
    const end = index === lines.length - 1 ? '' : '\n';
    // A line that was written over shows its last state, and nobody knows which of its colours that has.
    if (line.replace(/\r+$/, '').includes('\r')) {
      add(runs, `${plainText(line)}${end}`, ORDINARY);
      style = [...line.matchAll(CODE)].reduce((now, [, codes = '']) => styleAfter(now, codes), style);
      continue;
    }
    let from = 0;
    for (const match of line.matchAll(CODE)) {
      add(runs, plainText(line.slice(from, match.index)), style);
      style = styleAfter(style, match[1] ?? '');
      from = match.index + match[0].length;
    }
    add(runs, `${plainText(line.slice(from))}${end}`, style);
    if (runs.length > RUNS_MAX) return [{ text: plainText(text), ...ORDINARY }];
  }
  return runs;
}

function add(runs: ColouredRun[], text: string, style: Style): void {
  if (text === '') return;
  const last = runs.at(-1);
  if (last !== undefined && last.tone === style.tone && last.bold === style.bold) {
    runs[runs.length - 1] = { ...last, text: last.text + text };
  } else runs.push({ text, ...style });
}

function styleAfter(style: Style, codes: string): Style {
  let now = style;
  const numbers = codes.split(';').map(Number);
  for (let at = 0; at < numbers.length; at += 1) {
    const code = numbers[at] ?? 0;
    if (code === 0) now = ORDINARY;
    else if (code === 1) now = { ...now, bold: true };
    else if (code === 2) now = { ...now, tone: 'faint' };
    else if (code === 22) now = { tone: now.tone === 'faint' ? null : now.tone, bold: false };
    // A colour out of 256, or of 16 million: what follows names it and is no code.
    else if (code === 38 || code === 48) at += numbers[at + 1] === 5 ? 2 : 4;
    else if (code in TONES) now = { ...now, tone: TONES[code] ?? null };
  }
  return now;
}
