// What holds for every history of a text, as checks that throw where it does not. Research C12: P1, P2, P5, P6, P8, P10
// and P12. The tests run some hundreds of cases, the bench ten thousand.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';

import fc from 'fast-check';

import { layOut } from '../oracle/lay-out.ts';
import type { MergePolicy, PatchNumber, Range, TextFacts } from '../patches/facts.ts';
import type { FileText } from '../patches/layout.ts';
import { openText, type EngineText } from './engine-text.ts';
import { NO_FACTS, runsOf } from './random-facts.ts';
import { arbitrarySteps, RandomHistory, REPLICAS, type Step } from './random-history.ts';

interface Case {
  readonly steps: readonly Step[];
  /** Lines that all replicas begin with. */
  readonly lines: number;
  readonly policy: MergePolicy;
  /** For choices that are not the history's. */
  readonly shuffle: readonly number[];
}

/** Long enough for conflicts to be resolved in opposite ways, and for that to be withdrawn. */
const LONGEST_HISTORY = 40;

const arbitraryCase: fc.Arbitrary<Case> = fc.record({
  steps: arbitrarySteps(LONGEST_HISTORY),
  lines: fc.constantFrom(0, 3, 8),
  policy: fc.record({
    adjacent: fc.constantFrom('clean', 'strict'),
    identical: fc.constantFrom('collapse', 'conflict'),
  }),
  shuffle: fc.array(fc.nat(1000), { minLength: 8, maxLength: 8 }),
});

/** Checks so many histories. A failure names the seed and the path that repeat it. */
export function checkHistories(check: (one: Case) => void, { cases, seed }: { cases: number; seed: number }): void {
  fc.assert(fc.property(arbitraryCase, check), { numRuns: cases, seed });
}

/** P10: after every operation the engine answers as the oracle does. */
export function equalsOracle({ steps, lines, policy }: Case): void {
  const { world, texts } = beginning(lines, policy);
  for (const step of steps) {
    const text = take(world, texts, step);
    const oracle = layOut(world.factsOf(step.replica), world.history, policy);
    deepStrictEqual(text.layout, oracle.layout);
    deepStrictEqual(text.deadRuns(), oracle.deadRuns());
    const runs = runsOf(text.layout);
    const cutting = cutAround(runs, world.patches.length);
    answersAgree(runs, text, layOut([...world.factsOf(step.replica), cutting], world.history, policy));
  }
}

/** P1, P5, P6: any order of patches, any grouping and any repeats give one layout, with the same bytes for all. */
export function orderMeansNothing({ steps, lines, policy, shuffle }: Case): void {
  const { world, texts } = beginning(lines, policy);
  for (const step of steps) take(world, texts, step);
  const all = world.patches.map(({ facts }) => facts);
  const { layout } = openText(all, world.history, policy);
  deepStrictEqual(openText(all.toReversed(), world.history, policy).layout, layout);
  for (const [replica, text] of texts.entries()) {
    const grown = text.copy();
    for (const facts of topological(world, shuffle.slice(replica))) {
      grown.apply(facts);
      if (shuffle.includes(facts.patch)) strictEqual(grown.apply(facts), 'spliced');
      strictEqual(grown.isClean, openText([...seenBy(grown, all)], world.history, policy).isClean);
    }
    deepStrictEqual(grown.layout, layout);
    deepStrictEqual(text.layout, openText(world.factsOf(replica), world.history, policy).layout);
  }
}

/** P2: taking a patch out is as if it had never been in, down to the empty text; putting it back is as before. */
export function withdrawalIsInverse({ steps, lines, policy, shuffle }: Case): void {
  const { world, texts } = beginning(lines, policy);
  for (const step of steps) take(world, texts, step);
  for (const [replica, text] of texts.entries()) {
    const left = new Set(world.replicas[replica]);
    for (let turn = 0; left.size > 0; turn += 1) {
      const leaves = [...left].filter((patch) => world.isLeaf(patch, left));
      const patch = leaves[(shuffle[turn % shuffle.length] ?? 0) % leaves.length] ?? 0;
      const facts = factsOf(world, patch);
      const before = text.layout;
      text.withdraw(facts);
      deepStrictEqual(
        text.during(facts, ({ layout }) => layout),
        before,
      );
      const rest = [...left].filter((other) => other !== patch).map((other) => factsOf(world, other));
      deepStrictEqual(text.layout, openText(rest, world.history, policy).layout);
      text.apply(facts);
      deepStrictEqual(text.layout, before);
      text.withdraw(facts);
      left.delete(patch);
    }
    deepStrictEqual([text.layout, text.size], [[], 0]);
  }
}

/** P8: each alive byte is in the layout once, twins each; and offsets of a clean text find its runs. */
export function eachByteIsThereOnce({ steps, lines, policy, shuffle }: Case): void {
  const { world, texts } = beginning(lines, policy);
  for (const step of steps) {
    const text = take(world, texts, step);
    const printed = runsOf(text.layout).flatMap(bytesOf);
    deepStrictEqual(printed.toSorted(), aliveBytes(world.factsOf(step.replica)));
    strictEqual(text.size, printed.length);
    if (!text.isClean) continue;
    const [from, to] = [shuffle[0] ?? 0, shuffle[1] ?? 0].map((offset) => offset % (printed.length + 1));
    deepStrictEqual(
      text.runsAt(from ?? 0, to ?? 0).flatMap(bytesOf),
      printed.slice(from, Math.max(from ?? 0, to ?? 0)),
    );
    deepStrictEqual(
      text.runsAt(0, text.size),
      runsOf(text.layout).map(({ patch, start, end }) => ({ patch, start, end })),
    );
  }
}

