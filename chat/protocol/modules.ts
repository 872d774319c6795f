// What the modules of a chat keep on the server: personas, scenarios, prompts, gifts and rewards, suggestions.

import * as z from 'zod/mini';

const name = z.string().check(z.minLength(1), z.maxLength(100));
const text = z.string().check(z.maxLength(16_000));

/** Who the person is while talking: told to the model with each question. */
export const Persona = z.object({ id: z.string(), name: z.string(), description: z.string(), avatar: z.string() });
export type Persona = z.infer<typeof Persona>;
export const PersonaDraft = z.object({
  name,
  description: text,
  avatar: z._default(z.string().check(z.maxLength(16)), ''),
});
export type PersonaDraft = z.input<typeof PersonaDraft>;

/** Where the talk takes place. `entries` are told only when one of their words comes up. */
export const Scenario = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  entries: z.array(z.object({ words: z.array(z.string()), text: z.string() })),
});
export type Scenario = z.infer<typeof Scenario>;
export const ScenarioDraft = z.object({
  name,
  description: text,
  entries: z._default(
    z
      .array(
        z.object({ words: z.array(z.string().check(z.minLength(2), z.maxLength(50))).check(z.maxLength(20)), text }),
      )
      .check(z.maxLength(100)),
    [],
  ),
});
export type ScenarioDraft = z.input<typeof ScenarioDraft>;

/** A text that people reuse. A change makes a new version; the ones before stay. `{{name}}` is filled in when it is used. */
export const Prompt = z.object({
  id: z.string(),
  name: z.string(),
  version: z.number(),
  content: z.string(),
  /** `system`: told to the model with each question. `message`: put into the composer. */
  use: z.enum(['system', 'message']),
  createdAt: z.iso.datetime(),
});
export type Prompt = z.infer<typeof Prompt>;
export const PromptDraft = z.object({
  name,
  content: text.check(z.minLength(1)),
  use: z._default(z.enum(['system', 'message']), 'message'),
});
export type PromptDraft = z.input<typeof PromptDraft>;
/** `GET /api/chat/prompts/{id}/filled?…`: what `getPrompt(id, context)` answers. */
export const FilledPrompt = z.object({
  id: z.string(),
  version: z.number(),
  content: z.string(),
  missing: z.array(z.string()),
});
export type FilledPrompt = z.infer<typeof FilledPrompt>;

export const Gift = z.object({
  id: z.string(),
  name: z.string(),
  icon: z.string(),
  costPoints: z.number(),
  description: z.string(),
  isOwned: z.boolean(),
});
export type Gift = z.infer<typeof Gift>;

export const Achievement = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  reachedAt: z.nullable(z.iso.datetime()),
  progress: z.object({ done: z.number(), of: z.number() }),
});
export type Achievement = z.infer<typeof Achievement>;

/** Each message counts once, whatever is sent again. Days are those of the person's own time zone. */
export const Rewards = z.object({
  points: z.number(),
  streak: z.object({ days: z.number(), longest: z.number(), lastDay: z.nullable(z.string()), timeZone: z.string() }),
  achievements: z.array(Achievement),
  gifts: z.array(Gift),
});
export type Rewards = z.infer<typeof Rewards>;

export const Suggestion = z.object({ id: z.string(), text: z.string(), why: z.string() });
export type Suggestion = z.infer<typeof Suggestion>;
export const Suggestions = z.object({ suggestions: z.array(Suggestion) });
export type Suggestions = z.infer<typeof Suggestions>;

/** A page of somebody else's that may hold the chat. */
export const Embed = z.object({
  id: z.string(),
  name: z.string(),
  characterId: z.string(),
  /** Exact origins that may frame it. */
  origins: z.array(z.string()),
  isOn: z.boolean(),
  createdAt: z.iso.datetime(),
});
export type Embed = z.infer<typeof Embed>;
export const EmbedDraft = z.object({
  name,
  characterId: z.string(),
  origins: z.array(z.string().check(z.maxLength(200))).check(z.minLength(1), z.maxLength(50)),
  isOn: z._default(z.boolean(), true),
});
export type EmbedDraft = z.input<typeof EmbedDraft>;
/** A visitor of an embedded chat: sees their own conversations with its character, nothing else. */
export const Visitor = z.object({
  token: z.string(),
  userId: z.string(),
  expiresAt: z.iso.datetime(),
  /** Whom the embedded chat is with. */
  characterId: z.optional(z.string()),
});
export type Visitor = z.infer<typeof Visitor>;
