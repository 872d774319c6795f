// What a side can do beyond the protocol's first version. What both can is used; what one lacks is left out, and said.

/**
 * `attribution-skip`: takes patches without the attribution that they have elsewhere. `commitment-skip`: works out what a
 * patch commits to where its attribution comes with it.
 */
export const CAPABILITIES = [
  'attribution',
  'attribution-skip',
  'bundle-zstd',
  'commitment-skip',
  'partial',
  'reviews',
  'signatures',
  'tags',
  'trie',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/** Those that both sides have. */
export const sharedCapabilities = (ours: readonly Capability[], theirs: readonly string[]): ReadonlySet<Capability> =>
  new Set(ours.filter((each) => theirs.includes(each)));

/** Without these nothing can be exchanged. */
export const NEEDED: readonly Capability[] = ['bundle-zstd', 'trie'];
