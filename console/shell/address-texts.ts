// What the addresses of pages say after their question mark: only texts, and only those that are not empty.

export type Texts<Key extends string> = { [Name in Key]?: string };

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