/** P12: cuts that no fact needs change nothing, nor does taking them back. */
export function cutsMeanNothing({ steps, lines, policy, shuffle }: Case): void {
  const { world, texts } = beginning(lines, policy);
  for (const step of steps) take(world, texts, step);
  const all = world.patches.map(({ facts }) => facts);
  const inserted = all.flatMap(({ patch, inserts }) => inserts.map(({ start, end }) => ({ patch, start, end })));
  const stranger = all.length + 1;
  const cuts = inserted.map(({ patch, start, end }, at) => {
    const first = start + ((shuffle[at % shuffle.length] ?? 0) % (end - start));
    return { range: { patch, start: first, end: first + 1 }, by: stranger };
  });
  const cutting = { ...NO_FACTS, patch: all.length, undeletes: cuts };
  const plain = openText(all, world.history, policy);
  deepStrictEqual(openText([...all, cutting], world.history, policy).layout, plain.layout);
  const { layout } = plain;
  plain.apply(cutting);
  deepStrictEqual(plain.layout, layout);
  plain.withdraw(cutting);
  deepStrictEqual(plain.layout, layout);
}

interface Beginning {
  readonly world: RandomHistory;
  readonly texts: readonly EngineText[];
}

function beginning(lines: number, policy: MergePolicy): Beginning {
  const world = new RandomHistory(lines);
  const texts = Array.from({ length: REPLICAS }, (_, replica) =>
    openText(world.factsOf(replica), world.history, policy),
  );
  return { world, texts };
}

/** The text of the replica that took the step. */
function take(world: RandomHistory, texts: readonly EngineText[], step: Step): EngineText {
  const text = texts[step.replica];
  if (text === undefined) throw new RangeError(`There is no replica ${step.replica}.`);
  const { came, left } = world.take(step, text);
  for (const { facts } of came) text.apply(facts);
  for (const { facts } of left) text.withdraw(facts);
  return text;
}

/** The oracle answers about what begins and ends at cuts only. */
const cutAround = (runs: readonly Range[], patch: PatchNumber): TextFacts => ({
  ...NO_FACTS,
  patch,
  undeletes: runs.map(({ patch: owner, start, end }) => ({ range: { patch: owner, start, end }, by: patch + 1 })),
});

function answersAgree(runs: readonly Range[], text: FileText, oracle: FileText): void {
  for (const [at, run] of runs.entries()) {
    const beside = (one: FileText): readonly number[] => one.ownersBeside([run]).filter((owner) => owner !== run.patch);
    deepStrictEqual(beside(text), beside(oracle));
    const next = runs[at + 1];
    if (next === undefined) continue;
    const [last, first] = [
      { patch: run.patch, offset: run.end - 1 },
      { patch: next.patch, offset: next.start },
    ];
    strictEqual(text.isLinked(last, first), oracle.isLinked(last, first));
  }
}

/** All patches, each after those it depends on, otherwise in an order of chance. */
function topological(world: RandomHistory, shuffle: readonly number[]): readonly TextFacts[] {
  const left = new Set(world.patches.keys());
  const sorted: TextFacts[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((patch) =>
      [...(world.patches[patch]?.dependencies ?? [])].every((one) => !left.has(one)),
    );
    const patch = ready[(shuffle[sorted.length % shuffle.length] ?? 0) % ready.length] ?? 0;
    left.delete(patch);
    sorted.push(factsOf(world, patch));
  }
  return sorted;
}

const seenBy = (text: EngineText, all: readonly TextFacts[]): readonly TextFacts[] =>
  all.filter(({ patch }) => text.has(patch));

const factsOf = (world: RandomHistory, patch: PatchNumber): TextFacts =>
  world.patches[patch]?.facts ?? { patch, ...NO_FACTS };

const bytesOf = ({ patch, start, end }: Range): readonly string[] =>
  Array.from({ length: end - start }, (_, at) => `${patch}@${start + at}`);

/** Straight from the definition: inserted, and every deletion taken back. */
function aliveBytes(all: readonly TextFacts[]): readonly string[] {
  const undeleted = new Set(
    all.flatMap(({ undeletes }) => undeletes.flatMap(({ range, by }) => bytesOf(range).map((byte) => `${byte} ${by}`))),
  );
  const dead = new Set(
    all.flatMap(({ patch, deletes }) =>
      deletes.flatMap((range) => bytesOf(range).filter((byte) => !undeleted.has(`${byte} ${patch}`))),
    ),
  );
  return all
    .flatMap(({ patch, inserts }) => inserts.flatMap(({ start, end }) => bytesOf({ patch, start, end })))
    .filter((byte) => !dead.has(byte))
    .toSorted();
}
