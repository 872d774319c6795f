// How an HTTP answer says that something went wrong: RFC 9457 problem+json with our fault code.

import * as z from 'zod/mini';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

export const Problem = z.object({
  type: z.string(),
  /** What happened. */
  title: z.string(),
  status: z.number(),
  /** Why. */
  detail: z.string(),
  /** The fault code, such as `RUN_NOT_FOUND`. */
  code: z.string(),
  /** What to do now. */
  next: z.string(),
  /** For wrong input: which field, and what is wrong with it. */
  errors: z.optional(z.array(z.object({ path: z.string(), message: z.string() }))),
});
export type Problem = z.infer<typeof Problem>;
