// Where the attribution of a patch that is being recorded comes from: flags, then the environment, then the agent that
// is at work, then the configuration, then a trailer in the message; otherwise nobody knows, and it is untracked.
// Rule: the first source that says something decides who wrote it, and its kind is the evidence. Later ones may fill in
// what it left open, but never make up a pair: a model joins only the provider that it belongs to.
// Not here: reading the prompt's file, asking the agent, or guessing; how a text is written is never evidence.

import type { Microdollars } from 'kernel/basics';

import { aiSourceOf } from './ai-source.ts';
import {
  UNTRACKED,
  type Accountable,
  type Actor,
  type Agent,
  type AiAttribution,
  type Attribution,
  type Hunk,
  type Model,
  type PersonHunk,
  type PromptReference,
  type SuggestionType,
  type TokenCount,
} from './attribution.ts';
import { aiModelMissing } from './faults.ts';
import { nameModel } from './name-model.ts';
import { checkModel, type Registry } from './registry.ts';
import type { AiSettings } from './settings.ts';
import {
  readEnvironment,
  readFlags,
  UNNAMED_AGENT,
  type AiFlags,
  type EnvironmentStatement,
  type Statement,
} from './statements.ts';

/** What hooks, an editor or an MCP client saw of this patch; its parts come from the working log. */
export interface WitnessReport {
  readonly evidence: 'hook' | 'mcp' | 'editor';
  readonly actor: Actor;
  readonly agent: Agent | null;
  readonly model: Model | null;
  readonly hunks: readonly Hunk[];
  readonly suggestion: SuggestionType | null;
  readonly prompt: PromptReference | null;
  readonly tokens: TokenCount | null;
  readonly cost: Microdollars | null;
}

export interface AttributionSources {
  readonly author: Accountable;
  readonly flags: AiFlags;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly witness: WitnessReport | null;
  readonly settings: AiSettings;
  /** What the message says (trailers.ts). */
  readonly trailer: AiAttribution | null;
  readonly registry: Registry;
}

export interface FoundAttribution {
  readonly attribution: Attribution;
  /** Sentences for the person who records. */
  readonly warnings: readonly string[];
  /** The file in ATOMIC_AI_PROMPT_FILE: whoever called reads it and refers to it (prompts.ts). */
  readonly promptFile: string | null;
}

/** Throws ATOMIC_AI_VALUE_WRONG, ATOMIC_AI_FLAGS_CONTRADICT, ATOMIC_AI_MODEL_MISSING, and when strict ATOMIC_AI_MODEL_UNKNOWN. */
export function attributionFromSources(sources: AttributionSources): FoundAttribution {
  const { author, settings } = sources;
  const flags = readFlags(sources.flags);
  const environment = readEnvironment(sources.environment);
  const statements: readonly (readonly [Statement, Statement])[] = settings.environmentShadowsFlags
    ? [
        [environment, flags],
        [flags, environment],
      ]
    : [
        [flags, environment],
        [environment, flags],
      ];
  const witness = settings.enabled ? sources.witness : null;
  const seen = witness?.actor === 'ai' || witness?.actor === 'mixed' ? witness : null;
  for (const [first, second] of statements) {
    if (first.saysAi === false) {
      return { attribution: { actor: 'human', author, evidence: first.evidence }, warnings: [], promptFile: null };
    }
    if (first.saysAi === true) {
      const found = stated({ sources, statements: [first, second], environment, seen });
      return { ...found, promptFile: environment.promptFile };
    }
  }
  if (witness !== null && saysSomething(witness)) {
    return { ...witnessed(sources, witness), promptFile: seen === null ? null : environment.promptFile };
  }
  return { ...fromSettings(sources), promptFile: null };
}

type Found = Omit<FoundAttribution, 'promptFile'>;

interface Stated {
  readonly sources: AttributionSources;
  /** The one that decides, then the other. */
  readonly statements: readonly [Statement, Statement];
  readonly environment: EnvironmentStatement;
  /** What a witness saw of an AI, to fill in what the person left open. */
  readonly seen: WitnessReport | null;
}

