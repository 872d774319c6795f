// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { foldEvents } from 'modernizer/protocol';
import { afterEach, expect, test } from 'vitest';

import { RECORDED } from './recorded-run.ts';
import { trialTree } from './trial-tree-state.ts';
import { TrialTree } from './trial-tree.tsx';

afterEach(cleanup);

const onOpen = (): void => {};

test('the clock draws the trials that run, and no trial that has ended', () => {
  const drawn: string[] = [];
  const { trials } = foldEvents(RECORDED);
  // Whoever draws a trial reads why it was tried.
  const heard = trials.map((trial, at) => ({
    ...trial,
    ...(at === 2 ? ({ state: 'running', answeredBy: null, wallMs: null, verdict: null } as const) : {}),
    get why() {
      drawn.push(trial.id);
      return null;
    },
  }));
  const nodes = trialTree(heard);
  const startMs = Date.parse(heard[2]?.startedAt ?? '');
  const tree = (nowMs: number) => <TrialTree nodes={nodes} trials={heard} nowMs={nowMs} onOpen={onOpen} />;
  const { rerender } = render(tree(startMs + 1_000));
  expect(new Set(drawn)).toEqual(new Set(['t1', 't2', 't3']));
  expect(screen.getByText('1 s')).toBeDefined();
  drawn.length = 0;
  rerender(tree(startMs + 61_000));
  expect(new Set(drawn)).toEqual(new Set(['t3']));
  expect(screen.getByText('1 min 1 s')).toBeDefined();
});
