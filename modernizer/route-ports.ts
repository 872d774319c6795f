// What the Modernizer's routes are given, and what they share.

import type { Context, MiddlewareHandler } from 'hono';
import { resolver } from 'hono-openapi';
import type * as z from 'zod/mini';

import type { RunId } from 'kernel/basics';
import type { RunRecord } from 'kernel/journal';

import { runUnknown } from './faults.ts';
import type { Schedules } from './schedules/schedules.ts';
import type { Modernizer } from './workflow/modernizer.ts';

export interface Reader {
  readonly id: string;
  /** True for an owner of the workbench, who sees every run. */
  readonly seesAll: boolean;
}

export interface ModernizerRoutePorts {
  readonly modernizer: Modernizer;
  readonly schedules: Schedules;
  /** Lets the server work on a run in the background. */
  launch(run: RunId): void;
  readerOf(context: Context): Reader;
  /** Lets through who may open host paths and decide: an owner. */
  readonly mayAct: MiddlewareHandler;
  /** Lets through who may read runs. */
  readonly mayRead: MiddlewareHandler;
}

export const answers = (status: number, description: string, schema: z.ZodMiniType) => ({
  responses: { [status]: { description, content: { 'application/json': { schema: resolver(schema) } } } },
});

/** The run with this id or the only one that begins so. For who may not see it there is none. */
export async function seenRun(
  { modernizer, readerOf }: ModernizerRoutePorts,
  context: Context,
  idOrPrefix: string,
): Promise<RunRecord> {
  const run = await modernizer.find(idOrPrefix);
  const reader = readerOf(context);
  if (!reader.seesAll && run.owner !== reader.id) throw runUnknown(idOrPrefix);
  return run;
}
