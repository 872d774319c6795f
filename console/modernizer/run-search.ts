/** What the address of a run says: which trial and upgrade are open, which upgrades are shown, and how the trials are. */
export const RUN_SEARCH = ['trial', 'part', 'upgrade', 'state', 'find', 'trials'] as const;
export type RunSearch = { readonly [Name in (typeof RUN_SEARCH)[number]]?: string };
