// Every setting there is: its key, what it takes, and what it is when nobody says anything.
// Rule: this table is the one place that knows them; reading, `atomic config` and completion go by it. The sections [ai] and
// [attribution.remote] are read again, with the same names, by attribution/settings.ts where they are used.

import { PRIVACY_LEVELS } from '../../attribution/attribution.ts';

export type SettingValue = string | boolean | number;

interface Described {
  readonly key: string;
  readonly what: string;
}

export type KnownSetting =
  | (Described & { readonly kind: 'text'; readonly default: string | null })
  | (Described & { readonly kind: 'switch'; readonly default: boolean })
  | (Described & { readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string })
  | (Described & { readonly kind: 'whole'; readonly min: number; readonly max: number; readonly default: number });

const text = (key: string, what: string): KnownSetting => ({ key, what, kind: 'text', default: null });
const onOff = (key: string, fallback: boolean, what: string): KnownSetting => ({
  key,
  what,
  kind: 'switch',
  default: fallback,
});

export const KNOWN_SETTINGS: readonly KnownSetting[] = [
  text('user.name', 'who you are, in patches and in the audit log'),
  text('user.email', 'your address'),
  {
    key: 'merge.adjacent',
    kind: 'choice',
    choices: ['clean', 'strict'],
    default: 'clean',
    what: 'whether edits of neighbouring lines merge',
  },
  {
    key: 'merge.identical',
    kind: 'choice',
    choices: ['collapse', 'conflict'],
    default: 'collapse',
    what: 'what the same text written twice at one place is',
  },
  onOff('sign.patches', false, 'whether every patch you record is signed'),
  text('sign.key', 'the file of the secret key; the one that atomic key generate makes by default'),
  onOff('ai.enabled', true, 'whether agents that work here are asked who wrote what'),
  text('ai.provider', 'the provider of what nobody says otherwise of'),
  text('ai.model', 'the model of what nobody says otherwise of'),
  onOff('ai.track_prompts', false, 'whether patches refer to the prompts they come from'),
  {
    key: 'ai.privacy',
    kind: 'choice',
    choices: PRIVACY_LEVELS,
    default: 'hash',
    what: 'what is kept of a prompt',
  },
  onOff('ai.strict', false, 'whether models that are not known by name are refused'),
  onOff('ai.environment_shadows_flags', false, 'whether ATOMIC_AI_… goes before flags'),
  onOff('attribution.remote.enabled', true, 'whether attribution is exchanged'),
  onOff('attribution.remote.sync_on_push', true, 'whether it is sent'),
  onOff('attribution.remote.sync_on_pull', true, 'whether it is taken'),
  onOff('attribution.remote.require_signatures', false, 'whether patches without a valid signature are refused'),
  {
    key: 'attribution.remote.batch_size',
    kind: 'whole',
    min: 1,
    max: 10_000,
    default: 50,
    what: 'how many patches travel in one bundle',
  },
  {
    key: 'attribution.remote.timeout_seconds',
    kind: 'whole',
    min: 1,
    max: 3600,
    default: 30,
    what: 'how long a peer may take to answer',
  },
  onOff('attribution.remote.fallback_enabled', true, 'whether a peer without attribution gets the patches without it'),
  {
    key: 'receive.signatures',
    kind: 'choice',
    choices: ['any', 'signed', 'trusted'],
    default: 'any',
    what: 'whether patches that come must be signed, by anybody or by a key you trust',
  },
  {
    key: 'receive.attribution',
    kind: 'choice',
    choices: ['optional', 'required'],
    default: 'optional',
    what: 'whether patches that come must say who or what wrote them',
  },
  {
    key: 'receive.prompt_secrets',
    kind: 'choice',
    choices: ['accept', 'refuse'],
    default: 'accept',
    what: 'whether prompts that come may hold what looks like a secret',
  },
  text('receive.protected_channels', 'channels that nobody else pushes to, parted by commas'),
  onOff('receive.read_only', false, 'whether nobody may push here'),
];

export const knownSetting = (key: string): KnownSetting | undefined => KNOWN_SETTINGS.find((each) => each.key === key);

/** What a setting takes, in words. */
export function allowedText(setting: KnownSetting): string {
  switch (setting.kind) {
    case 'text':
      return 'a text';
    case 'switch':
      return 'true or false';
    case 'choice':
      return setting.choices.join(' or ');
    case 'whole':
      return `a whole number from ${setting.min} to ${setting.max}`;
  }
}

/** Longer than any name, path or address in use. */
const TEXT_LENGTH_MAX = 1000;

/** A value as it stands in TOML, or undefined where the setting cannot be that. */
export function acceptedValue(setting: KnownSetting, value: unknown): SettingValue | undefined {
  switch (setting.kind) {
    case 'text':
      return typeof value === 'string' && value.trim() !== '' && value.length <= TEXT_LENGTH_MAX ? value : undefined;
    case 'switch':
      return typeof value === 'boolean' ? value : undefined;
    case 'choice':
      return setting.choices.find((choice) => choice === value);
    case 'whole': {
      const number = typeof value === 'bigint' ? Number(value) : value;
      const isWhole = typeof number === 'number' && Number.isSafeInteger(number);
      return isWhole && number >= setting.min && number <= setting.max ? number : undefined;
    }
  }
}

/** What a person typed, as a value. */
export function typedValue(setting: KnownSetting, typed: string): SettingValue | undefined {
  if (setting.kind === 'switch') {
    const isOn = ['true', 'yes', 'on', '1'].includes(typed.toLowerCase());
    return isOn || ['false', 'no', 'off', '0'].includes(typed.toLowerCase()) ? isOn : undefined;
  }
  return acceptedValue(setting, setting.kind === 'whole' && /^\d+$/.test(typed) ? Number(typed) : typed);
}
