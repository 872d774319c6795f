import { expect, test } from 'vitest';

import type { RunRecord } from 'kernel/journal';
import { EMPTY_VIEW } from '../protocol/index.ts';
import { resultOf } from './result.ts';

const run = { id: 'r1', title: 'p', status: 'running', reason: null, costMicroUsd: 0 } as RunRecord;
const files = { root: '/runs/r1', report: null };

test('between the last event of a run and its row it is not told as one that has ended and works', () => {
  const ended = { ...EMPTY_VIEW, status: 'done', finishedAt: '2026-01-01T00:00:00.000Z' } as const;
  expect(resultOf(run, ended, files)).toMatchObject({ status: 'done', completedAt: ended.finishedAt });
  expect(resultOf(run, EMPTY_VIEW, files)).toMatchObject({ status: 'running', completedAt: null });
});
