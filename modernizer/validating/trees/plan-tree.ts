// How one tree becomes another: which packages go, which come from trees that are there, which npm has to bring. Pure.

import type { PlacedPackage, Places } from './read-places.ts';

/** What a tree on the disk has, as it was looked at after npm had made it. */
export interface KnownTree {
  readonly key: string;
  /** The hash of the archive at each place. */
  readonly at: Readonly<Record<string, string>>;
  /** Hashes of optional packages that npm left out here. */
  readonly leftOut: readonly string[];
}

/** A package in a tree: which tree, and where in it. */
interface Piece {
  readonly tree: string;
  readonly place: string;
}

export interface TreePlan {
  /** The tree to begin with, or null where none is there. */
  readonly base: string | null;
  /** Folders to remove with all that is in them. */
  readonly remove: readonly string[];
  /** Places whose own files are replaced; what lies in packages below them stays. */
  readonly empty: readonly string[];
  readonly add: readonly { readonly place: string; readonly piece: Piece }[];
  /** What no known tree has: npm brings it. */
  readonly missing: readonly string[];
  /** Places that npm leaves out on this machine. */
  readonly leftOut: readonly string[];
}

export function planTree({ packages }: Places, trees: readonly KnownTree[]): TreePlan {
  const pieces = new Map<string, Piece>();
  for (const { key, at } of trees) {
    for (const [place, integrity] of Object.entries(at)) {
      if (!pieces.has(integrity)) pieces.set(integrity, { tree: key, place });
    }
  }
  const absent = new Set(trees.flatMap(({ leftOut }) => leftOut));
  const isLeftOut = ({ optional, integrity }: PlacedPackage): boolean =>
    optional && absent.has(integrity) && !pieces.has(integrity);
  const wanted = packages.filter((each) => !isLeftOut(each));
  const base = nearest(wanted, trees);
  const before = base?.at ?? {};
  const target = new Map(wanted.map(({ place, integrity }) => [place, integrity]));
  const needed = new Set([...target.keys()].flatMap(withAncestors));
  const gone = Object.keys(before).filter((place) => !target.has(place));
  const changed = wanted.filter(({ place, integrity }) => before[place] !== integrity);
  return {
    base: base?.key ?? null,
    remove: [...new Set(gone.flatMap((place) => topmostUnneeded(place, needed)))],
    // A place that is gone but has wanted ones below it loses its own files, too.
    empty: [...changed.map(({ place }) => place), ...gone].filter(
      (place) => before[place] !== undefined && needed.has(place),
    ),
    add: changed.flatMap(({ place, integrity }) => {
      const piece = pieces.get(integrity);
      return piece === undefined ? [] : [{ place, piece }];
    }),
    missing: changed.filter(({ integrity }) => !pieces.has(integrity)).map(({ place }) => place),
    leftOut: packages.filter(isLeftOut).map(({ place }) => place),
  };
}

/** The tree with the most packages where they are wanted; the first of equals. */
function nearest(wanted: readonly PlacedPackage[], trees: readonly KnownTree[]): KnownTree | undefined {
  const shared = ({ at }: KnownTree): number => {
    const same = wanted.filter(({ place, integrity }) => at[place] === integrity).length;
    return 2 * same - Object.keys(at).length;
  };
  let best: { readonly tree: KnownTree; readonly count: number } | undefined;
  for (const tree of trees) {
    const count = shared(tree);
    if (best === undefined || count > best.count) best = { tree, count };
  }
  return best?.tree;
}

/** `node_modules/a/node_modules/b` lies in `node_modules/a/node_modules`, `node_modules/a` and `node_modules`. */
const withAncestors = (place: string): readonly string[] => {
  const parts = place.split('/');
  return parts.map((_, length) => parts.slice(0, length + 1).join('/'));
};

const topmostUnneeded = (place: string, needed: ReadonlySet<string>): readonly string[] =>
  withAncestors(place)
    .filter((path) => !needed.has(path))
    .slice(0, 1);
