// What depends on what: dependencies both ways, and whether the author of one patch knew of another.
// Rule: answers are exact. A patch's dependencies have smaller numbers, so a search for `owner` never looks below it.
// Not here: which patches are in a channel; callers give the set.

import type { PatchNumber } from '../patches/facts.ts';
import type { Database } from './database.ts';
import { numberUnknown } from './faults.ts';
import { decodeLinks } from './number-lists.ts';
import { PatchSet, type ReadonlyPatchSet } from './patch-set.ts';
import { indexOfNumber } from './rising-numbers.ts';

/** Rows loaded at once. */
const PIECE = 512;
/** What is searched step by step before the whole set of a patch's dependencies is made and kept. */
const STEPS_MAX = 64;
/** Sets of dependencies that are kept; one is at most 2 MiB, and 12.5 kB at 100,000 patches. */
const SETS_BYTES_MAX = 64 * 1024 * 1024;

export class Ancestry {
  readonly #database: Database;
  readonly #dependencies: (readonly PatchNumber[] | undefined)[] = [];
  readonly #knowers = new Map<PatchNumber, readonly PatchNumber[]>();
  readonly #ancestors = new Map<PatchNumber, PatchSet>();
  #setsBytes = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  dependenciesOf(number: PatchNumber): readonly PatchNumber[] {
    return this.#dependencies[number] ?? this.#load(number);
  }

  /** A patch that the write that is going on has added. */
  add(number: PatchNumber, dependencies: readonly PatchNumber[], known: readonly PatchNumber[]): void {
    this.#dependencies[number] = dependencies;
    for (const each of known) this.#knowers.delete(each);
  }

  /** A write failed, and its numbers are free again. */
  forgetAfter(count: number): void {
    this.#dependencies.length = Math.min(this.#dependencies.length, count + 1);
    this.forgetKnowers();
    this.#ancestors.clear();
    this.#setsBytes = 0;
  }

  /** Another process may have added patches that know of older ones. */
  forgetKnowers(): void {
    this.#knowers.clear();
  }

  knows(deleter: PatchNumber, owner: PatchNumber): boolean {
    const knowers = this.#knowersOf(owner);
    if (indexOfNumber(knowers, deleter) !== -1 || this.dependenciesOf(deleter).includes(owner)) return true;
    // Whoever depends on the owner or on one of these knows it. What lies below them needs no look.
    const sought = { owner, knowers, least: Math.min(owner, knowers[0] ?? owner) };
    if (sought.least >= deleter) return false;
    const soon = this.#searchAFewSteps(deleter, sought);
    return soon === 'undecided' ? hasAny(this.#ancestorsOf(deleter), sought) : soon === 'found';
  }

  closure(numbers: Iterable<PatchNumber>): PatchSet {
    const set = PatchSet.of(numbers);
    const open = [...set];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      for (const dependency of this.dependenciesOf(number)) if (set.add(dependency)) open.push(dependency);
    }
    return set;
  }

  directDependents(number: PatchNumber, within: ReadonlyPatchSet): readonly PatchNumber[] {
    return this.#database
      .rows('SELECT patch FROM dependents WHERE dependency = ?', number)
      .map((row) => this.#database.number(row, 0))
      .filter((patch) => within.has(patch));
  }

  dependents(numbers: Iterable<PatchNumber>, within: ReadonlyPatchSet): PatchSet {
    const set = PatchSet.of(numbers);
    const open = [...set];
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      for (const dependent of this.directDependents(number, within)) if (set.add(dependent)) open.push(dependent);
    }
    return set;
  }

  /** The patches that name this one as known, rising. */
  #knowersOf(number: PatchNumber): readonly PatchNumber[] {
    const known = this.#knowers.get(number);
    if (known !== undefined) return known;
    const found = this.#database
      .rows('SELECT patch FROM knowers WHERE known = ? ORDER BY patch', number)
      .map((row) => this.#database.number(row, 0));
    this.#knowers.set(number, found);
    return found;
  }

  /** Most answers lie within a few steps; then nothing has to be made or kept. */
  #searchAFewSteps(from: PatchNumber, sought: Sought): 'found' | 'not there' | 'undecided' {
    const seen = new Set<PatchNumber>([from]);
    for (const number of seen) {
      if (seen.size > STEPS_MAX) return 'undecided';
      for (const dependency of this.dependenciesOf(number)) {
        if (dependency === sought.owner || indexOfNumber(sought.knowers, dependency) !== -1) return 'found';
        if (dependency > sought.least) seen.add(dependency);
      }
    }
    return 'not there';
  }

  /** All that a patch depends on. Starts from the sets that are kept, so that along a history each one costs little. */
  #ancestorsOf(number: PatchNumber): PatchSet {
    const kept = this.#ancestors.get(number);
    if (kept !== undefined) {
      this.#ancestors.delete(number);
      this.#ancestors.set(number, kept);
      return kept;
    }
    const set = new PatchSet(new Uint32Array((number >>> 5) + 1));
    // The latest first: what it depends on is mostly what the others depend on too.
    const open = [...this.dependenciesOf(number)].sort((a, b) => a - b);
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (!set.add(next)) continue;
      const known = this.#ancestors.get(next);
      if (known !== undefined) set.addAll(known);
      else for (const dependency of this.dependenciesOf(next)) if (!set.has(dependency)) open.push(dependency);
    }
    this.#keep(number, set);
    return set;
  }

  #keep(number: PatchNumber, set: PatchSet): void {
    this.#ancestors.set(number, set);
    this.#setsBytes += set.words * 4;
    for (const [oldest, { words }] of this.#ancestors) {
      if (this.#setsBytes <= SETS_BYTES_MAX || oldest === number) break;
      this.#ancestors.delete(oldest);
      this.#setsBytes -= words * 4;
    }
  }

  #load(number: PatchNumber): readonly PatchNumber[] {
    const first = Math.floor(number / PIECE) * PIECE;
    const rows = this.#database.rows(
      'SELECT number, dependencies FROM changes WHERE number >= ? AND number < ?',
      first,
      first + PIECE,
    );
    for (const row of rows) {
      const found = this.#database.number(row, 0);
      this.#dependencies[found] ??= decodeLinks(found, this.#database.bytes(row, 1));
    }
    const loaded = this.#dependencies[number];
    if (loaded === undefined) throw numberUnknown(number);
    return loaded;
  }
}

interface Sought {
  readonly owner: PatchNumber;
  /** Rising. */
  readonly knowers: readonly PatchNumber[];
  readonly least: PatchNumber;
}

const hasAny = (set: PatchSet, { owner, knowers }: Sought): boolean =>
  set.has(owner) || knowers.some((number) => set.has(number));
