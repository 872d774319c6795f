// What the configuration says of attribution: the sections `[ai]` and `[attribution.remote]`, already parsed from TOML,
// and the variables ATOMIC_ATTRIBUTION_* that go before the latter.
// Rule: an unknown key or a bad value is a Fault that names it; nothing falls back in silence.

import { z } from 'zod';

import type { PrivacyLevel } from './attribution.ts';
import { PRIVACY_LEVELS } from './attribution.ts';
import { settingsWrong } from './faults.ts';
import { readSwitch, readWhole } from './read-value.ts';

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

const name = z.string().trim().min(1).max(250);
const aiSection = z.strictObject({
  enabled: z.boolean().optional(),
  provider: name.optional(),
  model: name.optional(),
  track_prompts: z.boolean().optional(),
  privacy: z.enum(PRIVACY_LEVELS).optional(),
  strict: z.boolean().optional(),
  environment_shadows_flags: z.boolean().optional(),
});

const remoteSection = z.strictObject({
  enabled: z.boolean().optional(),
  sync_on_push: z.boolean().optional(),
  sync_on_pull: z.boolean().optional(),
  require_signatures: z.boolean().optional(),
  batch_size: z.int().min(1).max(BATCH_SIZE_MAX).optional(),
  timeout_seconds: z.int().min(1).max(TIMEOUT_SECONDS_MAX).optional(),
  fallback_enabled: z.boolean().optional(),
});

/** `section`: the value under `ai`; undefined when there is none. Throws ATOMIC_SETTINGS_WRONG. */
export function readAiSettings(section: unknown): AiSettings {
  const read = parsed('ai', aiSection, section);
  const defaults = DEFAULT_AI_SETTINGS;
  return {
    enabled: read.enabled ?? defaults.enabled,
    provider: read.provider ?? defaults.provider,
    model: read.model ?? defaults.model,
    tracksPrompts: read.track_prompts ?? defaults.tracksPrompts,
    privacy: read.privacy ?? defaults.privacy,
    strict: read.strict ?? defaults.strict,
    environmentShadowsFlags: read.environment_shadows_flags ?? defaults.environmentShadowsFlags,
  };
}

/** `section`: the value under `attribution.remote`. Throws ATOMIC_SETTINGS_WRONG or ATOMIC_AI_VALUE_WRONG. */
export function readRemoteSettings(
  section: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): RemoteSettings {
  const read = parsed('attribution.remote', remoteSection, section);
  const isOn = (variable: string): boolean | null => readSwitch(variable, environment[variable]);
  const whole = (variable: string, max: number): number | null => readWhole(variable, environment[variable], 1, max);
  const enabled = isOn('ATOMIC_ATTRIBUTION_REMOTE_ENABLED') ?? read.enabled ?? true;
  const timeoutSeconds = whole('ATOMIC_ATTRIBUTION_TIMEOUT', TIMEOUT_SECONDS_MAX) ?? read.timeout_seconds;
  return {
    sendsOnPush: isOn('ATOMIC_ATTRIBUTION_SYNC_PUSH') ?? read.sync_on_push ?? enabled,
    takesOnPull: isOn('ATOMIC_ATTRIBUTION_SYNC_PULL') ?? read.sync_on_pull ?? enabled,
    requiresSignatures: isOn('ATOMIC_ATTRIBUTION_REQUIRE_SIGNATURES') ?? read.require_signatures ?? false,
    batchSize: whole('ATOMIC_ATTRIBUTION_BATCH_SIZE', BATCH_SIZE_MAX) ?? read.batch_size ?? BATCH_SIZE,
    timeoutMs: (timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
    fallsBack: isOn('ATOMIC_ATTRIBUTION_FALLBACK') ?? read.fallback_enabled ?? true,
  };
}

function parsed<T>(section: string, schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value ?? {});
  if (read.success) return read.data;
  throw settingsWrong(
    section,
    read.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`)),
  );
}
