// What one agent hands to the next as a file, when agents are run one by one.
// Not here: running one (one-agent.ts), which is loaded only when it is asked for.

import * as z from 'zod';

import { inputUnreadable } from '../faults.ts';
import type { MigrationState } from './state.ts';

export const LoneAgent = z.enum(['planner', 'validator', 'analyzer', 'deployer']);
export type LoneAgent = z.infer<typeof LoneAgent>;

/** What one agent hands to the next, as a file; `state` is what LangGraph checkpoints between them. */
export interface AgentOutput {
  readonly version: 1;
  readonly run: string;
  readonly agent: LoneAgent;
  readonly state: MigrationState;
}

export const EMPTY_STATE: MigrationState = {
  project: null,
  plan: null,
  baseline: null,
  settlement: null,
  mends: [],
  wantingScripts: [],
  questions: [],
  decisions: [],
  ending: null,
};

/** A path from the project's folder that stays in it. */
const INSIDE = /^(?!\/)(?!.*(?:^|\/)\.\.(?:\/|$))[^\\\0]+$/;

/** The parts that we look into; what lies deeper was written by an agent and is read by agents only. */
const StateShape = z.looseObject({
  project: z.looseObject({
    path: z.string(),
    copy: z.looseObject({ repository: z.string(), prefix: z.string(), baseCommit: z.string() }),
  }),
  plan: z.nullable(z.looseObject({ upgrades: z.array(z.looseObject({ name: z.string(), to: z.string() })) })),
  baseline: z.nullable(z.looseObject({})),
  settlement: z.nullable(z.looseObject({ kept: z.array(z.unknown()), refused: z.array(z.unknown()) })),
  mends: z.array(z.looseObject({ files: z.array(z.looseObject({ path: z.string().regex(INSIDE) })) })),
  wantingScripts: z._default(z.array(z.unknown()), []),
  questions: z.array(z.unknown()),
  decisions: z.array(z.unknown()),
  ending: z.nullable(z.looseObject({ status: z.string() })),
});
const OutputShape = z.looseObject({
  version: z.literal(1),
  run: z.string().min(1),
  agent: LoneAgent,
  state: StateShape,
});

/** What an agent needs of the agents before it. */
const NEEDS: Readonly<Record<LoneAgent, readonly ('plan' | 'settlement')[]>> = {
  planner: [],
  validator: ['plan'],
  analyzer: ['plan', 'settlement'],
  deployer: ['plan', 'settlement'],
};

/** The output of an agent as a file holds it. Throws AGENT_INPUT_UNREADABLE. */
export function readAgentOutput(text: string, file: string, agent: LoneAgent): AgentOutput {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw inputUnreadable(file, error instanceof Error ? error.message : String(error));
  }
  const parsed = OutputShape.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw inputUnreadable(
      file,
      `it is no output of an agent: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
    );
  }
  const { state } = parsed.data;
  const missing = NEEDS[agent].find((part) => state[part] === null);
  if (missing !== undefined) throw inputUnreadable(file, `the ${agent} needs a ${missing}, which this output has not`);
  return parsed.data as unknown as AgentOutput;
}
