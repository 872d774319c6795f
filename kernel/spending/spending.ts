// The face of spending: what every attempt at a paid model costs, who pays, and what may still be spent.
// Rule: an attempt has its line, and its worst case is set aside in every budget it belongs to, before it is sent;
// so a process that dies leaves a line and not a gap, and no number of callers at once can pass a limit.
// A price that is not known is refused, never taken as nothing. Money is whole microdollars, rounded up.
// Not here: asking models (kernel/models) and who a person is (workbench).

import type { Id, Instant, Microdollars } from '../basics/index.ts';

export type AttemptId = Id<'attempt'>;
export type BudgetId = Id<'budget'>;

/** Who an attempt is for. Each part may have budgets of its own. */
export interface Payer {
  readonly person: string;
  /** Such as `chat`, `modernizer`, `gateway`. */
  readonly product: string;
  readonly run: string | null;
  /** Id of the gateway key it came by. */
  readonly key: string | null;
}

/** Tokens of one attempt. `inputTokens` holds the cached ones too. */
export interface Usage {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** What a million tokens cost, in microdollars, from this many input tokens on. */
export interface PriceTier {
  readonly aboveInputTokens: number;
  readonly input: Microdollars;
  readonly output: Microdollars;
  readonly cacheRead: Microdollars;
  readonly cacheWrite: Microdollars;
}

export interface Price {
  readonly provider: string;
  readonly model: string;
  /** In growing order; the first begins at 0. Long prompts are dearer with some providers. */
  readonly tiers: readonly [PriceTier, ...PriceTier[]];
  /** Which list it is from; kept on each line. */
  readonly version: string;
  /** Where the price was read. */
  readonly source: string;
}

export type PriceAnswer =
  | { readonly kind: 'priced'; readonly price: Price }
  /** Named by the list, and no longer sold; old lines keep their price. */
  | { readonly kind: 'retired'; readonly price: Price | null; readonly since: string; readonly source: string }
  | { readonly kind: 'unpriced'; readonly why: string };

export const BUDGET_SCOPES = ['all', 'person', 'product', 'run', 'key'] as const;
export type BudgetScope = (typeof BUDGET_SCOPES)[number];
export const BUDGET_PERIODS = ['total', 'day', 'month'] as const;
/** Days and months are those of UTC. */
export type BudgetPeriod = (typeof BUDGET_PERIODS)[number];

export interface BudgetDraft {
  readonly scope: BudgetScope;
  /** Whose: a person's id, a product's name, a run's or a key's id; empty for `all`. */
  readonly subject: string;
  readonly period: BudgetPeriod;
  readonly limitMicroUsd: Microdollars;
  readonly note: string;
}

export interface Budget extends BudgetDraft {
  readonly id: BudgetId;
  readonly createdAt: Instant;
  /** In the period that runs now. */
  readonly spentMicroUsd: Microdollars;
  readonly heldMicroUsd: Microdollars;
}

export interface AttemptDraft {
  readonly payer: Payer;
  /** Joins the attempts of one call: after a failover there are several. */
  readonly call: string;
  readonly provider: string;
  readonly model: string;
  /** Names provider, model and key without saying the key, such as `anthropic/claude-sonnet-4-5#2`. */
  readonly leg: string;
  /** The most it can use: what is sent, and the limit of the answer. */
  readonly worstCase: Usage;
}

export type Begun =
  | {
      readonly kind: 'begun';
      readonly attempt: AttemptId;
      readonly heldMicroUsd: Microdollars;
      /**
       * Resolves once the line would survive a power cut too, which it is made to do at once: before a word of the answer is
       * taken. Unasked it comes within SYNCED_WITHIN_MS; decision 0028.
       */
      onDisk(): Promise<void>;
    }
  | { readonly kind: 'over-budget'; readonly budget: Budget; readonly neededMicroUsd: Microdollars }
  | { readonly kind: 'unpriced'; readonly provider: string; readonly model: string; readonly why: string };

/**
 * `ok`: it ended as it should. `cut`: something came, then it broke off or was stopped. `failed`: nothing came that is paid for.
 * `lost`: the process that made it is gone; charged by what it had noted, at least its input.
 */
export type AttemptOutcome = 'open' | 'ok' | 'cut' | 'failed' | 'lost';

export interface Settlement {
  readonly outcome: Exclude<AttemptOutcome, 'open' | 'lost'>;
  readonly usage: Usage;
  /** True where the provider did not say it and we counted. */
  readonly isEstimated: boolean;
  readonly firstTokenMs: number | null;
  readonly tookMs: number;
  /** Fault code or status, such as `529`; null for a good end. */
  readonly error: string | null;
  /** What the guard said of it, such as `passed` or `refused:policy`; null where none looked. */
  readonly verdict: string | null;
}

/** One line of the ledger. */
export interface LedgerLine extends Payer {
  readonly id: AttemptId;
  readonly call: string;
  readonly provider: string;
  readonly model: string;
  readonly leg: string;
  readonly outcome: AttemptOutcome;
  readonly usage: Usage;
  readonly isEstimated: boolean;
  readonly costMicroUsd: Microdollars;
  readonly heldMicroUsd: Microdollars;
  readonly priceVersion: string;
  readonly firstTokenMs: number | null;
  readonly tookMs: number | null;
  readonly error: string | null;
  readonly verdict: string | null;
  readonly at: Instant;
}

export const REPORT_KEYS = ['model', 'provider', 'product', 'person', 'day', 'key', 'run', 'leg'] as const;
export type ReportKey = (typeof REPORT_KEYS)[number];

export interface LineFilter {
  readonly from?: Instant;
  /** Not including. */
  readonly until?: Instant;
  readonly person?: string;
  readonly product?: string;
  readonly run?: string;
  readonly key?: string;
  readonly provider?: string;
  readonly model?: string;
}

export interface ReportRow {
  readonly group: string;
  readonly attempts: number;
  readonly failed: number;
  readonly cut: number;
  readonly usage: Usage;
  readonly costMicroUsd: Microdollars;
  /** How much of the cost was counted by us. */
  readonly estimatedMicroUsd: Microdollars;
}

export interface Spending {
  priceOf(provider: string, model: string): Promise<PriceAnswer>;
  /** Sets or changes the price of a model that the list does not know, or that a person knows better. */
  setPrice(price: Pick<Price, 'provider' | 'model' | 'tiers'>, by: string): Promise<void>;
  /**
   * Opens the line and sets the worst case aside, both or neither. It survives the end of this process at once, and a
   * power cut from `onDisk` on.
   */
  begin(attempt: AttemptDraft): Promise<Begun>;
  /** How much a stream has used so far, so that a killed process is charged about what it used. Never durable, never waits long. */
  note(attempt: AttemptId, usage: Usage): void;
  /**
   * Closes the line: charges what was used, gives back the rest. A second call changes nothing. What was begun here is told
   * at once, and written before anything that is begun or read here afterwards.
   */
  settle(attempt: AttemptId, settlement: Settlement): Promise<LedgerLine>;
  /** Closes the lines of processes that are gone. Returns how many. Called at start and every minute. */
  recover(): Promise<number>;
  budgets(): Promise<readonly Budget[]>;
  setBudget(budget: BudgetDraft): Promise<Budget>;
  removeBudget(id: BudgetId): Promise<boolean>;
  /** Newest first, by keyset. */
  lines(
    filter: LineFilter,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<{ readonly lines: readonly LedgerLine[]; readonly nextCursor: string | null }>;
  report(by: ReportKey, filter: LineFilter): Promise<readonly ReportRow[]>;
  /** The lines as CSV, a header first, in order of time. */
  csv(filter: LineFilter): AsyncIterable<string>;
  /** The cost of a run up to now. */
  costOf(run: string): Promise<Microdollars>;
  /** Settles what waits and stops. */
  close(): Promise<void>;
}
