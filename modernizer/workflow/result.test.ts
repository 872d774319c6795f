import { expect, test } from 'vitest';

import type { RunRecord } from 'kernel/journal';
import { EMPTY_VIEW, type ModernizationView, type TrialView, type UpgradeView } from '../protocol/index.ts';
import { resultOf } from './result.ts';

const run = { id: 'r1', title: 'p', status: 'running', reason: null, costMicroUsd: 0 } as RunRecord;
const files = { root: '/runs/r1', report: null };

test('between the last event of a run and its row it is not told as one that has ended and works', () => {
  const ended = { ...EMPTY_VIEW, status: 'done', finishedAt: '2026-01-01T00:00:00.000Z' } as const;
  expect(resultOf(run, ended, files)).toMatchObject({ status: 'done', completedAt: ended.finishedAt });
  expect(resultOf(run, EMPTY_VIEW, files)).toMatchObject({ status: 'running', completedAt: null });
});

test('a refused upgrade names the step that was red, with what it took and was allowed', () => {
  const level = { level: 4, command: 'npm test', detail: '', wallMs: 900, tests: null, health: [] } as const;
  const limits = { wallMs: 60_000, memoryBytes: 1024 };
  const levels = [
    { ...level, level: 1 as const, command: 'npm install', ok: true },
    { ...level, ok: false, limits, memoryBytesPeak: 512 },
  ];
  const trial = { id: 't1', purpose: 'baseline', state: 'finished', levels } as unknown as TrialView;
  const upgrade = { name: 'ms', state: 'refused', trial: 't1', where: [], attempts: [], evidence: null };
  const baseline: ModernizationView['baseline'] = {
    kind: 'green',
    level: 4,
    flaky: [],
    verdict: { kind: 'green', passed: 1, of: 1 },
    label: '',
  };
  const view = { ...EMPTY_VIEW, baseline, trials: [trial], upgrades: [upgrade as unknown as UpgradeView] };
  const result = resultOf(run, view, files);
  const step = { level: 4, command: 'npm test', wallMs: 900, limits, memoryBytesPeak: 512 };
  expect(result.refused[0]?.failedStep).toEqual(step);
  expect(result.baseline?.steps).toEqual([{ level: 1, command: 'npm install', wallMs: 900 }, step]);
});