/** A person says that an AI took part. Variables count as switched on when a flag has said so. */
function stated({ sources, statements, environment, seen }: Stated): Found {
  const { registry, settings, author } = sources;
  const [first] = statements;
  const named = nameModel(registry, [
    ...statements,
    ...(seen?.model ? [{ provider: seen.model.provider, model: modelOf(seen.model) }] : []),
    settings,
  ]);
  if (named === null) throw aiModelMissing(first.said.ai);
  const asked = { temperatureMilli: environment.temperatureMilli, maxTokens: environment.maxTokens };
  const model: Model = named.kind === 'known' ? { ...named, ...asked } : named;
  const source = aiSourceOf(first.evidence, model, environment.agent ?? seen?.agent ?? null);
  if (source.kind === 'refused') throw aiModelMissing(first.said.ai);
  const suggestion = pick(statements, (one) => one.suggestion);
  const attribution: AiAttribution = {
    actor: suggestion === null && seen?.actor === 'mixed' ? 'mixed' : actorOf(suggestion),
    author,
    source: source.source,
    suggestion: suggestion ?? seen?.suggestion ?? null,
    confidence: pick(statements, (one) => one.confidence),
    acceptance: null,
    reviewMs: environment.reviewMs,
    prompt: seen?.prompt ?? null,
    tokens: environment.tokens ?? seen?.tokens ?? null,
    cost: environment.cost ?? seen?.cost ?? null,
    hunks: seen?.hunks ?? [],
  };
  return withWarning(attribution, checkModel(registry, model, settings.strict, first.said.model));
}

const withWarning = (attribution: Attribution, warning: string | null): Found => ({
  attribution,
  warnings: warning === null ? [] : [warning],
});

const pick = <T>(statements: readonly Statement[], of: (one: Statement) => T | null): T | null =>
  statements.map(of).find((value) => value !== null) ?? null;

/** In all but these, a person's hand is in the text as well. */
const actorOf = (suggestion: SuggestionType | null): 'ai' | 'mixed' =>
  suggestion === null || suggestion === 'complete' || suggestion === 'refactor' ? 'ai' : 'mixed';

const modelOf = (model: Model): string | null => (model.kind === 'known' ? model.model : null);

const saysSomething = ({ actor, hunks }: WitnessReport): boolean => actor !== 'untracked' || hunks.length > 0;

function witnessed(sources: AttributionSources, witness: WitnessReport): Found {
  const { author } = sources;
  const { actor, evidence, hunks, suggestion, prompt, tokens, cost } = witness;
  if (actor === 'human') return withWarning({ actor, author, evidence: 'editor' }, null);
  if (actor === 'untracked') {
    const parts = hunks.filter((hunk): hunk is PersonHunk => hunk.actor === 'human' || hunk.actor === 'untracked');
    return withWarning({ ...UNTRACKED, author, hunks: parts }, null);
  }
  const { registry, settings } = sources;
  const agent = witness.agent ?? { ...UNNAMED_AGENT, tool: 'unknown' };
  const model: Model = witness.model ?? { kind: 'untold', provider: null };
  const source = aiSourceOf(evidence, model, agent);
  if (source.kind === 'refused') throw aiModelMissing(`The evidence "${evidence}"`);
  const warning = checkModel(registry, model, settings.strict, agent.tool);
  const parts = { suggestion, confidence: null, acceptance: null, reviewMs: null, prompt, tokens, cost, hunks };
  return {
    attribution: { actor, author, source: source.source, ...parts },
    warnings: warning === null ? [] : [warning],
  };
}

function fromSettings(sources: AttributionSources): Found {
  const { settings, registry, author, trailer } = sources;
  const model = settings.enabled ? nameModel(registry, [settings]) : null;
  if (model?.kind === 'known') {
    const source = { evidence: 'config', model, agent: null } as const;
    return withWarning(
      { ...NOTHING_MORE, actor: 'ai', author, source },
      checkModel(registry, model, settings.strict, '`ai.model` of the configuration'),
    );
  }
  return withWarning(trailer === null ? { ...UNTRACKED, author } : { ...trailer, author }, null);
}

const NOTHING_MORE = {
  suggestion: null,
  confidence: null,
  acceptance: null,
  reviewMs: null,
  prompt: null,
  tokens: null,
  cost: null,
  hunks: [],
} as const;
