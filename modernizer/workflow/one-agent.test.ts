import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { named, openStage, type Stage } from '../../tests/fixture-projects/stage.ts';
import { EMPTY_STATE, readAgentOutput, type LoneAgent } from './agent-output.ts';

// Each run starts npm many times over.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

const never = new AbortController().signal;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('agents that are run one by one, each on the file of the one before, come to what a whole run comes to', async () => {
  const { modernizer, run } = await stage.begin('pair');
  let state = EMPTY_STATE;
  for (const agent of ['planner', 'validator', 'analyzer', 'deployer'] as const) {
    // As a file has it: nothing but JSON goes from one to the next.
    const handed = JSON.stringify({ version: 1, run, agent: 'planner', state });
    const given = agent === 'planner' ? EMPTY_STATE : readAgentOutput(handed, 'state.json', agent).state;
    const done = await modernizer.executeAgent(run, { agent, state: given }, never);
    expect([agent, done.end.status, done.end.fault]).toEqual([
      agent,
      agent === 'deployer' ? 'done' : 'interrupted',
      null,
    ]);
    state = done.state;
  }
  const result = await modernizer.result(run);
  expect([named(result.kept), named(result.refused)]).toEqual([['good'], ['breaking']]);
  expect(result.branch).toBe(`tandem/${run}`);
});

test('a run of which only the planner was run is gone on with as a whole', async () => {
  const { modernizer, run } = await stage.begin('pair');
  await modernizer.executeAgent(run, { agent: 'planner', state: EMPTY_STATE }, never);
  expect((await modernizer.find(run)).reason).toBe('Only its planner was asked for.');
  expect((await modernizer.execute(run, never)).status).toBe('done');
  expect(named((await modernizer.result(run)).kept)).toEqual(['good']);
});

test('the state of another run is not worked on', async () => {
  const { modernizer, run } = await stage.begin('pair');
  const { state } = await modernizer.executeAgent(run, { agent: 'planner', state: EMPTY_STATE }, never);
  const { run: other } = await stage.begin('pair');
  const done = await modernizer.executeAgent(other, { agent: 'deployer', state }, never);
  expect(done.end).toMatchObject({ status: 'failed', fault: { code: 'AGENT_INPUT_UNREADABLE' } });
});

const state = {
  project: { path: '/p', copy: { repository: '/r', prefix: '', baseCommit: 'c' } },
  plan: { upgrades: [] },
  baseline: null,
  settlement: null,
  questions: [],
  decisions: [],
  ending: null,
};
test.each<[string, LoneAgent, string]>([
  ['no JSON', 'validator', '{'],
  ['an empty object', 'validator', '{}'],
  ['another version', 'validator', JSON.stringify({ version: 2, run: 'r', agent: 'planner', state })],
  [
    'no project',
    'validator',
    JSON.stringify({ version: 1, run: 'r', agent: 'planner', state: { ...state, project: null } }),
  ],
  ['no plan', 'validator', JSON.stringify({ version: 1, run: 'r', agent: 'planner', state: { ...state, plan: null } })],
  ['no settlement', 'analyzer', JSON.stringify({ version: 1, run: 'r', agent: 'planner', state })],
])('an input with %s is refused with what is wrong', (_what, agent, text) => {
  expect(() => readAgentOutput(text, 'plan.json', agent)).toThrow(
    expect.objectContaining({ code: 'AGENT_INPUT_UNREADABLE' }),
  );
});
