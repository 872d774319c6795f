// What builds on what among the newest patches of a channel.
// Rule: an edge that follows from others is left out, so that the picture shows the way and not every shortcut.

import type { PatchNumber } from '../patches/facts.ts';
import type { GraphQuery, PatchGraph } from '../protocol/index.ts';
import { classOf } from '../protocol/index.ts';
import type { Repository } from '../repository/repository.ts';
import { whoOf } from './credits.ts';
import { patchLine } from './patch-line.ts';
import { chosenPatches, pathsIn, stateOf } from './state.ts';

export function patchGraph(repository: Repository, query: GraphQuery): PatchGraph {
  const { store } = repository;
  const { channel, view, root } = stateOf(repository, { channel: query.channel });
  const { actor, expr, limit } = query;
  const chosen =
    expr === undefined
      ? null
      : new Set(chosenPatches(repository, channel.set, { expression: expr, channel: channel.name }));
  const drawn: PatchNumber[] = [];
  for (const patch of store.channels.log(channel.name)) {
    if (drawn.length === limit) break;
    if (chosen !== null && !chosen.has(patch)) continue;
    if (actor !== undefined && classOf(whoOf(store, patch).actor) !== actor) continue;
    drawn.push(patch);
  }
  const paths = pathsIn(repository, view);
  const hash = (patch: PatchNumber): string => store.patches.hashOf(patch);
  return {
    channel: channel.name,
    root,
    nodes: drawn.map((patch) => patchLine(store, paths, patch)),
    edges: shortest(drawn, (patch) => store.patches.dependenciesOf(patch)).map(([from, to]) => ({
      from: hash(from),
      to: hash(to),
    })),
    others: channel.set.size - drawn.length,
  };
}

/** Edges among `patches` that no longer way among them says already. A patch's number is above those it depends on. */
export function shortest(
  patches: readonly PatchNumber[],
  dependenciesOf: (patch: PatchNumber) => readonly PatchNumber[],
): readonly (readonly [from: PatchNumber, to: PatchNumber])[] {
  const drawn = new Set(patches);
  const reached = new Map<PatchNumber, ReadonlySet<PatchNumber>>();
  const edges: (readonly [PatchNumber, PatchNumber])[] = [];
  for (const patch of patches.toSorted((a, b) => a - b)) {
    const below = new Set<PatchNumber>();
    const direct = dependenciesOf(patch).filter((each) => drawn.has(each));
    // The nearest first: what they reach needs no edge of its own.
    for (const dependency of direct.toSorted((a, b) => b - a)) {
      if (below.has(dependency)) continue;
      edges.push([patch, dependency]);
      below.add(dependency);
      for (const each of reached.get(dependency) ?? []) below.add(each);
    }
    reached.set(patch, below);
  }
  return edges;
}
