// Every setting of Tandem: its schema, its names, and what it is for. Nothing else in Tandem reads the environment.
// Rule: adding a setting means adding it here; `tandem config`, `.env.example` and the checks follow from it.

import * as z from 'zod/mini';

import { PROVIDER_NAMES } from '../protocol/index.ts';

const text = z.string().check(z.minLength(1), z.maxLength(4096));
const httpUrl = text.check(
  z.refine((url) => /^https?:\/\//.test(url) && URL.canParse(url), 'must be an http:// or https:// address'),
);
const list = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((given) =>
    (typeof given === 'string' ? given.split(',') : given).map((item) => item.trim()).filter((item) => item !== ''),
  ),
);
const databaseUrl = text.check(
  z.refine(
    (url) => /^(sqlite:\/\/\/.|postgres(ql)?:\/\/.)/.test(url),
    'must begin with sqlite:///, postgres:// or postgresql://',
  ),
);

const PROVIDERS = PROVIDER_NAMES;

/** What the configuration file may hold, in its words; the environment has the same in names of its own. */
export const Settings = z.strictObject({
  home: z.optional(text),
  host: z._default(text, '127.0.0.1'),
  port: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(65_535)), 4600),
  url: z.optional(httpUrl),
  secret: z.optional(text.check(z.minLength(32))),
  trustedProxies: z._default(list, []),
  databaseUrl: z.optional(databaseUrl),
  registry: z.optional(httpUrl),
  logLevel: z._default(z.enum(['debug', 'info', 'warn', 'error', 'silent']), 'info'),
  llmProvider: z.optional(z.enum(PROVIDERS)),
  ttsProvider: z.optional(text),
  ttsApiKey: z.optional(text),
  minimaxApiKey: z.optional(text),
  elevenlabsApiKey: z.optional(text),
  githubToken: z.optional(text),
  deviceId: z.optional(text),
  ...providerSettings(),
});
export type Settings = z.infer<typeof Settings>;

export interface SettingNote {
  readonly env: string;
  readonly help: string;
  readonly isSecret?: boolean;
  /** Shown in .env.example where there is no default. */
  readonly example?: string;
}

const secret = { isSecret: true } as const;

export const SETTING_NOTES: Readonly<Record<string, SettingNote>> = {
  home: {
    env: 'TANDEM_HOME',
    help: 'Where everything is kept. Default: .tandem of the checkout when run inside it, else $XDG_DATA_HOME/tandem.',
    example: '/var/lib/tandem',
  },
  host: { env: 'TANDEM_HOST', help: 'The address to listen on.' },
  port: { env: 'TANDEM_PORT', help: 'The port to listen on; 0 takes any free one, which is printed.' },
  url: {
    env: 'TANDEM_URL',
    help: 'How people reach this server, where that differs from host and port.',
    example: 'https://tandem.example.org',
  },
  secret: {
    env: 'TANDEM_SECRET',
    help: 'Signs sessions and tokens; at least 32 characters. Default: made once and kept in the home.',
    example: 'at-least-32-random-characters-here',
    ...secret,
  },
  trustedProxies: {
    env: 'TANDEM_TRUSTED_PROXIES',
    help: 'Addresses of proxies whose X-Forwarded-For is believed, separated by commas.',
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    help: 'sqlite:///absolute/path or postgres://user:password@host/database. Default: tandem.db in the home.',
    example: 'postgres://tandem@localhost/tandem',
    ...secret,
  },
  registry: {
    env: 'TANDEM_REGISTRY',
    help: 'The npm registry to ask. Default: what npm itself is set to.',
    example: 'https://registry.npmjs.org/',
  },
  logLevel: { env: 'LOG_LEVEL', help: 'debug, info, warn, error or silent.' },
  llmProvider: {
    env: 'LLM_PROVIDER',
    help: `Which provider is asked first: ${PROVIDERS.join(', ')}.`,
    example: 'anthropic',
  },
  ttsProvider: { env: 'TTS_PROVIDER', help: 'Which provider gives a voice.', example: 'minimax' },
  ttsApiKey: { env: 'TTS_API_KEY', help: 'Its key, where the provider has no setting of its own.', ...secret },
  minimaxApiKey: { env: 'MINIMAX_API_KEY', help: 'Key for the voices of MiniMax.', ...secret },
  elevenlabsApiKey: { env: 'ELEVENLABS_API_KEY', help: 'Key for the voices of ElevenLabs.', ...secret },
  githubToken: { env: 'GITHUB_TOKEN', help: 'Reads release notes and opens pull requests.', ...secret },
  deviceId: { env: 'DEVICE_ID', help: 'Which toy this machine is.' },
  ...providerNotes(),
};

type ProviderKey = `${(typeof PROVIDERS)[number]}${'ApiKey' | 'ApiKeys' | 'Model' | 'BaseUrl'}`;

function providerSettings(): Record<ProviderKey, z.ZodMiniOptional<z.ZodMiniString>> {
  const shape = PROVIDERS.flatMap((provider) => [
    [`${provider}ApiKey`, z.optional(text)],
    [`${provider}ApiKeys`, z.optional(text)],
    [`${provider}Model`, z.optional(text)],
    [`${provider}BaseUrl`, z.optional(httpUrl)],
  ]);
  return Object.fromEntries(shape) as Record<ProviderKey, z.ZodMiniOptional<z.ZodMiniString>>;
}

function providerNotes(): Record<string, SettingNote> {
  const notes = PROVIDERS.flatMap((provider): [string, SettingNote][] => {
    const name = provider.toUpperCase();
    return [
      [`${provider}ApiKey`, { env: `${name}_API_KEY`, help: `Key for ${provider}.`, ...secret }],
      [`${provider}ApiKeys`, { env: `${name}_API_KEYS`, help: 'Several keys, separated by commas.', ...secret }],
      [`${provider}Model`, { env: `${name}_MODEL`, help: 'The model to ask.' }],
      [`${provider}BaseUrl`, { env: `${name}_BASE_URL`, help: 'Its address, where it is not the usual one.' }],
    ];
  });
  return Object.fromEntries(notes);
}
