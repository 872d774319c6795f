// What the addresses of Atomic's pages say.

export const HISTORY_SEARCH = ['channel', 'actor', 'model', 'author', 'text', 'expr', 'path'] as const;
export const TAKE_SEARCH = [...HISTORY_SEARCH, 'side'] as const;
export type HistorySearch = { readonly [Key in (typeof HISTORY_SEARCH)[number]]?: string };

/** The channel alone: what goes along from page to page. */
export const channelIn = ({ channel }: { readonly channel?: string }): { channel?: string } =>
  channel === undefined ? {} : { channel };
