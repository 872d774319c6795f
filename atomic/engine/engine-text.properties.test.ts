import fc from 'fast-check';
import { expect, test } from 'vitest';

import { layOut } from '../oracle/lay-out.ts';
import { DEFAULT_POLICY, type MergePolicy } from '../patches/facts.ts';
import { inNormalForm } from './normal-form.ts';
import { openText, type EngineText } from './engine-text.ts';
import { shownLayout } from './shown-layout.ts';
import { arbitrarySteps, RandomHistory, REPLICAS, type Step } from './random-history.ts';

const POLICIES: readonly MergePolicy[] = [DEFAULT_POLICY, { adjacent: 'strict', identical: 'conflict' }];

test('the engine gives the layout of the oracle after every step', () => {
  const check = (steps: readonly Step[], policy: MergePolicy): void => {
    const world = new RandomHistory();
    const texts = Array.from({ length: REPLICAS }, () => openText([], world.history, policy));
    for (const step of steps) {
      const text = texts[step.replica] as EngineText;
      const { replica, came, left } = world.take(step, text);
      for (const { facts } of came) text.apply(facts);
      for (const { facts } of left) text.withdraw(facts);
      const oracle = layOut(world.factsOf(replica), world.history, policy);
      expect(shownLayout(text.layout)).toBe(shownLayout(inNormalForm(oracle.layout, world.history)));
      expect(text.layout).toEqual(inNormalForm(oracle.layout, world.history));
    }
  };
  fc.assert(fc.property(arbitrarySteps(40), fc.constantFrom(...POLICIES), check), {
    numRuns: Number(process.env['CASES'] ?? 100),
    ...(process.env['SEED'] ? { seed: Number(process.env['SEED']) } : {}),
  });
});
