/** What the address of a run says: which trial and upgrade are open, which upgrades are shown, and how the trials are. */
export const RUN_SEARCH = ['trial', 'part', 'upgrade', 'state', 'find', 'trials'] as const;
export type RunSearch = { readonly [Name in (typeof RUN_SEARCH)[number]]?: string };

/** What the address of a comparison says: the two runs, and whether what is the same is shown too. */
export const COMPARE_SEARCH = ['a', 'b', 'show'] as const;
export type CompareSearch = { readonly [Name in (typeof COMPARE_SEARCH)[number]]?: string };
