// One attribution for people and for programs: a line for `log --attribution`, and the JSON of every command.
// The JSON says what is known and leaves out what is not; shares from 0 to 1, times in milliseconds, money in
// microdollars. It has a version with the document around it, and only grows.

import { durationText, unreachable } from 'kernel/basics';

import {
  accountableOf,
  BASIS_POINTS_MAX,
  evidenceOf,
  isAiAssisted,
  modelName,
  type Agent,
  type AiAttribution,
  type Attribution,
  type Evidence,
  type Hunk,
  type Model,
} from './attribution.ts';
import { dollarsText } from './statistics-text.ts';

type Authors = readonly { readonly name: string; readonly email: string }[];
export type Json = Readonly<Record<string, unknown>>;

/** Such as `AI anthropic/claude-sonnet-4-5 by claude-code (complete, confidence 0.90; by hook)`. Null: untracked. */
export function describeAttribution(attribution: Attribution | null): string {
  if (attribution === null) return 'untracked';
  switch (attribution.actor) {
    case 'human':
      return `human (${EVIDENCE_WORDS[attribution.evidence]})`;
    case 'untracked':
      return attribution.hunks.some(({ actor }) => actor === 'human') ? 'untracked, in part human' : 'untracked';
    case 'ai':
    case 'mixed':
      return describeAi(attribution);
    default:
      return unreachable(attribution);
  }
}

const EVIDENCE_WORDS: Readonly<Record<Evidence, string>> = {
  none: 'nobody said',
  hook: 'seen by its hooks',
  mcp: 'recorded over MCP',
  editor: 'seen by the editor',
  'cli-flag': 'stated by a flag',
  env: 'stated by the environment',
  config: 'by the configuration',
  trailer: 'by a trailer',
  watcher: 'seen by a watcher',
  import: 'imported',
};

function describeAi({ actor, source, suggestion, confidence, reviewMs, tokens, cost }: AiAttribution): string {
  const { model, agent, evidence } = source;
  const who = actor === 'ai' ? 'AI' : 'human with AI';
  const details = [
    ...(suggestion === null ? [] : [suggestion]),
    ...(confidence === null ? [] : [`confidence ${(confidence / BASIS_POINTS_MAX).toFixed(2)}`]),
    ...(reviewMs === null ? [] : [`looked at for ${durationText(reviewMs)}`]),
    ...(tokens === null ? [] : [`${tokens.kind === 'total' ? tokens.total : tokens.input + tokens.output} tokens`]),
    ...(cost === null ? [] : [dollarsText(cost)]),
    EVIDENCE_WORDS[evidence],
  ];
  return `${who} ${modelName(model)}${agent === null ? '' : ` by ${agent.tool}`} (${details.join(', ')})`;
}

/** `authors`: those of the patch's header. Null: untracked. */
export function attributionJson(attribution: Attribution | null, authors: Authors): Json {
  if (attribution === null) return { actor: 'untracked', aiAssisted: false, evidence: 'none' };
  const { name, email, key } = accountableOf(attribution, authors);
  const common = {
    actor: attribution.actor,
    aiAssisted: isAiAssisted(attribution),
    evidence: evidenceOf(attribution),
    author: { name, email, ...(key === null ? {} : { key }) },
  };
  if (attribution.actor === 'human') return common;
  const hunks = attribution.hunks.length === 0 ? {} : { hunks: attribution.hunks.map(hunkJson) };
  return isAiAssisted(attribution) ? { ...common, ...aiJson(attribution), ...hunks } : { ...common, ...hunks };
}

function aiJson(attribution: AiAttribution): Json {
  const { source, suggestion, confidence, acceptance, reviewMs, prompt, tokens, cost } = attribution;
  return {
    ...modelJson(source.model),
    ...(source.agent === null ? {} : { agent: agentJson(source.agent) }),
    ...present({
      suggestionType: suggestion,
      confidence: confidence === null ? null : confidence / BASIS_POINTS_MAX,
      acceptance: acceptance === null ? null : acceptance / BASIS_POINTS_MAX,
      reviewMs,
      prompt: prompt === null ? null : present({ ...prompt }),
      tokens: tokens === null ? null : tokensJson(tokens),
      costMicroUsd: cost,
    }),
  };
}

/** `modelId` is how other tools write it; a model that was not told has none. */
const modelJson = (model: Model): Json =>
  model.kind === 'untold'
    ? present({ provider: model.provider })
    : present({
        provider: model.provider,
        model: model.model,
        modelId: modelName(model),
        modelVersion: model.version,
        temperature: model.temperatureMilli === null ? null : model.temperatureMilli / 1000,
        maxTokens: model.maxTokens,
      });

const agentJson = (agent: Agent): Json => present({ ...agent });

function tokensJson(tokens: NonNullable<AiAttribution['tokens']>): Json {
  if (tokens.kind === 'total') return { total: tokens.total };
  const { kind: _, ...counts } = tokens;
  return { total: tokens.input + tokens.output, ...counts };
}

const hunkJson = (hunk: Hunk): Json => ({
  atom: hunk.atom,
  actor: hunk.actor,
  ...(hunk.span === null ? {} : { start: hunk.span.start, end: hunk.span.end }),
  ...('model' in hunk && hunk.model !== null ? modelJson(hunk.model) : {}),
  ...('toolUseId' in hunk && hunk.toolUseId !== null ? { toolUseId: hunk.toolUseId } : {}),
});

/** Without what is null. */
const present = (values: Json): Json =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
