// What the registry's own words say about deprecated versions. Pure.
// Rule: a registry that marks no version of anything may hide its marks, so without a single mark the signal is
// unavailable, and nothing is said to be fine.

import type { Packument } from '../../ecosystems/npm/registry.ts';

export interface Deprecation {
  readonly name: string;
  readonly version: string;
  /** The publisher's words, at most WORDS_LENGTH_MAX. */
  readonly words: string;
}

export type DeprecationsReading =
  | { readonly kind: 'available'; readonly deprecations: readonly Deprecation[] }
  | { readonly kind: 'unavailable'; readonly reason: string };

const WORDS_LENGTH_MAX = 300;

/** `versions`: those in question by name, such as the installed and the proposed one. */
export function deprecationsIn(
  packuments: readonly Packument[],
  versions: Readonly<Record<string, readonly string[]>>,
): DeprecationsReading {
  const marked = packuments.some(({ versions: all }) =>
    [...all.values()].some((each) => wordsOf(each.deprecated) !== null),
  );
  if (!marked) {
    return {
      kind: 'unavailable',
      reason: 'the registry marks none of all versions of these packages, so it may not pass such marks on',
    };
  }
  const deprecations = packuments.flatMap(({ name, versions: all }) =>
    (versions[name] ?? []).flatMap((version) => {
      const words = wordsOf(all.get(version)?.deprecated);
      return words === null ? [] : [{ name, version, words }];
    }),
  );
  return { kind: 'available', deprecations };
}

/** `deprecated: true` says that it is so and not why; an empty text takes the mark back. */
const wordsOf = (deprecated: string | boolean | undefined): string | null => {
  if (deprecated === undefined || deprecated === false || deprecated === '') return null;
  return deprecated === true ? 'It is deprecated.' : deprecated.slice(0, WORDS_LENGTH_MAX);
};
