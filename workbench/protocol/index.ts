// Shapes that the console reads from the workbench itself.

import * as z from 'zod/mini';

/** GET /api/session: who is asking. 401 when nobody is signed in. */
export const Session = z.object({
  person: z.object({ id: z.string(), name: z.string() }),
  role: z.enum(['owner', 'member', 'interviewer', 'parent']),
  expiresAt: z.iso.datetime(),
});
export type Session = z.infer<typeof Session>;

/** GET /api/machine: what this machine can do, for people and for the doctor. */
export const Machine = z.object({
  tandem: z.string(),
  node: z.string(),
  npm: z.string(),
  /** `sqlite` or `postgres`. */
  store: z.string(),
  registry: z.string(),
  sandbox: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('ready'), backEnd: z.string(), detail: z.string() }),
    z.object({ kind: z.literal('refused'), reason: z.string(), next: z.string() }),
  ]),
});
export type Machine = z.infer<typeof Machine>;

/** GET /api/home: what needs the person, most urgent first, and what runs now. */
export const Need = z.object({
  kind: z.enum(['decision', 'interrupted', 'failed', 'result', 'machine']),
  title: z.string(),
  detail: z.string(),
  /** Where the console goes, such as `/modernizer/runs/7x…`. Null where the text says what to do. */
  href: z.nullable(z.string()),
  run: z.nullable(z.string()),
  at: z.nullable(z.iso.datetime()),
});
export type Need = z.infer<typeof Need>;
export const Home = z.object({ needs: z.array(Need), running: z.number(), finished: z.number() });
export type Home = z.infer<typeof Home>;

export * from './costs.ts';
export * from './sources.ts';
