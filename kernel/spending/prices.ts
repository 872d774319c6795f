// What an attempt costs: the generated list, our marks beside it, and the prices that persons set.
// Rule: unknown is an answer of its own and never nothing; a part of a microdollar is a whole one.

import { microdollars, type Instant, type Microdollars } from '../basics/index.ts';
import priceList from './price-list.json' with { type: 'json' };
import { PRICE_MARKS, type PriceMark } from './price-marks.ts';
import type { Price, PriceAnswer, PriceTier, Usage } from './spending.ts';

const TOKENS_PER_PRICE = 1_000_000;
/** What runs on this machine, or is no model at all. */
const FREE_PROVIDERS: readonly string[] = ['local', 'tandem-rules'];
const MARKS_VERSION = 'tandem 2026-11-21';
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Which names an entry means, in the words of the list. */
type Match =
  | { readonly equals: string }
  | { readonly starts_with: string }
  | { readonly ends_with: string }
  | { readonly contains: string }
  | { readonly regex: string }
  | { readonly or: readonly Match[] }
  | { readonly and: readonly Match[] };

interface Entry {
  readonly provider: string;
  readonly model: string;
  readonly match: Match;
  readonly isRetired: boolean;
  readonly periods: readonly { readonly from: string | null; readonly tiers: readonly (readonly number[])[] }[];
}

const ENTRIES = Map.groupBy(priceList.models as unknown as readonly Entry[], ({ provider }) => provider);
/** By provider and name: the entry, and its price as it was found last. */
const found = new Map<string, Found>();
interface Found {
  readonly entry: Entry | undefined;
  price: Price | null;
  /** In which minute since 1970 it was looked up; prices begin on days. */
  minute: number;
}
/** Callers name models; a memory without a bound would be theirs to fill. */
const FOUND_MAX = 5000;

/** What the list and our marks say, for a call at that moment. Provider and model in our names. */
export function listedPrice(provider: string, model: string, at: Instant): PriceAnswer {
  if (FREE_PROVIDERS.includes(provider)) return { kind: 'priced', price: freePrice(provider, model) };
  const mark = markOf(provider, model);
  const { entry, price } = foundOf(provider, model, at);
  if (mark?.kind === 'priced') return { kind: 'priced', price: markedPrice(provider, model, mark) };
  if (mark?.kind === 'retired') return { ...mark, price };
  if (price === null) return { kind: 'unpriced', why: mark?.why ?? `No price of ${provider}/${model} is known.` };
  if (entry?.isRetired === true) return { kind: 'retired', price, since: priceList.version, source: price.source };
  return { kind: 'priced', price };
}

/** Rounded up to a whole microdollar; cached tokens are part of the input. */
export function costOf(price: Pick<Price, 'tiers'>, usage: Usage): Microdollars {
  const tier = price.tiers.findLast(({ aboveInputTokens }) => usage.inputTokens > aboveInputTokens) ?? price.tiers[0];
  const fresh = Math.max(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens);
  const millionths =
    fresh * tier.input +
    usage.cacheReadTokens * tier.cacheRead +
    usage.cacheWriteTokens * tier.cacheWrite +
    usage.outputTokens * tier.output;
  return microdollars(Math.ceil(millionths / TOKENS_PER_PRICE));
}

/** The dearest that usage within these bounds can be, whichever tier and cache it meets. */
export function worstCostOf(price: Pick<Price, 'tiers'>, usage: Usage): Microdollars {
  const costs = price.tiers.map((tier) => {
    const input = Math.max(tier.input, tier.cacheRead, tier.cacheWrite);
    return Math.ceil((usage.inputTokens * input + usage.outputTokens * tier.output) / TOKENS_PER_PRICE);
  });
  const reachable = costs.filter((_, index) => usage.inputTokens > (price.tiers[index]?.aboveInputTokens ?? 0));
  return microdollars(Math.max(0, ...(reachable.length === 0 ? costs.slice(0, 1) : reachable)));
}

export const tierOf = (rates: readonly number[]): PriceTier => {
  const [aboveInputTokens = 0, input = 0, output = 0, cacheRead = 0, cacheWrite = 0] = rates;
  return {
    aboveInputTokens,
    input: microdollars(input),
    output: microdollars(output),
    cacheRead: microdollars(cacheRead),
    cacheWrite: microdollars(cacheWrite),
  };
};

const freePrice = (provider: string, model: string): Price => ({
  provider,
  model,
  tiers: [tierOf([])],
  version: MARKS_VERSION,
  source: 'It runs on this machine.',
});

const markedPrice = (provider: string, model: string, mark: Extract<PriceMark, { kind: 'priced' }>): Price => ({
  provider,
  model,
  tiers: [tierOf([0, ...mark.rates])],
  version: MARKS_VERSION,
  source: mark.source,
});

function markOf(provider: string, model: string): PriceMark | undefined {
  const marks = Object.hasOwn(PRICE_MARKS, provider) ? PRICE_MARKS[provider] : undefined;
  if (marks === undefined) return undefined;
  return Object.hasOwn(marks, model) ? marks[model] : marks['*'];
}

function priceFrom(entry: Entry, model: string, at: Instant): Price | null {
  const begun = entry.periods.filter(({ from }) => from === null || Date.parse(from) < at + DAY_MS);
  const [first, ...more] = (begun.at(-1) ?? entry.periods[0])?.tiers.map(tierOf) ?? [];
  if (first === undefined) return null;
  const { version, source } = priceList;
  return { provider: entry.provider, model, tiers: [first, ...more], version, source };
}

function foundOf(provider: string, model: string, at: Instant): Found {
  const name = `${provider}/${model}`;
  const known = found.get(name) ?? { entry: entryOf(provider, model), price: null, minute: NaN };
  const minute = Math.floor(at / MINUTE_MS);
  if (known.minute === minute) return known;
  known.price = known.entry === undefined ? null : priceFrom(known.entry, model, at);
  known.minute = minute;
  if (found.size >= FOUND_MAX) found.clear();
  found.set(name, known);
  return known;
}

function entryOf(provider: string, model: string): Entry | undefined {
  const entries = ENTRIES.get(provider) ?? [];
  const wanted = model.toLowerCase();
  return entries.find((listed) => listed.model === wanted) ?? entries.find(({ match }) => fits(match, wanted));
}

function fits(match: Match, name: string): boolean {
  if ('or' in match) return match.or.some((part) => fits(part, name));
  if ('and' in match) return match.and.every((part) => fits(part, name));
  if ('equals' in match) return name === match.equals;
  if ('starts_with' in match) return name.startsWith(match.starts_with);
  if ('ends_with' in match) return name.endsWith(match.ends_with);
  if ('contains' in match) return name.includes(match.contains);
  return new RegExp(match.regex).test(name);
}
