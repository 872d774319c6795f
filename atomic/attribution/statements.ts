// What a person says of an AI's part at the moment of recording: by flags, and by variables of the environment.
// Rule: a value is read strictly even where nothing uses it; a typing error never becomes a silent default.

import { microdollars, type Microdollars } from 'kernel/basics';

import { SUGGESTION_TYPES, type Agent, type BasisPoints, type SuggestionType, type TokenCount } from './attribution.ts';
import { aiFlagsContradict } from './faults.ts';
import { readChoice, readName, readPath, readScaled, readShare, readSwitch, readWhole } from './read-value.ts';

/** As commander gives them; `--no-ai-assisted` makes `aiAssisted` false. */
export interface AiFlags {
  readonly aiAssisted?: boolean | undefined;
  readonly aiProvider?: string | undefined;
  readonly aiModel?: string | undefined;
  readonly aiSuggestionType?: string | undefined;
  readonly aiConfidence?: string | undefined;
}

export interface Statement {
  readonly evidence: 'cli-flag' | 'env';
  /** Null: it says nothing. */
  readonly saysAi: boolean | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly suggestion: SuggestionType | null;
  readonly confidence: BasisPoints | null;
  readonly said: { readonly ai: string; readonly model: string };
}

export function readFlags(flags: AiFlags): Statement {
  const provider = readName('--ai-provider', flags.aiProvider);
  const model = readName('--ai-model', flags.aiModel);
  const suggestion = readChoice('--ai-suggestion-type', flags.aiSuggestionType, SUGGESTION_TYPES);
  const confidence = readShare('--ai-confidence', flags.aiConfidence);
  const given = [
    ['--ai-provider', provider],
    ['--ai-model', model],
    ['--ai-suggestion-type', suggestion],
    ['--ai-confidence', confidence],
  ] as const;
  const first = given.find(([, value]) => value !== null);
  if (flags.aiAssisted === false && first !== undefined) throw aiFlagsContradict(first[0]);
  // Whoever names the AI's part says that it took part.
  const saysAi = flags.aiAssisted ?? (first === undefined ? null : true);
  const said = { ai: first?.[0] ?? '--ai-assisted', model: '--ai-model' };
  return { evidence: 'cli-flag', saysAi, provider, model, suggestion, confidence, said };
}

/** The most that a model reads at once is some ten millions of tokens; a count of one patch stays below this. */
const TOKENS_MAX = 1_000_000_000_000;
const REVIEW_SECONDS_MAX = 30 * 24 * 3600;
const COST_USD_MAX = 1_000_000;
/** Above 2 no provider takes it. */
const TEMPERATURE_MAX = 2;

export interface EnvironmentStatement extends Statement {
  readonly agent: Agent | null;
  readonly tokens: TokenCount | null;
  readonly reviewMs: number | null;
  readonly temperatureMilli: number | null;
  readonly maxTokens: number | null;
  readonly cost: Microdollars | null;
  readonly promptFile: string | null;
}

export function readEnvironment(environment: Readonly<Record<string, string | undefined>>): EnvironmentStatement {
  const value = (name: string): [string, string | undefined] => [`ATOMIC_AI_${name}`, environment[`ATOMIC_AI_${name}`]];
  const enabled = readSwitch(...value('ENABLED'));
  const tool = readName(...value('TOOL'));
  const sessionId = readName(...value('SESSION_ID'));
  const tokens = readWhole(...value('TOKEN_COUNT'), 0, TOKENS_MAX);
  const cost = readScaled(...value('COST_USD'), 1_000_000, COST_USD_MAX);
  return {
    evidence: 'env',
    // `false` switches the variables off; it is no statement that a person wrote the text.
    saysAi: enabled === true ? true : null,
    provider: readName(...value('PROVIDER')),
    model: readName(...value('MODEL')),
    suggestion: readChoice(...value('SUGGESTION_TYPE'), SUGGESTION_TYPES),
    confidence: readShare(...value('CONFIDENCE')),
    said: { ai: 'ATOMIC_AI_ENABLED', model: 'ATOMIC_AI_MODEL' },
    agent: tool === null && sessionId === null ? null : { ...UNNAMED_AGENT, tool: tool ?? 'unknown', sessionId },
    tokens: tokens === null ? null : { kind: 'total', total: tokens },
    reviewMs: readScaled(...value('REVIEW_TIME'), 1000, REVIEW_SECONDS_MAX),
    temperatureMilli: readScaled(...value('TEMPERATURE'), 1000, TEMPERATURE_MAX),
    maxTokens: readWhole(...value('MAX_TOKENS'), 1, TOKENS_MAX),
    cost: cost === null ? null : microdollars(cost),
    promptFile: readPath(...value('PROMPT_FILE')),
  };
}

export const UNNAMED_AGENT: Omit<Agent, 'tool'> = {
  toolVersion: null,
  mode: null,
  sessionId: null,
  turn: null,
  toolUseId: null,
  subagent: null,
};
