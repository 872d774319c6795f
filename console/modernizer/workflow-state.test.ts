import { EMPTY_VIEW, foldEvents } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { RECORDED, upTo } from './recorded-run.ts';
import { edgeId, workflowEdges, workflowSteps } from './workflow-state.ts';

const words = (events: Parameters<typeof foldEvents>[0]): readonly string[] =>
  workflowSteps(foldEvents(events)).map((step) => step.look.word);
const activeEdges = (events: Parameters<typeof foldEvents>[0]): readonly string[] =>
  workflowEdges(workflowSteps(foldEvents(events)))
    .filter((edge) => edge.active)
    .map(edgeId);

test('the steps follow the journal from the first event to the last', () => {
  expect(words([])).toEqual(['waiting', 'waiting', 'waiting', 'waiting', 'waiting']);
  expect(words(upTo('plan-made'))).toEqual(['working', 'waiting', 'waiting', 'waiting', 'waiting']);
  expect(words(upTo('decision-asked'))).toEqual(['finished', 'finished', 'finished', 'asks you', 'waiting']);
  expect(words(RECORDED)).toEqual(['finished', 'finished', 'finished', 'not needed', 'finished']);
});

test('only the line by which the work came to a step is alive', () => {
  expect(activeEdges(upTo('trial-started'))).toEqual(['planner-validator']);
  expect(activeEdges(upTo('decision-asked'))).toEqual(['analyzer-human-gate']);
  expect(activeEdges(upTo('deployment_complete'))).toEqual(['analyzer-deployer']);
  expect(activeEdges(RECORDED)).toEqual([]);
});

test('a second round of the validator comes back from the analyzer', () => {
  const view = foldEvents(upTo('trial-started'));
  const agents = view.agents.map((agent) =>
    agent.agent === 'analyzer' ? { ...agent, rounds: 1, state: 'finished' as const } : agent,
  );
  const alive = workflowEdges(workflowSteps({ ...view, agents })).filter((edge) => edge.active);
  expect(alive.map(edgeId)).toEqual(['analyzer-validator']);
});

test('an agent whose run was stopped or lost works no more', () => {
  const view = foldEvents(upTo('trial-started'));
  for (const status of ['interrupted', 'stopped', 'failed'] as const) {
    const [, validator] = workflowSteps({ ...view, status });
    expect(validator).toMatchObject({ active: false, look: { word: 'stopped' } });
  }
  expect(workflowSteps(EMPTY_VIEW).every((step) => !step.active)).toBe(true);
});
