import { Fault } from 'kernel/basics';
import { expect, test } from 'vitest';

import { modelName, UNTRACKED, type Attribution } from './attribution.ts';
import { BUILT_IN_REGISTRY } from './registry.ts';
import { CLAUDE_CODE, FLAGGED, GPT, SONNET } from './sample-attributions.ts';
import { DEFAULT_AI_SETTINGS, readAiSettings, readRemoteSettings } from './settings.ts';
import { attributionFromSources, type AttributionSources, type WitnessReport } from './sources.ts';

const NOTHING: AttributionSources = {
  author: { kind: 'header', n: 0, key: null },
  flags: {},
  environment: {},
  witness: null,
  settings: DEFAULT_AI_SETTINGS,
  trailer: null,
  registry: BUILT_IN_REGISTRY,
};
const WITNESS: WitnessReport = {
  evidence: 'hook',
  actor: 'ai',
  agent: CLAUDE_CODE,
  model: SONNET,
  hunks: [],
  suggestion: null,
  prompt: null,
  tokens: null,
  cost: null,
};
const ENVIRONMENT = { ATOMIC_AI_ENABLED: 'true', ATOMIC_AI_PROVIDER: 'google', ATOMIC_AI_MODEL: 'gemini-2.5-pro' };
const SETTINGS = { ...DEFAULT_AI_SETTINGS, provider: 'mistral', model: 'codestral' };
const found = (sources: Partial<AttributionSources>) => attributionFromSources({ ...NOTHING, ...sources });

/** `actor evidence provider/model`. */
function check(sources: Partial<AttributionSources>, expected: string): void {
  expect(inWords(found(sources).attribution)).toBe(expected);
}
function inWords(attribution: Attribution): string {
  if (!('source' in attribution)) return `${attribution.actor} ${attribution.evidence}`;
  return `${attribution.actor} ${attribution.source.evidence} ${modelName(attribution.source.model)}`;
}

test('flags go before the environment, that before the agent, that before the configuration, that before a trailer', () => {
  const trailer = { ...FLAGGED, source: { evidence: 'trailer', model: GPT, agent: null } } as const;
  const all = {
    flags: { aiAssisted: true, aiModel: 'deepseek-chat' },
    environment: ENVIRONMENT,
    witness: WITNESS,
    settings: SETTINGS,
    trailer,
  };
  check(all, 'ai cli-flag deepseek/deepseek-chat');
  check({ ...all, flags: {} }, 'ai env google/gemini-2.5-pro');
  check({ ...all, flags: {}, environment: {} }, 'ai hook anthropic/claude-sonnet-4-5');
  check({ settings: SETTINGS, trailer }, 'ai config mistral/codestral');
  check({ trailer }, 'ai trailer openai/gpt-5');
  check({}, 'untracked none');
});

test('a switch lets the environment shadow the flags', () => {
  const flags = { aiAssisted: true, aiProvider: 'openai', aiModel: 'gpt-5' };
  const settings = { ...DEFAULT_AI_SETTINGS, environmentShadowsFlags: true };
  check({ flags, environment: ENVIRONMENT, settings }, 'ai env google/gemini-2.5-pro');
  check({ flags, settings }, 'ai cli-flag openai/gpt-5');
});

test('--no-ai-assisted is a person’s word that no AI took part, whatever else says so', () => {
  check({ flags: { aiAssisted: false }, environment: ENVIRONMENT, witness: WITNESS }, 'human cli-flag');
  expect(() => found({ flags: { aiAssisted: false, aiModel: 'gpt-5' } })).toThrow('--ai-model contradict');
});

test('naming the AI’s part says that it took part', () => {
  check({ flags: { aiProvider: 'openai', aiModel: 'gpt-4' } }, 'ai cli-flag openai/gpt-4');
  check({ flags: { aiConfidence: '0.5' }, settings: SETTINGS }, 'ai cli-flag mistral/codestral');
});

test('variables that are not switched on say nothing, and a switch that is off is no claim of a person', () => {
  check({ environment: { ...ENVIRONMENT, ATOMIC_AI_ENABLED: undefined } }, 'untracked none');
  check({ environment: { ...ENVIRONMENT, ATOMIC_AI_ENABLED: 'false' } }, 'untracked none');
  check(
    { environment: { ...ENVIRONMENT, ATOMIC_AI_ENABLED: '0' }, witness: WITNESS },
    'ai hook anthropic/claude-sonnet-4-5',
  );
  check({ environment: { ...ENVIRONMENT, ATOMIC_AI_ENABLED: '1' } }, 'ai env google/gemini-2.5-pro');
});

test('what the first source left open is filled in by the later ones', () => {
  check({ flags: { aiAssisted: true }, witness: WITNESS }, 'ai cli-flag anthropic/claude-sonnet-4-5');
  check({ flags: { aiAssisted: true }, settings: SETTINGS }, 'ai cli-flag mistral/codestral');
  check({ flags: { aiAssisted: true }, environment: { ATOMIC_AI_MODEL: 'gpt-5' } }, 'ai cli-flag openai/gpt-5');
  check({ flags: { aiProvider: 'Claude' }, witness: WITNESS }, 'ai cli-flag anthropic/claude-sonnet-4-5');
});

