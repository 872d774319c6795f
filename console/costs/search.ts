/** What the address of Costs says: which lines are looked at, and by what they are grouped. */
export const COSTS_SEARCH = ['by', 'from', 'until', 'product', 'provider', 'model', 'run', 'key', 'person'] as const;
export type CostsSearch = { readonly [Name in (typeof COSTS_SEARCH)[number]]?: string };
