// Writes kernel/spending/price-list.json from the price list of @pydantic/genai-prices, for the providers we speak to.
// Rule: prices become whole microdollars for a million tokens; an entry whose price of input or output is not told is
// left out, so that it counts as unpriced and never as free. Run it after that package was renewed, and read the difference.

import { readFileSync, writeFileSync } from 'node:fs';

import { findProvider } from '@pydantic/genai-prices';
import { format, resolveConfig } from 'prettier';

const TARGET = new URL('../kernel/spending/price-list.json', import.meta.url).pathname;
/** Our name of a provider, and theirs. */
const PROVIDERS = { anthropic: 'anthropic', openai: 'openai', gemini: 'google', openrouter: 'openrouter' } as const;

type Rate = number | { readonly base: number; readonly tiers: readonly { start: number; price: number }[] };
interface Rates {
  readonly input_mtok?: Rate;
  readonly output_mtok?: Rate;
  readonly cache_read_mtok?: Rate;
  readonly cache_write_mtok?: Rate;
}
interface Dated {
  readonly constraint?: { readonly start_date?: string };
  readonly prices: Rates;
}
interface Listed {
  readonly id: string;
  readonly match: unknown;
  readonly prices: Rates | readonly Dated[];
  readonly deprecated?: boolean;
}

const manifest = JSON.parse(
  readFileSync(new URL('../node_modules/@pydantic/genai-prices/package.json', import.meta.url), 'utf8'),
) as { version: string };

const models = Object.entries(PROVIDERS).flatMap(([provider, theirs]) =>
  ((findProvider({ providerId: theirs })?.models ?? []) as unknown as readonly Listed[]).flatMap((listed) =>
    entryOf(provider, listed),
  ),
);
const list = {
  version: `genai-prices ${manifest.version}`,
  source: 'https://github.com/pydantic/genai-prices',
  models,
};
const options = (await resolveConfig(TARGET)) ?? {};
writeFileSync(TARGET, await format(JSON.stringify(list), { ...options, filepath: TARGET }));
process.stdout.write(`${models.length} models, ${list.version}\n`);

function entryOf(provider: string, listed: Listed) {
  const dated: readonly Dated[] = Array.isArray(listed.prices) ? listed.prices : [{ prices: listed.prices as Rates }];
  const periods = dated.flatMap(({ constraint, prices }) => {
    const tiers = tiersOf(prices, listed.id);
    return tiers === undefined ? [] : [{ from: constraint?.start_date ?? null, tiers }];
  });
  if (periods.length === 0) return [];
  return [{ provider, model: listed.id, match: listed.match, isRetired: listed.deprecated === true, periods }];
}

/** `[aboveInputTokens, input, output, cacheRead, cacheWrite]`; a cached token costs what a fresh one does where nothing else is said. */
function tiersOf(rates: Rates, id: string): readonly (readonly number[])[] | undefined {
  if (Object.keys(rates).length === 0) return id.endsWith(':free') ? [[0, 0, 0, 0, 0]] : undefined;
  const { input_mtok: input, output_mtok: output } = rates;
  if (input === undefined || output === undefined) return undefined;
  const all = [input, output, rates.cache_read_mtok ?? input, rates.cache_write_mtok ?? input];
  const starts = new Set([
    0,
    ...all.flatMap((rate) => (typeof rate === 'number' ? [] : rate.tiers.map((t) => t.start))),
  ]);
  return [...starts].sort((a, b) => a - b).map((start) => [start, ...all.map((rate) => rateAt(rate, start))]);
}

function rateAt(rate: Rate, start: number): number {
  const price =
    typeof rate === 'number' ? rate : (rate.tiers.findLast((tier) => tier.start <= start)?.price ?? rate.base);
  return Math.round(price * 1_000_000);
}
