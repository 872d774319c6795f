// Random histories of three replicas of one text, for property tests: they edit, pull, resolve (also in opposite ways),
// undelete, acknowledge, repeat and oppose each other and withdraw. Facts are made by the rules of recording (research C4.3,
// C4.5), straight from what a replica's text looks like; whoever reads that text is an argument.
// Rule: a history is a pure function of its steps. Steps are plain numbers taken modulo what there is, so they shrink.

import fc from 'fast-check';

import type { History, PatchNumber, Range, TextFacts } from '../patches/facts.ts';
import type { FileText } from '../patches/layout.ts';
import { draftFacts, NO_FACTS, type Draft } from './random-facts.ts';

export const REPLICAS = 3;

const STEP_KINDS = [
  'edit',
  'pull',
  'pull-all',
  'resolve',
  'oppose',
  'undelete',
  'unorder',
  'acknowledge',
  'repeat',
  'withdraw',
] as const;

/** What one replica does. `choices` are taken modulo what there is to choose from. */
export interface Step {
  readonly kind: (typeof STEP_KINDS)[number];
  readonly replica: number;
  readonly choices: readonly number[];
}

/** A patch of the history. */
interface WrittenPatch {
  readonly facts: TextFacts;
  readonly dependencies: ReadonlySet<PatchNumber>;
  readonly contents: Buffer;
}

/** What a step changed: patches that came to a replica or left it, in an order in which that is possible. */
export interface Event {
  readonly replica: number;
  readonly came: readonly WrittenPatch[];
  readonly left: readonly WrittenPatch[];
}

const NOTHING: Omit<Event, 'replica'> = { came: [], left: [] };

/** How often each kind is chosen. */
const WEIGHTS: Readonly<Record<Step['kind'], number>> = {
  edit: 12,
  pull: 6,
  'pull-all': 2,
  resolve: 4,
  oppose: 1,
  undelete: 2,
  unorder: 1,
  acknowledge: 2,
  repeat: 2,
  withdraw: 2,
};

/** At most so many steps; each has as many choices as the greediest kind of step takes. */
export function arbitrarySteps(longest: number): fc.Arbitrary<readonly Step[]> {
  const kind = fc.oneof(...STEP_KINDS.map((kind) => ({ arbitrary: fc.constant(kind), weight: WEIGHTS[kind] })));
  const step = fc.record({
    kind,
    replica: fc.nat(REPLICAS - 1),
    choices: fc.array(fc.nat(1000), { minLength: 6, maxLength: 6 }),
  });
  return fc.array(step, { maxLength: longest, size: 'max' });
}

export class RandomHistory {
  readonly patches: WrittenPatch[] = [];
  readonly replicas: readonly Set<PatchNumber>[] = Array.from({ length: REPLICAS }, () => new Set<PatchNumber>());
  readonly #known: Set<PatchNumber>[] = [];

  /** All replicas begin with a text of so many lines; with none, each begins on its own. */
  constructor(lines = 0) {
    if (lines === 0) return;
    const contents = Array.from({ length: lines }, (_, line) => `${line}\n`).join('');
    const insert = { start: 0, end: contents.length, up: [], down: [], replaces: [], origins: [] };
    const facts = { patch: 0, ...NO_FACTS, inserts: [insert] };
    this.patches.push({ facts, contents: Buffer.from(contents), dependencies: new Set() });
    this.#known.push(new Set());
    for (const replica of this.replicas) replica.add(0);
  }

  readonly history: History = {
    compare: (a, b) => mixed(a) - mixed(b),
    knows: (deleter, owner) => this.#known[deleter]?.has(owner) ?? false,
    text: ({ patch, start, end }: Range) => this.#written(patch).contents.subarray(start, end),
  };

