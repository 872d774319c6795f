// What was spent, what may be, and what it will come to. Money is whole microdollars.

import * as z from 'zod/mini';

export const CostUsage = z.object({
  inputTokens: z.number(),
  cacheReadTokens: z.number(),
  cacheWriteTokens: z.number(),
  outputTokens: z.number(),
});

export const CostRow = z.object({
  group: z.string(),
  attempts: z.number(),
  failed: z.number(),
  cut: z.number(),
  usage: CostUsage,
  costMicroUsd: z.number(),
  /** How much of it was counted by us and not told by the provider. */
  estimatedMicroUsd: z.number(),
});
export type CostRow = z.infer<typeof CostRow>;
export const COST_KEYS = ['model', 'provider', 'product', 'person', 'day', 'key', 'run', 'leg'] as const;
export type CostKey = (typeof COST_KEYS)[number];
export const CostReport = z.object({ by: z.enum(COST_KEYS), rows: z.array(CostRow), totalMicroUsd: z.number() });
export type CostReport = z.infer<typeof CostReport>;

export const CostLine = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  call: z.string(),
  person: z.string(),
  product: z.string(),
  run: z.nullable(z.string()),
  key: z.nullable(z.string()),
  provider: z.string(),
  model: z.string(),
  leg: z.string(),
  outcome: z.enum(['open', 'ok', 'cut', 'failed', 'lost']),
  usage: CostUsage,
  isEstimated: z.boolean(),
  costMicroUsd: z.number(),
  heldMicroUsd: z.number(),
  priceVersion: z.string(),
  firstTokenMs: z.nullable(z.number()),
  tookMs: z.nullable(z.number()),
  error: z.nullable(z.string()),
  verdict: z.nullable(z.string()),
});
export type CostLine = z.infer<typeof CostLine>;
export const CostLines = z.object({ lines: z.array(CostLine), nextCursor: z.nullable(z.string()) });
export type CostLines = z.infer<typeof CostLines>;

export const BudgetDraft = z.object({
  scope: z.enum(['all', 'person', 'product', 'run', 'key']),
  /** Whose; empty for `all`. */
  subject: z._default(z.string().check(z.maxLength(100)), ''),
  period: z.enum(['total', 'day', 'month']),
  limitMicroUsd: z.int().check(z.minimum(0), z.maximum(1_000_000_000_000)),
  note: z._default(z.string().check(z.maxLength(200)), ''),
});
export type BudgetDraft = z.input<typeof BudgetDraft>;
export const Budget = z.extend(BudgetDraft, {
  id: z.string(),
  createdAt: z.iso.datetime(),
  spentMicroUsd: z.number(),
  heldMicroUsd: z.number(),
});
export type Budget = z.infer<typeof Budget>;
export const Budgets = z.object({ budgets: z.array(Budget) });
export type Budgets = z.infer<typeof Budgets>;

/** By the average of the last seven whole days and of today so far. */
export const Forecast = z.object({
  todayMicroUsd: z.number(),
  monthMicroUsd: z.number(),
  perDayMicroUsd: z.number(),
  monthEndMicroUsd: z.number(),
  /** When each budget would be used up at that pace; null where its period ends before. */
  budgets: z.array(z.object({ id: z.string(), usedUpOn: z.nullable(z.string()) })),
});
export type Forecast = z.infer<typeof Forecast>;

export const PriceDraft = z.object({
  provider: z.string().check(z.minLength(1), z.maxLength(60)),
  model: z.string().check(z.minLength(1), z.maxLength(200)),
  /** US dollars for a million tokens. */
  inputUsd: z.number().check(z.minimum(0), z.maximum(100_000)),
  outputUsd: z.number().check(z.minimum(0), z.maximum(100_000)),
});
export type PriceDraft = z.infer<typeof PriceDraft>;
export const PriceShown = z.object({
  kind: z.enum(['priced', 'retired', 'unpriced']),
  inputUsd: z.nullable(z.number()),
  outputUsd: z.nullable(z.number()),
  version: z.nullable(z.string()),
  /** Where it was read, or why it is not known. */
  source: z.string(),
});
export type PriceShown = z.infer<typeof PriceShown>;
