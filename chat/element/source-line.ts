// Who or what answered, what it cost, and what the guard said: the same three chips everywhere.

import type { Message } from '../protocol/index.ts';
import { make } from './make.ts';
import type { Words } from './words.ts';

export function sourceLine({ source, costMicroUsd, usage, verdict }: Message, words: Words): HTMLElement {
  const line = make('div', { class: 'chips' });
  if (source !== null) {
    const attempts = source.attempts > 1 ? ` · ${words.attempts(source.attempts)}` : '';
    line.append(make('span', { class: 'chip' }, `${source.text}${attempts}`));
  }
  if (costMicroUsd !== null) {
    const estimated = usage?.isEstimated === true ? '~' : '';
    line.append(
      make('span', { class: 'chip' }, costMicroUsd === 0 ? words.free : `${estimated}${costText(costMicroUsd)}`),
    );
  }
  if (verdict !== null) {
    const kind = verdict.kind;
    const title = [verdict.by, verdict.reason].filter((part) => part !== null).join(': ');
    line.append(make('span', { class: `chip ${kind}`, title }, words.verdicts[kind]));
  }
  return line;
}

/** Millionths of a dollar, with as many digits as say something. */
export function costText(microUsd: number): string {
  const dollars = microUsd / 1_000_000;
  if (dollars >= 0.01) return `$${dollars.toFixed(2)}`;
  return `$${dollars.toPrecision(2).replace(/\.?0+$/, '')}`;
}
