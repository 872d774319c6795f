// One agent alone, on what the agents before it made.
// Rule: it works in the run it is given, in that run's own copy and on its journal; nothing else is ever written.

import { inputUnreadable } from '../faults.ts';
import type { LoneAgent } from './agent-output.ts';
import { analyzer } from './analyzer.ts';
import { deployer } from './deployer.ts';
import type { Execution } from './execution.ts';
import { planner } from './planner.ts';
import type { MigrationState } from './state.ts';
import { validator } from './validator.ts';

/** The state after the agent. Throws AGENT_INPUT_UNREADABLE where the state is of another run's copy. */
export async function runAgent(execution: Execution, agent: LoneAgent, state: MigrationState): Promise<MigrationState> {
  const { repository } = execution.folder;
  if (state.project !== null && state.project.copy.repository !== repository) {
    throw inputUnreadable(
      'the input',
      `it is about ${state.project.copy.repository}, and this run works in ${repository}`,
    );
  }
  return { ...state, ...(await AGENTS[agent](execution, state)) };
}

const AGENTS: Readonly<
  Record<LoneAgent, (execution: Execution, state: MigrationState) => Promise<Partial<MigrationState>>>
> = { planner, validator, analyzer, deployer };
