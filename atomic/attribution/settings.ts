// What the configuration says of attribution: the sections `[ai]` and `[attribution.remote]`, already parsed from TOML,
// and the variables ATOMIC_ATTRIBUTION_* that go before the latter.
// Rule: an unknown key or a bad value is a Fault that names it; nothing falls back in silence.

import { PRIVACY_LEVELS, type PrivacyLevel } from './attribution.ts';
import { settingsWrong } from './faults.ts';
import { readSwitch, readWhole } from './read-value.ts';
import { TableReader } from './table-reader.ts';

export interface AiSettings {
  /** `true`: provider and model are the default for what nobody said. `false`: agents are not asked either. */
  readonly enabled: boolean;
  readonly provider: string | null;
  readonly model: string | null;
  /** Whether prompts are referred to at all. */
  readonly tracksPrompts: boolean;
  readonly privacy: PrivacyLevel;
  /** Unknown models are refused. */
  readonly strict: boolean;
  /** Environment variables go before flags, as early versions had it. */
  readonly environmentShadowsFlags: boolean;
}

export interface RemoteSettings {
  readonly sendsOnPush: boolean;
  readonly takesOnPull: boolean;
  /** Patches without a valid signature are refused. */
  readonly requiresSignatures: boolean;
  /** How many patches travel in one bundle. */
  readonly batchSize: number;
  readonly timeoutMs: number;
  /** A peer that knows no attribution gets the patches without it. `false`: nothing is exchanged with it. */
  readonly fallsBack: boolean;
}

export const DEFAULT_AI_SETTINGS: AiSettings = {
  enabled: true,
  provider: null,
  model: null,
  tracksPrompts: false,
  privacy: 'hash',
  strict: false,
  environmentShadowsFlags: false,
};

/** The batch of the first design; 50 patches with their attribution are a bundle of some 20 kB. */
const BATCH_SIZE = 50;
const BATCH_SIZE_MAX = 10_000;
const TIMEOUT_SECONDS = 30;
const TIMEOUT_SECONDS_MAX = 3600;

export const DEFAULT_REMOTE_SETTINGS: RemoteSettings = {
  sendsOnPush: true,
  takesOnPull: true,
  requiresSignatures: false,
  batchSize: BATCH_SIZE,
  timeoutMs: TIMEOUT_SECONDS * 1000,
  fallsBack: true,
};

const NAME_LENGTH_MAX = 250;

/** `section`: the value under `ai`; undefined when there is none. Throws ATOMIC_SETTINGS_WRONG. */
export function readAiSettings(section: unknown): AiSettings {
  const defaults = DEFAULT_AI_SETTINGS;
  return readSection('ai', section, (table) => ({
    enabled: table.isOn('enabled') ?? defaults.enabled,
    provider: table.text('provider', NAME_LENGTH_MAX) ?? defaults.provider,
    model: table.text('model', NAME_LENGTH_MAX) ?? defaults.model,
    tracksPrompts: table.isOn('track_prompts') ?? defaults.tracksPrompts,
    privacy: table.choice('privacy', PRIVACY_LEVELS) ?? defaults.privacy,
    strict: table.isOn('strict') ?? defaults.strict,
    environmentShadowsFlags: table.isOn('environment_shadows_flags') ?? defaults.environmentShadowsFlags,
  }));
}

/** `section`: the value under `attribution.remote`. Throws ATOMIC_SETTINGS_WRONG or ATOMIC_AI_VALUE_WRONG. */
export function readRemoteSettings(
  section: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): RemoteSettings {
  const read = readSection('attribution.remote', section, (table) => ({
    enabled: table.isOn('enabled'),
    sendsOnPush: table.isOn('sync_on_push'),
    takesOnPull: table.isOn('sync_on_pull'),
    requiresSignatures: table.isOn('require_signatures'),
    batchSize: table.whole('batch_size', 1, BATCH_SIZE_MAX),
    timeoutSeconds: table.whole('timeout_seconds', 1, TIMEOUT_SECONDS_MAX),
    fallsBack: table.isOn('fallback_enabled'),
  }));
  const defaults = DEFAULT_REMOTE_SETTINGS;
  const isOn = (variable: string): boolean | null => readSwitch(variable, environment[variable]);
  const whole = (variable: string, max: number): number | null => readWhole(variable, environment[variable], 1, max);
  const enabled = isOn('ATOMIC_ATTRIBUTION_REMOTE_ENABLED') ?? read.enabled ?? true;
  const timeoutSeconds = whole('ATOMIC_ATTRIBUTION_TIMEOUT', TIMEOUT_SECONDS_MAX) ?? read.timeoutSeconds;
  return {
    sendsOnPush: isOn('ATOMIC_ATTRIBUTION_SYNC_PUSH') ?? read.sendsOnPush ?? enabled,
    takesOnPull: isOn('ATOMIC_ATTRIBUTION_SYNC_PULL') ?? read.takesOnPull ?? enabled,
    requiresSignatures:
      isOn('ATOMIC_ATTRIBUTION_REQUIRE_SIGNATURES') ?? read.requiresSignatures ?? defaults.requiresSignatures,
    batchSize: whole('ATOMIC_ATTRIBUTION_BATCH_SIZE', BATCH_SIZE_MAX) ?? read.batchSize ?? defaults.batchSize,
    timeoutMs: timeoutSeconds === null ? defaults.timeoutMs : timeoutSeconds * 1000,
    fallsBack: isOn('ATOMIC_ATTRIBUTION_FALLBACK') ?? read.fallsBack ?? defaults.fallsBack,
  };
}

function readSection<T>(section: string, value: unknown, read: (table: TableReader) => T): T {
  const mistakes: string[] = [];
  const table = new TableReader(value, '', mistakes);
  const found = read(table);
  table.finish();
  if (mistakes.length > 0) throw settingsWrong(section, mistakes);
  return found;
}
