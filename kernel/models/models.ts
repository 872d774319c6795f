// The face of models: one way to ask, whatever answers. What is handed out is a `LanguageModelV4` of the AI SDK's
// provider specification, so that everything which speaks that face (our chat, our wire, LangGraph nodes) can use it.
// Rule: every attempt goes over a leg (provider, model, key), is guarded, and has its line in the ledger.
// Rule: retries and failover are the router's alone; providers are asked with no retries of their own.
// Not here: prices and budgets (../spending), stages (../guard), HTTP (workbench/gateway).

import type { LanguageModelV4 } from '@ai-sdk/provider';

import type { Secret } from '../basics/index.ts';
import type { Guard } from '../guard/index.ts';
import type { Payer } from '../spending/index.ts';

export const PROVIDERS = [
  'anthropic',
  'openai',
  'gemini',
  'huggingface',
  'qwen',
  'openrouter',
  'openai_compatible',
] as const;
export type Provider = (typeof PROVIDERS)[number];

/** How a provider is reached. Settings come from the workbench; keys may change while the server runs. */
export interface ProviderSettings {
  readonly provider: Provider;
  readonly keys: readonly Secret[];
  /** The model asked where a caller names none. */
  readonly model: string | undefined;
  readonly baseUrl: string | undefined;
}

/** The name of the built-in rules, as provider; they are no model and are never called one to people. */
export const RULES_PROVIDER = 'tandem-rules';

/** The provider of servers on this machine: found by looking, or named by a base url on loopback. They cost nothing. */
export const LOCAL_PROVIDER = 'local';

export const POLICIES = ['cost', 'latency', 'quality', 'pinned', 'weighted'] as const;
export type Policy = (typeof POLICIES)[number];

/** Which legs may answer, and in which order they are asked. Kept by the workbench, edited in the console. */
export interface Route {
  /** What callers name, such as `auto` or `fast`. */
  readonly name: string;
  readonly policy: Policy;
  /** `provider/model`, in order of preference. Empty: whatever is configured. */
  readonly targets: readonly { readonly model: string; readonly weight: number }[];
  /** Options of providers, by provider, such as Gemini's safety settings; checked by their schemas. */
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Caller extends Payer {
  /** Who reads the answer; the guard's stages choose their policy by it. */
  readonly audience: string;
  /** Stages of this caller. None: passed without a look, and the ledger says so. */
  readonly guard?: Guard;
  /** False where the caller's tools change something outside; then an answer that broke off after a tool call is not asked again. */
  readonly toolsAreHarmless: boolean;
  /**
   * The beginning of the answer that its reader has already, from a process that died: it is gone on from there as after a
   * failover, and only what is new comes.
   */
  readonly alreadySaid?: string;
}

export type LegState =
  | { readonly kind: 'ready' }
  /** Asked again from then on: too many requests, or too many failures. */
  | { readonly kind: 'cooling'; readonly untilMs: number; readonly why: string }
  /** The provider refused the key; until it is changed. */
  | { readonly kind: 'revoked'; readonly why: string };

/** One leg as people compare them. No key is in it, only which of the pool. */
export interface LegView {
  readonly leg: string;
  readonly provider: string;
  readonly model: string;
  readonly keyNumber: number;
  /** First and last characters only, such as `sk-a…9f2c`. */
  readonly keyMasked: string;
  readonly keyAgeDays: number | null;
  readonly state: LegState;
  readonly calls: number;
  readonly errors: number;
  /** Of the last hundred calls; null before the first. */
  readonly firstTokenMsP50: number | null;
  readonly firstTokenMsP95: number | null;
  readonly costMicroUsd: number;
  readonly refusedByGuard: number;
}

export interface CatalogueEntry {
  /** `provider/model`, a route's name, or `tandem-rules/…`. */
  readonly id: string;
  readonly kind: 'route' | 'model' | 'rules';
  readonly provider: string;
  readonly ownedBy: string;
}

export interface Models {
  /** What answers to a name: a route, `provider/model`, or a bare model name. Undefined: nothing has that name. */
  model(name: string, caller: Caller): LanguageModelV4 | undefined;
  /** What `auto` means now, in words for people: `anthropic claude-sonnet-4-5`, `local model llama3`, `built-in rules`. */
  sourceText(): string;
  catalogue(): readonly CatalogueEntry[];
  legs(): readonly LegView[];
  routes(): readonly Route[];
  setRoutes(routes: readonly Route[]): void;
  /** Takes new settings; calls in flight end on the key they began with. */
  configure(settings: readonly ProviderSettings[]): void;
  /** Looks for servers of models on this machine: 11434 Ollama, 8080 llama.cpp, 1234 LM Studio. */
  discover(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
