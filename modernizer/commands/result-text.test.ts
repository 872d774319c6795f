import { expect, test } from 'vitest';

import type { ModernizationResult } from '../protocol/index.ts';
import { resultText } from './result-text.ts';

const refused: ModernizationResult['refused'][number] = {
  name: 'glob',
  fromRange: '^7.0.0',
  toRange: '^10.0.0',
  from: '7.2.3',
  to: '10.0.0',
  verdict: { kind: 'broken', passed: 0, of: 2 },
  cause: 'One test fails.',
  where: ['a.js:2', 'b.js:9'],
  evidence: null,
};
const result = (upgrade: typeof refused): ModernizationResult => ({
  version: 1,
  run: 'r1',
  status: 'done',
  reason: null,
  next: null,
  project: '/p',
  risk: 'low',
  baseline: null,
  kept: [],
  refused: [upgrade],
  leftAlone: [],
  decisions: [],
  trials: 1,
  trialsCached: 0,
  wallMs: 0,
  costMicroUsd: 0,
  startedAt: null,
  completedAt: null,
  branch: null,
  repository: null,
  fetchLine: null,
  report: null,
  prUrl: null,
  deploymentUrl: null,
});

test('a refusal whose symbol is known shows each line that uses it; any other the places of its log', () => {
  const cause = {
    kind: 'named' as const,
    symbol: 'glob.sync',
    change: 'renamed' as const,
    before: null,
    after: null,
    renamedTo: 'globSync',
    sites: [
      { file: 'a.js', line: 2, column: 3, text: "glob.sync('*')" },
      { file: 'made.js', line: 7, column: null, text: null },
    ],
    proof: 'log' as const,
    printed: null,
  };
  const diagnosis = { cause, difference: null, package: [], changelog: null, uses: 1, logged: [], unknown: [] };
  expect(
    resultText(result({ ...refused, diagnosis }))
      .split('\n')
      .slice(-3),
  ).toEqual(['      One test fails.', "      at a.js:2  glob.sync('*')", '      at made.js:7']);
  expect(resultText(result(refused)).split('\n').at(-1)).toBe('      at a.js:2, b.js:9');
});
