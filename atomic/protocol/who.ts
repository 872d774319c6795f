// Who wrote something, as screens show it. Three classes that never mix: AI, known human, untracked.

import * as z from 'zod/mini';

export const ACTOR_CLASSES = ['ai', 'human', 'untracked'] as const;
export const ActorClass = z.enum(ACTOR_CLASSES);
export type ActorClass = z.infer<typeof ActorClass>;

/** `mixed`: an AI and somebody else; it counts as AI. */
export const Actor = z.enum(['ai', 'human', 'mixed', 'untracked']);
export type Actor = z.infer<typeof Actor>;

/** The class under which an actor is counted. */
export const classOf = (actor: Actor): ActorClass => (actor === 'mixed' ? 'ai' : actor);

export const Author = z.object({ name: z.string(), email: z.string() });
export type Author = z.infer<typeof Author>;

/** What is known of a patch, or of a part of it, in a few words. */
export const Who = z.object({
  actor: Actor,
  /** `provider/model`; null where no AI took part. */
  model: z.nullable(z.string()),
  /** The program that did the work, such as `claude-code`. */
  tool: z.nullable(z.string()),
  suggestion: z.nullable(z.string()),
  /** 0 to 1. */
  confidence: z.nullable(z.number()),
  /** Why we believe it: `hook`, `cli-flag`, `import` …; `none` where nobody said anything. */
  evidence: z.string(),
});
export type Who = z.infer<typeof Who>;

/** Somebody who is credited with bytes. Lines name their credits by their place in a list of these. */
export const Credit = z.object({
  patch: z.string(),
  message: z.string(),
  at: z.iso.datetime(),
  author: Author,
  actor: Actor,
  model: z.nullable(z.string()),
});
export type Credit = z.infer<typeof Credit>;

/** Bytes by class. Their sum is all there is. */
export const Shares = z.object({ ai: z.number(), human: z.number(), untracked: z.number() });
export type Shares = z.infer<typeof Shares>;
