import { expect, test } from 'vitest';

import { compareRuns, Comparison } from './comparison.ts';
import type { ModernizationResult } from './result.ts';

const green = { kind: 'green', passed: 5, of: 5 } as const;
const broken = { kind: 'broken', passed: 0, of: 2 } as const;
const upgrade = (name: string, to = '2.0.0') => ({ name, fromRange: '^1', toRange: '^2', from: '1.0.0', to });
const kept = (name: string, to?: string) => ({ ...upgrade(name, to), verdict: green, raisesEngines: null });
const refused = (name: string, verdict: ModernizationResult['refused'][number]['verdict'] = broken) => ({
  ...upgrade(name),
  verdict,
  cause: `${name} is broken.`,
  where: [],
  evidence: null,
});
const result = (run: string, parts: Partial<ModernizationResult>): ModernizationResult => ({
  version: 1,
  run,
  status: 'done',
  reason: null,
  next: null,
  project: '/shop',
  risk: 'low',
  baseline: null,
  kept: [],
  refused: [],
  leftAlone: [],
  decisions: [],
  trials: 3,
  trialsCached: 1,
  wallMs: 60_000,
  costMicroUsd: 0,
  startedAt: null,
  completedAt: null,
  branch: null,
  repository: null,
  fetchLine: null,
  report: null,
  prUrl: null,
  deploymentUrl: null,
  ...parts,
});

test('what one run kept and the other refused comes first, then what only one planned, then versions and verdicts', () => {
  const a = result('a', { kept: [kept('z'), kept('v'), kept('same')], refused: [refused('w')] });
  const b = result('b', {
    kept: [kept('v', '2.1.0'), kept('same'), kept('only')],
    refused: [refused('w', { kind: 'timed-out', passed: 0, of: 1 }), refused('z')],
  });
  const comparison = compareRuns(a, b);
  expect(comparison.upgrades.map(({ name, kind }) => [name, kind])).toEqual([
    ['z', 'state'],
    ['only', 'only-one'],
    ['v', 'version'],
    ['w', 'verdict'],
    ['same', 'same'],
  ]);
  expect(comparison.upgrades[0]).toMatchObject({
    a: { state: 'kept', cause: null },
    b: { state: 'refused', cause: 'z is broken.' },
  });
  expect(comparison.upgrades[1]?.a).toBeNull();
  expect(comparison).toMatchObject({
    sameProject: true,
    a: { kept: 3, refused: 1, trials: 3 },
    b: { kept: 3, refused: 2 },
  });
  expect(Comparison.safeParse(comparison).success).toBe(true);
});

test('a run compared with itself differs in nothing; runs of other projects are told as such', () => {
  const a = result('a', { kept: [kept('x')] });
  expect(compareRuns(a, a).upgrades.every(({ kind }) => kind === 'same')).toBe(true);
  expect(compareRuns(a, result('b', { project: '/other' })).sameProject).toBe(false);
  expect(compareRuns(result('a', {}), result('b', {})).upgrades).toEqual([]);
});