  /** `text` is what the replica of the step sees now. */
  take({ kind, replica, choices }: Step, text: FileText): Event {
    switch (kind) {
      case 'pull':
        return { ...NOTHING, replica, came: this.#pull(replica, (choices[0] ?? 0) % Math.max(1, this.patches.length)) };
      case 'pull-all':
        return { ...NOTHING, replica, came: this.patches.flatMap((_, patch) => this.#pull(replica, patch)) };
      case 'withdraw':
        return { ...NOTHING, replica, left: this.#withdraw(replica, choices[0] ?? 0) };
      default: {
        const draft = draftFacts(kind, choices, {
          text,
          number: this.patches.length,
          history: this.history,
          facts: this.factsOf(replica),
          others: this.patches.filter((other) => this.#canRepeat(replica, other)).map(({ facts }) => facts),
        });
        return { ...NOTHING, replica, came: draft === undefined ? [] : [this.#write(replica, draft, text)] };
      }
    }
  }

  /** The facts of all patches that a replica has. */
  factsOf(replica: number): readonly TextFacts[] {
    return [...this.#set(replica)].map((patch) => this.#written(patch).facts);
  }

  /** Whether no patch of the set depends on this one. */
  isLeaf(patch: PatchNumber, set: ReadonlySet<PatchNumber>): boolean {
    return [...set].every((other) => !this.#written(other).dependencies.has(patch));
  }

  #write(replica: number, { facts, contents }: Draft, text: FileText): WrittenPatch {
    const dependencies = dependenciesOf(facts);
    const known = text.ownersBeside(facts.deletes);
    const written = { facts, contents, dependencies };
    const closure = new Set([...dependencies, ...known]);
    for (const dependency of dependencies) for (const patch of this.#known[dependency] ?? []) closure.add(patch);
    this.#known.push(closure);
    this.patches.push(written);
    this.#set(replica).add(facts.patch);
    return written;
  }

  /** The patch with everything it needs, dependencies first. */
  #pull(replica: number, patch: PatchNumber): readonly WrittenPatch[] {
    const wanted = new Set<PatchNumber>();
    const open = patch < this.patches.length ? [patch] : [];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      if (wanted.has(one) || this.#set(replica).has(one)) continue;
      wanted.add(one);
      open.push(...this.#written(one).dependencies);
    }
    // A patch is written after all that it depends on.
    const sorted = [...wanted].sort((a, b) => a - b);
    for (const one of sorted) this.#set(replica).add(one);
    return sorted.map((one) => this.#written(one));
  }

  #withdraw(replica: number, choice: number): readonly WrittenPatch[] {
    const set = this.#set(replica);
    const leaves = [...set].filter((patch) => this.isLeaf(patch, set));
    const patch = leaves[choice % Math.max(1, leaves.length)];
    if (patch === undefined) return [];
    set.delete(patch);
    return [this.#written(patch)];
  }

  #canRepeat(replica: number, { dependencies }: WrittenPatch): boolean {
    const set = this.#set(replica);
    return [...dependencies].every((one) => set.has(one));
  }

  #set(replica: number): Set<PatchNumber> {
    return this.replicas[replica] ?? new Set();
  }

  #written(patch: PatchNumber): WrittenPatch {
    const written = this.patches[patch];
    if (written === undefined) throw new RangeError(`No patch of this history has the number ${patch}.`);
    return written;
  }
}

/** Owners of every byte that is referred to, and the patches whose facts are taken back. */
function dependenciesOf(facts: TextFacts): ReadonlySet<PatchNumber> {
  const all = [
    ...facts.inserts.flatMap(({ up, down, replaces }) => [...up, ...down, ...replaces].map(({ patch }) => patch)),
    ...facts.deletes.map(({ patch }) => patch),
    ...[...facts.undeletes, ...facts.acknowledges].flatMap(({ range, by }) => [range.patch, by]),
    ...[...facts.orders, ...facts.unorders].flatMap(({ from, to }) => [from.patch, to.patch]),
    ...facts.unorders.map(({ by }) => by),
  ];
  const dependencies = new Set(all);
  dependencies.delete(facts.patch);
  return dependencies;
}

/** An order of patches that has nothing to do with when they were written. One to one on 32 bits. */
function mixed(patch: PatchNumber): number {
  const spread = Math.imul(patch + 1, 0x9e3779b1);
  return (spread ^ (spread >>> 15)) >>> 0;
}
