// In which order patches leave as commits, and which commit each builds on.
// Rule: it decides and writes nothing. On a branch that begins, patches that came from git leave in git's own graph: that of
// the commit with the most of the channel behind it. All others follow in one line: each after what it depends on, the
// earlier written first, and by name where times are equal. So the same set gives the same commits on every machine.

import type { PatchNumber } from '../patches/facts.ts';
import type { PatchStore } from '../store/store.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import { setOfPlace, type CommitGraph, type CommitIndex } from './commit-graph.ts';

export interface ExportStep {
  readonly patch: PatchNumber;
  /** Steps before this one whose commits it builds on. Empty: the branch as it is, or nothing. */
  readonly parents: readonly number[];
  /** Its commit has the files that git had there. */
  readonly isOfGit: boolean;
}

export interface ExportQuestion {
  readonly set: ReadonlyPatchSet;
  /** Patches that are commits of the branch already. */
  readonly present: ReadonlyPatchSet;
  readonly graph: CommitGraph;
}

/** The last step is the branch's last commit. */
export function planExport(store: PatchStore, { set, present, graph }: ExportQuestion): readonly ExportStep[] {
  const steps: ExportStep[] = present.size === 0 ? [...stepsOfGit(set, graph)] : [];
  const done = PatchSet.of(steps.map(({ patch }) => patch));
  for (const patch of inLine(store, set.difference(present).difference(done))) {
    steps.push({ patch, parents: steps.length === 0 ? [] : [steps.length - 1], isOfGit: false });
  }
  return steps;
}

/** Git's graph behind the commit that has the most of the channel behind it. */
function stepsOfGit(set: ReadonlyPatchSet, graph: CommitGraph): readonly ExportStep[] {
  const isIn: boolean[] = [];
  const isParent = new Set<CommitIndex>();
  for (const { patch, parents } of graph.places) {
    const isWhole = set.has(patch) && parents.every((parent) => isIn[parent] === true);
    isIn.push(isWhole);
    if (isWhole) for (const parent of parents) isParent.add(parent);
  }
  const heads = isIn.flatMap((isWhole, index) => (isWhole && !isParent.has(index) ? [index] : []));
  const sizes = new Map(heads.map((head) => [head, setOfPlace(graph, head).size]));
  const [head] = heads.sort((a, b) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
  if (head === undefined) return [];
  const steps: ExportStep[] = [];
  const stepOf = new Map<CommitIndex, number>();
  const wanted = ancestorsOf(graph, head);
  for (const [index, { patch, parents }] of graph.places.entries()) {
    if (!wanted.has(index)) continue;
    stepOf.set(index, steps.length);
    steps.push({ patch, parents: parents.flatMap((parent) => stepOf.get(parent) ?? []), isOfGit: true });
  }
  return steps;
}

function ancestorsOf({ places }: CommitGraph, head: CommitIndex): ReadonlySet<CommitIndex> {
  const found = new Set<CommitIndex>();
  const open = [head];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    open.push(...(places[at]?.parents ?? []));
  }
  return found;
}

/** Each after what it depends on; of those that may come next the earliest, by the name where times are equal. */
export function inLine(store: PatchStore, patches: ReadonlyPatchSet): readonly PatchNumber[] {
  const waitsFor = new Map<PatchNumber, number>();
  const unlocks = new Map<PatchNumber, PatchNumber[]>();
  const ready = new Heap<PatchNumber>((a, b) => atOf(a) - atOf(b) || store.patches.compare(a, b));
  const times = new Map<PatchNumber, number>();
  const atOf = (patch: PatchNumber): number => {
    const known = times.get(patch) ?? store.patches.rowOf(patch).at;
    times.set(patch, known);
    return known;
  };
  for (const patch of patches) {
    const needed = store.patches.dependenciesOf(patch).filter((each) => patches.has(each));
    waitsFor.set(patch, needed.length);
    for (const each of needed) unlocks.set(each, [...(unlocks.get(each) ?? []), patch]);
    if (needed.length === 0) ready.push(patch);
  }
  const line: PatchNumber[] = [];
  for (let patch = ready.pop(); patch !== undefined; patch = ready.pop()) {
    line.push(patch);
    for (const next of unlocks.get(patch) ?? []) {
      const left = (waitsFor.get(next) ?? 1) - 1;
      waitsFor.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return line;
}

/** The smallest first. */
class Heap<Value> {
  readonly #values: Value[] = [];
  readonly #compare: (a: Value, b: Value) => number;

  constructor(compare: (a: Value, b: Value) => number) {
    this.#compare = compare;
  }

  push(value: Value): void {
    this.#values.push(value);
    for (let at = this.#values.length - 1; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIfLess(at, parent)) return;
      at = parent;
    }
  }

  pop(): Value | undefined {
    const [first] = this.#values;
    const last = this.#values.pop();
    if (last === undefined || this.#values.length === 0) return first;
    this.#values[0] = last;
    for (let at = 0; ;) {
      const left = at * 2 + 1;
      const [a, b] = [this.#values[left], this.#values[left + 1]];
      if (a === undefined) return first;
      const child = b !== undefined && this.#compare(b, a) < 0 ? left + 1 : left;
      if (!this.#swapIfLess(child, at)) return first;
      at = child;
    }
  }

  /** Puts the value at `low` in the place of the one at `high` if it is smaller. */
  #swapIfLess(low: number, high: number): boolean {
    const [a, b] = [this.#values[low], this.#values[high]];
    if (a === undefined || b === undefined || this.#compare(a, b) >= 0) return false;
    this.#values[low] = b;
    this.#values[high] = a;
    return true;
  }
}
