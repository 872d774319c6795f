// Providers and models that Atomic knows by name, as data. A repository adds its own in `.atomic/providers.toml`.
// Rule: nothing here is needed to read what was recorded; a model that is missing is recorded all the same.
// Not here: prices. A price that is not given is unknown, never zero.

export interface Provider {
  /** Such as `anthropic`: a company, or what runs models of others. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** How the names of its models begin. */
  readonly families: readonly string[];
  readonly models: readonly ListedModel[];
}

/** Microdollars for a million tokens. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
}

export interface ListedModel {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly price: ModelPrice | null;
}

const listed = (...names: readonly string[]): readonly ListedModel[] =>
  names.map((line) => {
    const [id = line, ...aliases] = line.split(' ');
    return { id, aliases, price: null };
  });

/** In each line the name comes first, then what else it is called. */
export const KNOWN_PROVIDERS: readonly Provider[] = [
  {
    id: 'anthropic',
    aliases: ['claude', 'claude-ai', 'claude-code'],
    families: ['claude', 'opus', 'sonnet', 'haiku'],
    models: listed(
      'claude-opus-4-5 opus opus-4.5',
      'claude-sonnet-4-5 sonnet sonnet-4.5',
      'claude-haiku-4-5 haiku haiku-4.5',
      'claude-opus-4-1 opus-4.1',
      'claude-opus-4 opus-4 claude-opus-4-0',
      'claude-sonnet-4 sonnet-4 claude-sonnet-4-0',
      'claude-3-7-sonnet',
      'claude-3-5-sonnet',
      'claude-3-5-haiku',
      'claude-3-opus',
      'claude-3-sonnet',
      'claude-3-haiku',
      'claude-3',
      'claude-2',
    ),
  },
  {
    id: 'openai',
    aliases: ['open-ai', 'chatgpt', 'codex'],
    families: ['gpt', 'o1', 'o3', 'o4', 'codex', 'chatgpt', 'davinci'],
    models: listed(
      'gpt-5.1',
      'gpt-5.1-codex',
      'gpt-5.1-codex-max',
      'gpt-5.1-codex-mini',
      'gpt-5',
      'gpt-5-mini',
      'gpt-5-nano',
      'gpt-5-codex',
      'gpt-4.1',
      'gpt-4.1-mini',
      'gpt-4o chatgpt-4o-latest',
      'gpt-4o-mini',
      'gpt-4-turbo',
      'gpt-4',
      'gpt-3.5-turbo',
      'o1',
      'o1-mini',
      'o3',
      'o3-mini',
      'o3-pro',
      'o4-mini',
      'codex-mini-latest codex-mini',
      'codex',
    ),
  },
  {
    id: 'google',
    aliases: ['gemini', 'google-ai', 'vertex', 'vertex-ai', 'deepmind'],
    families: ['gemini', 'gemma'],
    models: listed(
      'gemini-3-pro gemini-3-pro-preview',
      'gemini-2.5-pro',
      'gemini-2.5-flash',
      'gemini-2.5-flash-lite',
      'gemini-2.0-flash',
      'gemini-1.5-pro',
      'gemini-1.5-flash',
      'gemini-pro',
    ),
  },
  {
    id: 'github',
    aliases: ['copilot', 'github-copilot'],
    families: ['copilot'],
    models: listed('copilot github-copilot'),
  },
  {
    id: 'cursor',
    aliases: ['anysphere'],
    families: ['composer', 'cursor'],
    models: listed('composer-1 composer', 'auto default cursor-auto'),
  },
  {
    id: 'alibaba',
    aliases: ['qwen', 'dashscope', 'alibaba-cloud'],
    families: ['qwen', 'qwq'],
    models: listed(
      'qwen3-coder qwen3-coder-plus qwen-coder',
      'qwen3-max',
      'qwen3',
      'qwen2.5-coder',
      'qwen2.5',
      'qwq-32b',
    ),
  },
  {
    id: 'meta',
    aliases: ['llama', 'meta-llama', 'facebook'],
    families: ['llama', 'codellama'],
    models: listed('llama-4-maverick', 'llama-4-scout', 'llama-3.3-70b', 'llama-3.1-405b', 'llama-3', 'codellama'),
  },
  {
    id: 'mistral',
    aliases: ['mistralai', 'mistral-ai'],
    families: ['mistral', 'mixtral', 'codestral', 'devstral', 'magistral', 'ministral'],
    models: listed(
      'mistral-large mistral-large-latest',
      'mistral-medium mistral-medium-latest',
      'mistral-small mistral-small-latest',
      'codestral codestral-latest',
      'devstral devstral-medium devstral-small',
      'magistral-medium',
      'mixtral-8x7b',
    ),
  },
  {
    id: 'deepseek',
    aliases: ['deep-seek', 'deepseek-ai'],
    families: ['deepseek'],
    models: listed('deepseek-chat', 'deepseek-reasoner deepseek-r1', 'deepseek-v3', 'deepseek-v3.1', 'deepseek-coder'),
  },
  { id: 'xai', aliases: ['x-ai', 'grok'], families: ['grok'], models: listed('grok-4', 'grok-3', 'grok-code-fast-1') },
  { id: 'moonshot', aliases: ['moonshotai', 'kimi'], families: ['kimi'], models: listed('kimi-k2') },
  { id: 'zhipu', aliases: ['z-ai', 'zai', 'glm'], families: ['glm'], models: listed('glm-4.6', 'glm-4.5') },
  {
    id: 'amazon',
    aliases: ['bedrock', 'aws'],
    families: ['nova', 'titan'],
    models: listed('nova-pro', 'nova-premier'),
  },
  { id: 'microsoft', aliases: ['azure', 'azure-openai'], families: ['phi'], models: listed('phi-4') },
  { id: 'ollama', aliases: ['local'], families: [], models: [] },
  { id: 'openrouter', aliases: ['open-router'], families: [], models: [] },
];
