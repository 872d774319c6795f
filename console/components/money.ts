// Money as people read it. It travels as whole millionths of a dollar.

/** `$0.00`, `$0.0042`, `$12.30`: with as many digits as say something. */
export function moneyText(microUsd: number): string {
  const dollars = microUsd / 1_000_000;
  if (dollars === 0) return '$0.00';
  if (Math.abs(dollars) >= 0.01) return `$${dollars.toLocaleString('en-US', TWO_DIGITS)}`;
  return `$${Number(dollars.toPrecision(2)).toLocaleString('en-US', { maximumFractionDigits: 6 })}`;
}

const TWO_DIGITS = { minimumFractionDigits: 2, maximumFractionDigits: 2 } as const;

/** A number of dollars that a person typed, as whole millionths; null where it is none. */
export function microUsdOf(text: string): number | null {
  const dollars = Number(text.trim().replace(/^\$/, '').replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(dollars) || dollars < 0 ? null : Math.round(dollars * 1_000_000);
}

export const countText = (count: number): string => count.toLocaleString('en-US');
