// Replicas that edit one file without knowing of each other: what the properties of recording are tried on.
// Everything is drawn from a seeded source, so a failure can be repeated.

import { DEFAULT_POLICY, type MergePolicy, type PatchNumber, type TextFacts } from '../patches/facts.ts';
import { DRAFT, DraftContents } from '../patches/record-text.ts';
import type { DraftHistory, DraftPatch } from './numbering.ts';
import { OpenText, type Recording, type TextContext } from './open-text.ts';

interface Recorded {
  readonly facts: TextFacts;
  readonly dependencies: ReadonlySet<PatchNumber>;
  readonly known: ReadonlySet<PatchNumber>;
  readonly contents: Buffer;
}

/** A small world of patches on one file, and replicas that each have some of them. */
export class Replicas {
  readonly patches: Recorded[] = [];
  readonly sets: Set<PatchNumber>[];
  readonly context: TextContext;

  constructor(count: number, policy: MergePolicy = DEFAULT_POLICY) {
    this.sets = Array.from({ length: count }, () => new Set<PatchNumber>());
    this.context = { history: this.#history(), policy, labelOf: (patch) => `patch ${patch}` };
  }

  open(set: Iterable<PatchNumber>): OpenText {
    const facts = [...set].flatMap((patch) => this.patches[patch]?.facts ?? []);
    return OpenText.of(this.context, facts, (patch) => this.patches[patch]?.facts);
  }

  /** Records a text in a replica; the recording says how it went. */
  record(replica: number, after: Buffer): Recording {
    const set = this.sets[replica] ?? new Set();
    const contents = new DraftContents();
    const recording = this.open(set).record(after, contents);
    if (recording.kind === 'changed') {
      const number = this.patches.length;
      const facts = renumbered(recording.facts, number);
      const dependencies = referredTo(facts, number);
      this.patches.push({ facts, dependencies, known: new Set(recording.known), contents: contents.finish() });
      set.add(number);
    }
    return recording;
  }

  pull(replica: number, patch: PatchNumber): void {
    const set = this.sets[replica];
    if (set === undefined || set.has(patch)) return;
    for (const dependency of this.patches[patch]?.dependencies ?? []) this.pull(replica, dependency);
    set.add(patch);
  }

  #knows(deleter: PatchNumber, owner: PatchNumber): boolean {
    const seen = new Set<PatchNumber>();
    const open = [deleter];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === owner) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      const recorded = this.patches[at];
      if (recorded?.known.has(owner) === true) return true;
      open.push(...(recorded?.dependencies ?? []));
    }
    return false;
  }

  #history(): DraftHistory {
    let draft: DraftPatch | null = null;
    // An order of its own, so that nothing passes by leaning on the order of recording.
    const key = (patch: PatchNumber): number => (patch === DRAFT ? 2 ** 40 : (patch * 7919) % 104_729);
    return {
      compare: (a, b) => key(a) - key(b),
      knows: (deleter, owner) => {
        if (deleter !== DRAFT) return owner !== DRAFT && this.#knows(deleter, owner);
        return [...(draft?.knows ?? [])].some((each) => each === owner || this.#knows(each, owner));
      },
      text: ({ patch, start, end }) =>
        (patch === DRAFT ? draft?.contents : this.patches[patch]?.contents)?.subarray(start, end) ?? new Uint8Array(),
      forget: () => undefined,
      during(next, work) {
        const before = draft;
        draft = next;
        try {
          return work();
        } finally {
          draft = before;
        }
      },
    };
  }
}

function renumbered(facts: TextFacts, number: PatchNumber): TextFacts {
  return JSON.parse(
    JSON.stringify(facts, (key, value: unknown) => (key === 'patch' && value === DRAFT ? number : value)),
  ) as TextFacts;
}

function referredTo(facts: TextFacts, own: PatchNumber): ReadonlySet<PatchNumber> {
  const found = new Set<PatchNumber>();
  JSON.stringify(facts, (key, value: unknown) => {
    if ((key === 'patch' || key === 'by') && typeof value === 'number' && value !== own) found.add(value);
    return value;
  });
  return found;
}
