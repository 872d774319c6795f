// The trials of a run as a tree: each one hangs below the earlier trial whose set it narrows, extends or moves to other
// versions by the fewest steps; the project as it is is the root. Pure.

import type { TrialView } from 'modernizer/protocol';

export interface Pick {
  readonly name: string;
  /** Null in old journals, which do not say it. */
  readonly to: string | null;
}

export interface TrialNode {
  readonly trial: TrialView;
  /** The number of the trial that it hangs below; null for a root. */
  readonly parent: number | null;
  readonly relation: 'root' | 'same' | 'extends' | 'narrows' | 'moves';
  readonly added: readonly Pick[];
  readonly taken: readonly Pick[];
  /** In both, at another version; `to` is the one of this trial. */
  readonly moved: readonly Pick[];
  /** Whether its set is the one that is kept. */
  readonly kept: boolean;
  readonly children: readonly TrialNode[];
}

type Picks = ReadonlyMap<string, string | null>;

interface Placed {
  readonly trial: TrialView;
  readonly picks: Picks;
}

interface Step {
  readonly added: readonly Pick[];
  readonly taken: readonly Pick[];
  readonly moved: readonly Pick[];
}

export function trialTree(trials: readonly TrialView[]): readonly TrialNode[] {
  const placed = trials.toSorted((a, b) => a.number - b.number).map((trial) => ({ trial, picks: picksOf(trial) }));
  const below = new Map<Placed | null, Placed[]>();
  const steps = new Map<Placed, Step>();
  for (const [at, each] of placed.entries()) {
    const found = nearest(each, placed.slice(0, at));
    if (found !== undefined) steps.set(each, found.step);
    const parent = found?.parent ?? null;
    below.set(parent, [...(below.get(parent) ?? []), each]);
  }
  const final = placed.findLast(({ trial }) => trial.purpose === 'final');
  const node = (each: Placed, parent: Placed | null): TrialNode => {
    const step = steps.get(each) ?? NO_STEP;
    return {
      trial: each.trial,
      parent: parent?.trial.number ?? null,
      relation: parent === null ? 'root' : relationOf(step),
      ...step,
      kept: final !== undefined && sizeOf(stepBetween(final.picks, each.picks)) === 0,
      children: (below.get(each) ?? []).map((child) => node(child, each)),
    };
  };
  return (below.get(null) ?? []).map((each) => node(each, null));
}

const NO_STEP: Step = { added: [], taken: [], moved: [] };

const picksOf = ({ upgrades, versions }: TrialView): Picks =>
  new Map(upgrades.map((name, at) => [name, versions[at] ?? null]));

/** The earlier set that the fewest steps lead from, among those it holds or lies in; of equal ones the latest. */
function nearest({ picks }: Placed, earlier: readonly Placed[]): { parent: Placed; step: Step } | undefined {
  let best: { parent: Placed; step: Step } | undefined;
  for (const parent of earlier) {
    const step = stepBetween(parent.picks, picks);
    if (step.added.length > 0 && step.taken.length > 0) continue;
    if (best === undefined || sizeOf(step) <= sizeOf(best.step)) best = { parent, step };
  }
  return best;
}

function stepBetween(from: Picks, to: Picks): Step {
  const added: Pick[] = [];
  const moved: Pick[] = [];
  for (const [name, version] of to) {
    if (!from.has(name)) added.push({ name, to: version });
    else if (from.get(name) !== version) moved.push({ name, to: version });
  }
  const taken = [...from].filter(([name]) => !to.has(name)).map(([name, version]) => ({ name, to: version }));
  return { added, taken, moved };
}

const sizeOf = ({ added, taken, moved }: Step): number => added.length + taken.length + moved.length;

const relationOf = ({ added, taken, moved }: Step): TrialNode['relation'] =>
  added.length > 0 ? 'extends' : taken.length > 0 ? 'narrows' : moved.length > 0 ? 'moves' : 'same';

/** What was changed against the trial above it, in words: for the table, and for who hears the tree. */
export function stepText({ relation, parent, added, taken, moved }: Omit<TrialNode, 'children' | 'trial'>): string {
  const of = parent === null ? '' : ` trial ${parent}`;
  const versions = moved.length === 0 || relation === 'moves' ? '' : `, ${movedText(moved)}`;
  switch (relation) {
    case 'root':
      return 'The beginning';
    case 'same':
      return `The set of${of} once more`;
    case 'extends':
      return `${of.trim()} and ${listText(added)}${versions}`;
    case 'narrows':
      return `${of.trim()} without ${listText(taken)}${versions}`;
    default:
      return `${of.trim()} with ${movedText(moved)}`;
  }
}

const movedText = (moved: readonly Pick[]): string => moved.map(pickText).join(', ');

/** Names before the rest is counted. */
const NAMES_SHOWN = 4;

function listText(picks: readonly Pick[]): string {
  const names = picks.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const rest = picks.length - names.length;
  return rest > 0 ? `${names.join(', ')} and ${rest} more` : names.join(', ');
}

export const pickText = ({ name, to }: Pick): string => (to === null ? name : `${name} ${to}`);

/** What a set promised when it was chosen, such as `62 % likely green, +3`; null where the journal does not say. */
export function promiseText({ expected }: { readonly expected: TrialView['expected'] }): string | null {
  if (expected === null || expected === undefined) return null;
  const percent = Math.round(expected.chance * 100);
  const likely = percent === 0 && expected.chance > 0 ? 'less than 1 %' : `${percent} %`;
  return `${likely} likely green, +${expected.gain}`;
}

/** All nodes from top to bottom, with how deep each one hangs. */
export const flatTree = (nodes: readonly TrialNode[], depth = 0): readonly { node: TrialNode; depth: number }[] =>
  nodes.flatMap((node) => [{ node, depth }, ...flatTree(node.children, depth + 1)]);
