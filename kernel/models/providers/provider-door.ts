// What the router needs to know of a provider. One small file for each; its package is loaded on its first call, since
// all of them together take half a second and more memory than the rest of the server.

import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { z } from 'zod';

import { leanFetch } from './lean-fetch.ts';

export type Fetch = typeof globalThis.fetch;

export interface ProviderAccess {
  /** Undefined where the server asks for none. */
  readonly key: string | undefined;
  readonly baseUrl: string | undefined;
  readonly fetch: Fetch | undefined;
}

export interface ProviderDoor {
  /** How its package calls the options meant for it. */
  readonly optionsKey: string;
  /** What a route may set; anything else is refused with its name. */
  readonly options: z.ZodType<Readonly<Record<string, unknown>>>;
  /** Asked where neither settings nor callers name a model; undefined where only the owner knows. */
  readonly modelByDefault: string | undefined;
  readonly needsKey: boolean;
  /** Where an answer's length has to be named. Each of ours names it where it costs money, see routing/limits.ts. */
  open(access: ProviderAccess): Promise<(model: string) => LanguageModelV4>;
}

/** Settings for a package; a field that is undefined is left out, so that the package's own default holds. */
export function packageSettings(access: ProviderAccess): { apiKey: string; baseURL?: string; fetch?: Fetch } {
  return {
    // Without one the packages would look into the environment, and find the key of somebody else.
    apiKey: access.key ?? 'none',
    ...(access.baseUrl === undefined ? {} : { baseURL: access.baseUrl }),
    fetch: access.fetch ?? leanFetch,
  };
}

/**
 * A model of a package as the face we know. Each package brings its own minor version of that face; the later ones have
 * one more reason to finish (`interrupted`), which the router treats as broken off, as it does every word it doesn't know.
 */
export const asModel = (model: unknown): LanguageModelV4 => model as LanguageModelV4;
