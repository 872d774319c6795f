// The patches of a set that an expression chooses: `ai.model=… and file=src/**`.
// Rule: what a patch is asked about comes from the patch itself and from its files' places in one tree; a file that is gone
// is called by the last name it had in that set.

import type { PatchNumber } from '../patches/facts.ts';
import type { InodeNumber, TreeFact } from '../patches/file-tree.ts';
import { unpackTree } from '../patches/pack-facts.ts';
import { decodeAttribution } from '../attribution/decode-attribution.ts';
import { matcherOf, type WhereRecord } from '../attribution/match-where.ts';
import type { Registry } from '../attribution/registry.ts';
import type { Where } from '../attribution/where.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import type { View } from './view.ts';

export interface Selection {
  readonly where: Where;
  readonly registry: Registry;
  /** The tree whose paths `file=` speaks of. */
  readonly view: View;
}

/** By number. `among` need not be the view's set. */
export function selectPatches(
  store: PatchStore,
  among: ReadonlyPatchSet,
  { where, registry, view }: Selection,
): readonly PatchNumber[] {
  const matches = matcherOf(where, registry);
  const paths = asksForFiles(where) ? new PathsOfFiles(store, view) : null;
  return [...among].filter((patch) => matches(recordOf(store, patch, paths)));
}

function recordOf(store: PatchStore, patch: PatchNumber, paths: PathsOfFiles | null): WhereRecord {
  const bytes = store.attributions.of(patch);
  const [author] = store.patches.rowOf(patch).authors;
  return {
    attribution: bytes === null ? null : decodeAttribution(bytes.blob).attribution,
    author: author ?? { name: '', email: '' },
    files: paths === null ? [] : paths.touchedBy(patch),
  };
}

function asksForFiles(where: Where): boolean {
  switch (where.kind) {
    case 'not':
      return asksForFiles(where.term);
    case 'and':
    case 'or':
      return where.terms.some(asksForFiles);
    case 'text':
      return where.field === 'file';
    case 'confidence':
      return false;
  }
}

/** A path deeper than this is a circle. */
const DEPTH_MAX = 1000;

/** The paths of files in a tree; of those that it has not, the last that any patch gave them. */
export class PathsOfFiles {
  readonly #store: PatchStore;
  readonly #view: View;
  #lastPlaces: ReadonlyMap<InodeNumber, Place> | null = null;

  constructor(store: PatchStore, view: View) {
    this.#store = store;
    this.#view = view;
  }

  /** Every path whose text, place or properties a patch says something of. */
  touchedBy(patch: PatchNumber): readonly string[] {
    const inodes = new Set(this.#store.files.touchedBy(patch));
    const packed = this.#store.files.treeFactsOf(patch);
    if (packed !== undefined) for (const fact of unpackTree(patch, packed).facts) inodes.add(fact.inode);
    return [...new Set([...inodes].flatMap((inode) => this.pathsOf(inode)))].sort();
  }

  pathsOf(inode: InodeNumber): readonly string[] {
    const now = this.#view.tree().pathsOf(inode);
    return now.length > 0 ? now : [this.#lastPath(inode)].filter((path) => path !== '');
  }

  #lastPath(inode: InodeNumber): string {
    const names: string[] = [];
    let at: InodeNumber | null = inode;
    for (let depth = 0; at !== null && depth < DEPTH_MAX; depth += 1) {
      const place: Place | undefined = this.#places().get(at);
      if (place === undefined) break;
      names.unshift(place.name);
      at = place.parent;
    }
    return names.join('/');
  }

  #places(): ReadonlyMap<InodeNumber, Place> {
    if (this.#lastPlaces !== null) return this.#lastPlaces;
    const places = new Map<InodeNumber, Place>();
    for (const { patch, facts } of this.#store.files.treeFacts()) {
      for (const fact of unpackTree(patch, facts).facts) {
        if (fact.kind === 'locate' && fact.at !== null) places.set(fact.inode, fact.at);
      }
    }
    this.#lastPlaces = places;
    return places;
  }
}

type Place = NonNullable<Extract<TreeFact, { kind: 'locate' }>['at']>;