test('a model never joins a provider that another source named', () => {
  check({ flags: { aiProvider: 'openai' }, witness: WITNESS, settings: SETTINGS }, 'ai cli-flag openai/unknown');
  check({ environment: { ...ENVIRONMENT, ATOMIC_AI_MODEL: '' }, settings: SETTINGS }, 'ai env google/unknown');
});

test.each([
  [undefined, 'anthropic/claude-opus-4-5', 'anthropic/claude-opus-4-5'],
  ['openrouter', 'anthropic/claude-opus-4-5', 'openrouter/anthropic/claude-opus-4-5'],
  [undefined, 'acme-coder', 'unknown/acme-coder'],
  ['acme', 'acme-coder', 'acme/acme-coder'],
  ['github', 'gpt-4', 'github/gpt-4'],
  ['Anthropic', 'claude-3', 'anthropic/claude-3'],
  [undefined, 'gpt-9', 'openai/gpt-9'],
])('provider %s and model %s are %s', (aiProvider, aiModel, expected) => {
  check({ flags: { aiProvider, aiModel } }, `ai cli-flag ${expected}`);
});

test('saying that an AI took part, and nowhere which, is refused with what to add', () => {
  expect(() => found({ flags: { aiAssisted: true } })).toThrow(/--ai-assisted says.*--ai-provider/);
  expect(() => found({ environment: { ATOMIC_AI_ENABLED: 'true' } })).toThrow(/ATOMIC_AI_ENABLED says/);
});

test('every variable is read into its field', () => {
  const environment = {
    ...ENVIRONMENT,
    ATOMIC_AI_SUGGESTION_TYPE: 'Partial',
    ATOMIC_AI_CONFIDENCE: '0.85',
    ATOMIC_AI_TOKEN_COUNT: '1500',
    ATOMIC_AI_REVIEW_TIME: '12.5',
    ATOMIC_AI_TEMPERATURE: '0.7',
    ATOMIC_AI_MAX_TOKENS: '4096',
    ATOMIC_AI_SESSION_ID: 's-1',
    ATOMIC_AI_PROMPT_FILE: '/tmp/prompt.txt',
    ATOMIC_AI_TOOL: 'aider',
    ATOMIC_AI_COST_USD: '0.0125',
  };
  const { attribution, promptFile } = found({ environment });
  expect(promptFile).toBe('/tmp/prompt.txt');
  expect(attribution).toMatchObject({
    actor: 'mixed',
    source: {
      evidence: 'env',
      model: { provider: 'google', model: 'gemini-2.5-pro', temperatureMilli: 700, maxTokens: 4096 },
      agent: { tool: 'aider', sessionId: 's-1' },
    },
    suggestion: 'partial',
    confidence: 8500,
    tokens: { kind: 'total', total: 1500 },
    reviewMs: 12_500,
    cost: 12_500,
  });
});

test.each([
  ['ATOMIC_AI_ENABLED', 'yes', '`true`, `1`, `false` or `0`'],
  ['ATOMIC_AI_CONFIDENCE', '1.5', 'from 0 to 1'],
  ['ATOMIC_AI_CONFIDENCE', 'high', 'from 0 to 1'],
  ['ATOMIC_AI_CONFIDENCE', '-0', 'from 0 to 1'],
  ['ATOMIC_AI_SUGGESTION_TYPE', 'whole', 'one of complete, partial'],
  ['ATOMIC_AI_TOKEN_COUNT', '1.5', 'a whole number'],
  ['ATOMIC_AI_TOKEN_COUNT', '-3', 'a whole number'],
  ['ATOMIC_AI_REVIEW_TIME', 'soon', 'a number from 0'],
  ['ATOMIC_AI_TEMPERATURE', '3', 'from 0 to 2'],
  ['ATOMIC_AI_MAX_TOKENS', '0', 'from 1'],
  ['ATOMIC_AI_COST_USD', '$1', 'a number from 0'],
  ['ATOMIC_AI_MODEL', 'a\nb', 'on one line'],
  ['ATOMIC_AI_PROVIDER', 'x'.repeat(251), 'up to 250'],
  ['ATOMIC_AI_TOOL', '\u0007', 'on one line'],
])('a bad value of %s is a fault that names it, the value and what is allowed', (name, value, allowed) => {
  const attempt = (): unknown => found({ environment: { [name]: value } });
  expect(attempt).toThrow(Fault);
  expect(attempt).toThrow(name);
  expect(attempt).toThrow(allowed);
  expect(attempt).toThrow(JSON.stringify(value).slice(1, 20));
});

test.each([
  [{ aiConfidence: '2' }, '--ai-confidence is "2"'],
  [{ aiSuggestionType: 'total' }, '--ai-suggestion-type is "total"'],
])('a bad value of a flag is a fault that names the flag', (flags, message) => {
  expect(() => found({ flags })).toThrow(message);
});

