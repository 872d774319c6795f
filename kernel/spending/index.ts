export { createSpending, type SpendingOptions } from './create-spending.ts';
export { SYNCED_WITHIN_MS } from './planned-syncs.ts';
export { costOf, worstCostOf } from './prices.ts';
export type * from './spending.ts';
export { BUDGET_PERIODS, BUDGET_SCOPES, REPORT_KEYS } from './spending.ts';
export { SPENDING_MIGRATIONS } from './tables.ts';
