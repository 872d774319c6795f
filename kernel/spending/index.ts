export type * from './spending.ts';
export { BUDGET_PERIODS, BUDGET_SCOPES, REPORT_KEYS } from './spending.ts';
