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

test('agents that are run one by one come to what a whole run comes to; the validator tries the analyzer’s changes of code', async () => {
  const { modernizer, run } = await stage.begin('mendable');
  let output = '';
  const steps = ['planner', 'validator', 'analyzer', 'validator', 'analyzer', 'deployer'] as const;
  const keptAfter: (readonly string[])[] = [];
  for (const [place, agent] of steps.entries()) {
    // As a file has it: nothing but JSON goes from one to the next.
    const given = place === 0 ? EMPTY_STATE : readAgentOutput(output, 'state.json', agent).state;
    const { end, state } = await modernizer.executeAgent(run, { agent, state: given }, never);
    expect([agent, end.status, end.fault]).toEqual([agent, agent === 'deployer' ? 'done' : 'interrupted', null]);
    keptAfter.push(named(state.settlement?.kept ?? []));
    output = JSON.stringify({ version: 1, run, agent, state });
  }
  expect(keptAfter).toEqual([[], [], [], ['callable'], ['callable'], ['callable']]);
  const result = await modernizer.result(run);
  expect([named(result.kept), named(result.refused)]).toEqual([['callable'], []]);
  expect(result.kept[0]?.rewrite?.files.map(({ path }) => path)).toEqual(['index.js']);
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
  mends: [],
  questions: [],
  decisions: [],
  ending: null,
};
const withFile = (path: string) => ({ ...state, mends: [{ files: [{ path }] }] });
const outputOf = (given: object): string => JSON.stringify({ version: 1, run: 'r', agent: 'planner', state: given });
test.each<[string, LoneAgent, string, string]>([
  ['no JSON', 'validator', '{', 'JSON'],
  ['an empty object', 'validator', '{}', 'version'],
  ['another version', 'validator', JSON.stringify({ version: 2, run: 'r', agent: 'planner', state }), 'version'],
  ['no project', 'validator', outputOf({ ...state, project: null }), 'state.project'],
  ['no plan', 'validator', outputOf({ ...state, plan: null }), 'The validator needs a plan'],
  ['no settlement', 'analyzer', outputOf(state), 'The analyzer needs a settlement'],
  ['a change of code outside the project', 'validator', outputOf(withFile('../x.js')), 'state.mends.0.files.0.path'],
])('an input with %s is refused with what is wrong', (_what, agent, text, why) => {
  expect(() => readAgentOutput(text, 'plan.json', agent)).toThrow(
    expect.objectContaining({ code: 'AGENT_INPUT_UNREADABLE', message: expect.stringContaining(why) }),
  );
  expect(readAgentOutput(outputOf(withFile('src/x.js')), 'plan.json', 'validator').run).toBe('r');
});
