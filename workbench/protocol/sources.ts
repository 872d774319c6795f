// Who answers: providers and their keys, the legs that a call may go over, and the routes that choose among them.

import * as z from 'zod/mini';

export const PROVIDER_NAMES = [
  'anthropic',
  'openai',
  'gemini',
  'huggingface',
  'qwen',
  'openrouter',
  'openai_compatible',
] as const;

/** A key is shown by its first and last characters only. */
export const ProviderKey = z.object({
  /** Null for one that comes from the configuration, and is changed there. */
  id: z.nullable(z.string()),
  masked: z.string(),
  addedAt: z.nullable(z.iso.datetime()),
  ageDays: z.nullable(z.number()),
});
export const ProviderShown = z.object({
  provider: z.enum(PROVIDER_NAMES),
  model: z.nullable(z.string()),
  baseUrl: z.nullable(z.string()),
  keys: z.array(ProviderKey),
  /** The environment variable that sets its key. */
  variable: z.string(),
});
export type ProviderShown = z.infer<typeof ProviderShown>;

export const Leg = z.object({
  leg: z.string(),
  provider: z.string(),
  model: z.string(),
  keyNumber: z.number(),
  keyMasked: z.string(),
  keyAgeDays: z.nullable(z.number()),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ready') }),
    z.object({ kind: z.literal('cooling'), untilMs: z.number(), why: z.string() }),
    z.object({ kind: z.literal('revoked'), why: z.string() }),
  ]),
  calls: z.number(),
  errors: z.number(),
  firstTokenMsP50: z.nullable(z.number()),
  firstTokenMsP95: z.nullable(z.number()),
  costMicroUsd: z.number(),
  refusedByGuard: z.number(),
});
export type Leg = z.infer<typeof Leg>;

export const RouteShape = z.object({
  name: z.string().check(z.regex(/^[a-z][a-z0-9-]{0,40}$/)),
  policy: z.enum(['cost', 'latency', 'quality', 'pinned', 'weighted']),
  targets: z
    .array(
      z.object({
        model: z.string().check(z.minLength(1), z.maxLength(200)),
        weight: z.number().check(z.minimum(0), z.maximum(1000)),
      }),
    )
    .check(z.maxLength(50)),
  options: z._default(z.record(z.string(), z.record(z.string(), z.unknown())), {}),
});
export type RouteShape = z.infer<typeof RouteShape>;
export const Routes = z.object({ routes: z.array(RouteShape).check(z.maxLength(50)) });
export type Routes = z.infer<typeof Routes>;

export const Sources = z.object({
  /** What answers now, in words: `anthropic claude-sonnet-4-5`, `local model llama3`, `built-in rules`. */
  text: z.string(),
  providers: z.array(ProviderShown),
  legs: z.array(Leg),
  routes: z.array(RouteShape),
  models: z.array(z.object({ id: z.string(), kind: z.enum(['route', 'model', 'rules']), provider: z.string() })),
});
export type Sources = z.infer<typeof Sources>;

export const ProviderKeyDraft = z.object({
  provider: z.enum(PROVIDER_NAMES),
  key: z.string().check(z.minLength(8), z.maxLength(400)),
});
export type ProviderKeyDraft = z.infer<typeof ProviderKeyDraft>;

/** A key with which another tool speaks to the gateway. */
export const GatewayKeyShown = z.object({
  id: z.string(),
  name: z.string(),
  person: z.string(),
  createdAt: z.iso.datetime(),
  revokedAt: z.nullable(z.iso.datetime()),
});
export type GatewayKeyShown = z.infer<typeof GatewayKeyShown>;
export const GatewayKeyList = z.object({ keys: z.array(GatewayKeyShown) });
export type GatewayKeyList = z.infer<typeof GatewayKeyList>;
export const GatewayKeyDraft = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  budgetMicroUsd: z.optional(z.nullable(z.int().check(z.positive(), z.maximum(1_000_000_000_000)))),
});
export type GatewayKeyDraft = z.infer<typeof GatewayKeyDraft>;
/** Shown once. */
export const IssuedGatewayKey = z.object({ id: z.string(), key: z.string() });
export type IssuedGatewayKey = z.infer<typeof IssuedGatewayKey>;
