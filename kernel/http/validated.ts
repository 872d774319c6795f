// Input checked by a schema, which also documents it: wrong input is a problem that names each field.

import type { ValidationTargets } from 'hono';
import { validator } from 'hono-openapi';
import en from 'zod/v4/locales/en.js';
import * as z from 'zod/mini';

import { requestInvalid } from './faults.ts';
import { problemResponse } from './problems.ts';

// zod/mini says nothing but "Invalid input" unless it is given words.
z.config(en());

/** Longer lists of what is wrong help nobody. */
const ERRORS_MAX = 20;
const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;

/** Query of every list: `limit` 1–200 (50), `cursor` from the page before. */
export const PageQuery = z.object({
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(PAGE_MAX)), PAGE_DEFAULT),
  cursor: z.optional(z.string().check(z.maxLength(200))),
});

type AnySchema = Parameters<typeof validator>[1];

/** As hono-openapi's validator, but what does not fit is answered in our words. */
export const validated = <Schema extends AnySchema, Target extends keyof ValidationTargets>(
  target: Target,
  schema: Schema,
) =>
  validator(target, schema, (result) => {
    if (result.success) return undefined;
    return problemResponse(requestInvalid(target === 'json' ? 'body' : target), {
      errors: result.error.slice(0, ERRORS_MAX).map(({ path = [], message }) => ({
        path: path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        message,
      })),
    });
  });
