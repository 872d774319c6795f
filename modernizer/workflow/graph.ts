// The workflow: which agent follows which. LangGraph checkpoints the state after each of them.
//
//   planner → validator → analyzer ─→ deployer
//                ↑            │  ↖
//                └────────────┘   human gate (a person decides)
//          changes of code that may mend what is refused, other ways that a person may prefer
//
// Where install scripts may be what is missing, a project that is red as it is goes from the validator to the gate and
// back, and a refused upgrade from the analyzer to the gate and the validator.
// Rule: the arrows are decided by pure functions of the state.

import { END, START, StateGraph } from '@langchain/langgraph';
import type { BaseCheckpointSaver } from '@langchain/langgraph-checkpoint';

import { analyzer } from './analyzer.ts';
import { deployer } from './deployer.ts';
import type { Execution } from './execution.ts';
import { humanGate } from './human-gate.ts';
import { planner } from './planner.ts';
import { MigrationState } from './state.ts';
import { validator } from './validator.ts';

/** The compiled workflow for one execution of a run. */
export const migrationGraph = (execution: Execution, checkpointer: BaseCheckpointSaver) =>
  new StateGraph(MigrationState)
    .addNode('planner', (state) => planner(execution, state))
    .addNode('validator', (state) => validator(execution, state))
    .addNode('analyzer', (state) => analyzer(execution, state))
    .addNode('human-gate', (state) => humanGate(execution, state))
    .addNode('deployer', (state) => deployer(execution, state))
    .addEdge(START, 'planner')
    .addConditionalEdges('planner', afterPlanner, ['validator', END])
    .addConditionalEdges('validator', afterValidator, ['analyzer', 'human-gate', END])
    .addConditionalEdges('analyzer', afterAnalyzer, ['validator', 'human-gate', 'deployer'])
    .addConditionalEdges('human-gate', afterHumanGate, ['human-gate', 'validator', 'analyzer', 'deployer'])
    .addEdge('deployer', END)
    .compile({ checkpointer });

const afterPlanner = (state: MigrationState): 'validator' | typeof END => (state.ending === null ? 'validator' : END);

/** A project that is red, or was stopped before it was judged, has nothing to analyse; a person may be asked about it. */
function afterValidator(state: MigrationState): 'analyzer' | 'human-gate' | typeof END {
  if (state.settlement !== null) return 'analyzer';
  return state.decisions.length > 0 && state.ending === null ? 'human-gate' : END;
}

function afterAnalyzer(state: MigrationState): 'validator' | 'human-gate' | 'deployer' {
  if (state.ending !== null) return 'deployer';
  if (state.mends.some(({ answer }) => answer === null)) return 'validator';
  if (state.questions.some(({ answer }) => answer === null)) return 'validator';
  return state.decisions.length > 0 ? 'human-gate' : 'deployer';
}

/**
 * Where nothing is settled yet, the project is judged once more, with what was allowed or without; where install scripts
 * of a refused upgrade were asked about, it is tried with them, or other ways are looked for.
 */
function afterHumanGate(state: MigrationState): 'human-gate' | 'validator' | 'analyzer' | 'deployer' {
  if (state.decisions.length > 0) return 'human-gate';
  if (state.settlement === null || state.mends.some(({ answer }) => answer === null)) return 'validator';
  return state.wantingScripts.length > 0 && state.questions.length === 0 ? 'analyzer' : 'deployer';
}
