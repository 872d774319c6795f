// What the addresses of Atomic's pages say: only texts, and only those that are not empty.

export const HISTORY_SEARCH = ['channel', 'actor', 'model', 'author', 'text', 'expr', 'path'] as const;
export const TAKE_SEARCH = [...HISTORY_SEARCH, 'side'] as const;
export type HistorySearch = { readonly [Key in (typeof HISTORY_SEARCH)[number]]?: string };

type Texts<Key extends string> = { [Name in Key]?: string };

export function textsIn<Key extends string>(search: Record<string, unknown>, keys: readonly Key[]): Texts<Key> {
  const texts: Texts<Key> = {};
  for (const key of keys) {
    const value = search[key];
    // The router reads a number where a text looks like one, such as the beginning of a hash.
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text === 'string' && text !== '') texts[key] = text;
  }
  return texts;
}

/** A search with some of it changed; an empty text takes it away. */
export const changed = <Key extends string>(search: Texts<Key>, news: Texts<Key>): Texts<Key> => {
  const all: Texts<Key> = { ...search };
  for (const [key, value] of Object.entries(news) as [Key, string | undefined][]) {
    if (value === undefined || value === '') delete all[key];
    else all[key] = value;
  }
  return all;
};

/** The channel alone: what goes along from page to page. */
export const channelIn = ({ channel }: { readonly channel?: string }): { channel?: string } =>
  channel === undefined ? {} : { channel };
