// The last resort of an arrangement: items that are neither one after another nor side by side (“N-shape”) become chains,
// each as long as it can be, begun and continued by the smallest item in canonical order. Research C5.5.
// Rule: an item that is next in a chain is one that only the chain's last item held back, so each node is freed once.

import type { Dag } from './arrange.ts';

interface Members {
  isMember(node: number): boolean;
  compare(a: number, b: number): number;
}

/** Nodes in an order that follows the edges; chains of items, in no order. */
export function chainsOf(dag: Dag, nodes: readonly number[], members: Members): readonly (readonly number[])[] {
  const waits = new Map<number, number>(nodes.map((node) => [node, 0]));
  for (const node of nodes) for (const next of nextOf(dag, node, members)) waits.set(next, (waits.get(next) ?? 0) + 1);

  /** Items that nothing holds back any more once these nodes are gone. */
  const freedBy = (gone: readonly number[]): number[] => {
    const freed: number[] = [];
    const open = [...gone];
    for (let node = open.pop(); node !== undefined; node = open.pop())
      for (const next of nextOf(dag, node, members)) {
        const left = (waits.get(next) ?? 0) - 1;
        waits.set(next, left);
        if (left === 0) (dag.isItem[next] === 1 ? freed : open).push(next);
      }
    return freed;
  };

  const roots = nodes.filter((node) => waits.get(node) === 0);
  const free = [
    ...roots.filter((node) => dag.isItem[node] === 1),
    ...freedBy(roots.filter((node) => dag.isItem[node] === 0)),
  ];
  const chains: number[][] = [];
  for (let start = takeSmallest(free, members); start !== undefined; start = takeSmallest(free, members)) {
    const chain: number[] = [];
    for (let item: number | undefined = start; item !== undefined;) {
      chain.push(item);
      const freed = freedBy([item]);
      item = takeSmallest(freed, members);
      free.push(...freed);
    }
    chains.push(chain);
  }
  return chains;
}

function nextOf({ first, next }: Dag, node: number, { isMember }: Members): readonly number[] {
  const found: number[] = [];
  for (let at = first[node] ?? 0; at < (first[node + 1] ?? 0); at += 1) {
    const other = next[at] ?? 0;
    if (isMember(other)) found.push(other);
  }
  return found;
}

/** Removes the canonically smallest from the list. */
function takeSmallest(list: number[], { compare }: Members): number | undefined {
  let smallest = 0;
  for (let at = 1; at < list.length; at += 1) if (compare(list[at] ?? 0, list[smallest] ?? 0) < 0) smallest = at;
  const [taken] = list.splice(smallest, 1);
  return taken;
}
