// Attributions of ordinary days, for tests.

import { microdollars } from 'kernel/basics';

import { basisPoints, type Agent, type AiAttribution, type HumanAttribution, type KnownModel } from './attribution.ts';

export const SONNET: KnownModel = {
  kind: 'known',
  provider: 'anthropic',
  model: 'claude-sonnet-4-5',
  version: null,
  temperatureMilli: null,
  maxTokens: null,
};

export const GPT: KnownModel = { ...SONNET, provider: 'openai', model: 'gpt-5' };

export const CLAUDE_CODE: Agent = {
  tool: 'claude-code',
  toolVersion: null,
  mode: null,
  sessionId: '550e8400-e29b-41d4-a716-446655440000',
  turn: null,
  toolUseId: null,
  subagent: null,
};

export const HUMAN: HumanAttribution = {
  actor: 'human',
  author: { kind: 'header', n: 0, key: null },
  evidence: 'editor',
};

/** As `record --ai-assisted --ai-provider anthropic --ai-model claude-sonnet-4-5` writes it. */
export const FLAGGED: AiAttribution = {
  actor: 'ai',
  author: { kind: 'header', n: 0, key: null },
  source: { evidence: 'cli-flag', model: SONNET, agent: null },
  suggestion: null,
  confidence: null,
  acceptance: null,
  reviewMs: null,
  prompt: null,
  tokens: null,
  cost: null,
  hunks: [],
};

/** As the hooks of an agent write it. */
export const HOOKED: AiAttribution = {
  ...FLAGGED,
  source: { evidence: 'hook', model: SONNET, agent: CLAUDE_CODE },
  suggestion: 'complete',
  confidence: basisPoints(0.9) ?? null,
  tokens: { kind: 'split', input: 12_000, output: 800, reasoning: 0, cacheRead: 9000, cacheWrite: 400 },
  cost: microdollars(51_000),
};
