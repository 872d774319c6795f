// How the console says patches, shares and money.

import type { Shares } from 'atomic/protocol';

const SHORT_HASH = 8;
const MICRODOLLARS = 1_000_000;

export const shortHash = (hash: string): string => hash.slice(0, SHORT_HASH);

/** `claude-sonnet-4-5` of `anthropic/claude-sonnet-4-5`. */
export const modelWord = (model: string): string => model.slice(model.indexOf('/') + 1);

/** The first line, or what stands for a message that is empty. */
export const titleOf = (message: string): string => message.split('\n')[0]?.trim() || 'No message';

export const percentText = (share: number): string => {
  const percent = share * 100;
  if (percent > 0 && percent < 1) return 'under 1 %';
  if (percent > 99 && percent < 100) return 'over 99 %';
  return `${Math.round(percent)} %`;
};

/** A thousandth of a dollar still shows. */
export const moneyText = (microUsd: number): string => {
  const dollars = microUsd / MICRODOLLARS;
  return dollars >= 0.1 || dollars === 0 ? `$${dollars.toFixed(2)}` : `$${dollars.toFixed(4)}`;
};

export const numberText = (count: number): string => count.toLocaleString('en');

/** `1 patch`, `2 patches`. */
export const patchesText = (count: number): string => `${numberText(count)} ${count === 1 ? 'patch' : 'patches'}`;
export const filesText = (count: number): string => `${numberText(count)} ${count === 1 ? 'file' : 'files'}`;
export const conflictsText = (count: number): string =>
  `${numberText(count)} ${count === 1 ? 'conflict' : 'conflicts'}`;

export const sumOf = ({ ai, human, untracked }: Shares): number => ai + human + untracked;

/** A value as it stands in an expression. */
export const quoted = (value: string): string => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