test('an unknown model warns, and in strict mode it is refused by the name of who said it', () => {
  const environment = { ...ENVIRONMENT, ATOMIC_AI_MODEL: 'gemini-2.5-por' };
  expect(found({ environment }).warnings).toEqual([expect.stringContaining('gemini-2.5-pro')]);
  const settings = { ...DEFAULT_AI_SETTINGS, strict: true };
  expect(() => found({ environment, settings })).toThrow(/ATOMIC_AI_MODEL names google\/gemini-2.5-por/);
  expect(() => found({ flags: { aiProvider: 'openai' }, settings })).toThrow('without a model');
});

test('what a witness saw is kept by parts; a person’s flags keep the parts that it saw', () => {
  const hunks = [
    { atom: 0, span: null, actor: 'human' },
    { atom: 1, span: null, actor: 'ai', model: null, toolUseId: null },
  ] as const;
  const witness = { ...WITNESS, actor: 'mixed', hunks } as const;
  expect(found({ witness }).attribution).toMatchObject({ actor: 'mixed', hunks, source: { evidence: 'hook' } });
  expect(found({ witness, flags: { aiConfidence: '1' } }).attribution).toMatchObject({
    actor: 'mixed',
    hunks,
    confidence: 10_000,
  });
  check({ witness: { ...WITNESS, actor: 'human', agent: null, model: null, evidence: 'editor' } }, 'human editor');
  check({ witness: { ...WITNESS, actor: 'untracked' }, settings: SETTINGS }, 'ai config mistral/codestral');
  const parts = [{ atom: 0, span: null, actor: 'human' }] as const;
  expect(found({ witness: { ...WITNESS, actor: 'untracked', hunks: parts } }).attribution).toEqual({
    ...UNTRACKED,
    hunks: parts,
  });
});

test('an agent that did not tell its model is an AI all the same', () => {
  check({ witness: { ...WITNESS, model: null } }, 'ai hook unknown/unknown');
  check({ witness: { ...WITNESS, model: null, agent: null } }, 'ai hook unknown/unknown');
});

test('with `enabled = false` neither agents nor the default count; a person’s own word does', () => {
  const settings = { ...SETTINGS, enabled: false };
  check({ settings, witness: WITNESS }, 'untracked none');
  check({ settings, flags: { aiAssisted: true } }, 'ai cli-flag mistral/codestral');
});

test('the section [ai] is read, and a mistake in it is named', () => {
  expect(readAiSettings(undefined)).toEqual(DEFAULT_AI_SETTINGS);
  expect(
    readAiSettings({
      enabled: true,
      provider: 'openai',
      model: 'gpt-4',
      track_prompts: true,
      strict: true,
      privacy: 'redacted',
    }),
  ).toEqual({
    enabled: true,
    provider: 'openai',
    model: 'gpt-4',
    tracksPrompts: true,
    privacy: 'redacted',
    strict: true,
    environmentShadowsFlags: false,
  });
  expect(() => readAiSettings({ privcy: 'full' })).toThrow('privcy is not a key; did you mean privacy?');
  expect(() => readAiSettings({ privacy: 'open' })).toThrow('privacy is not one of hash, redacted');
  expect(() => readAiSettings('on')).toThrow('[ai]');
});

test('variables go before the section [attribution.remote], and each of its keys counts', () => {
  const section = {
    sync_on_push: false,
    require_signatures: true,
    batch_size: 7,
    timeout_seconds: 5,
    fallback_enabled: false,
  };
  expect(readRemoteSettings(section, {})).toEqual({
    sendsOnPush: false,
    takesOnPull: true,
    requiresSignatures: true,
    batchSize: 7,
    timeoutMs: 5000,
    fallsBack: false,
  });
  const environment = {
    ATOMIC_ATTRIBUTION_SYNC_PUSH: 'true',
    ATOMIC_ATTRIBUTION_SYNC_PULL: '0',
    ATOMIC_ATTRIBUTION_REQUIRE_SIGNATURES: 'false',
    ATOMIC_ATTRIBUTION_BATCH_SIZE: '25',
    ATOMIC_ATTRIBUTION_TIMEOUT: '60',
    ATOMIC_ATTRIBUTION_FALLBACK: 'true',
  };
  expect(readRemoteSettings(section, environment)).toEqual({
    sendsOnPush: true,
    takesOnPull: false,
    requiresSignatures: false,
    batchSize: 25,
    timeoutMs: 60_000,
    fallsBack: true,
  });
  expect(readRemoteSettings({}, { ATOMIC_ATTRIBUTION_REMOTE_ENABLED: 'false' })).toMatchObject({
    sendsOnPush: false,
    takesOnPull: false,
  });
  expect(() => readRemoteSettings({}, { ATOMIC_ATTRIBUTION_BATCH_SIZE: 'many' })).toThrow(
    /ATOMIC_ATTRIBUTION_BATCH_SIZE is "many"/,
  );
  expect(() => readRemoteSettings({ batch_size: 0 }, {})).toThrow(/attribution\.remote.*batch_size/);
});
