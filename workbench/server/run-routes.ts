// The runs of every product: the list, one run, its events as they happen, and stopping it.
// Rule: a run that is neither yours nor, if you are the owner of the workbench, anybody's, is not there.

import { Hono } from 'hono';
import * as z from 'zod/mini';

import { parseId, type RunId } from 'kernel/basics';
import { afterOf, PageQuery, sseOfRun, validated } from 'kernel/http';
import { runAmbiguous, runNotFound, summaryOf, type RunRecord } from 'kernel/journal';
import { isFinal, RunPage, RunStatus, RunSummary } from 'kernel/protocol';

import { runEnded } from '../faults.ts';
import { ROLES, type Who } from '../people/who.ts';
import { authorize, personOf, type ServerContext, type ServerEnv } from './context.ts';
import { described } from './openapi.ts';

const RunsQuery = z.extend(PageQuery, {
  product: z.optional(z.string().check(z.maxLength(40))),
  status: z.optional(RunStatus),
});
const RunParam = z.object({ id: z.string().check(z.minLength(1), z.maxLength(64)) });
const tag = 'Runs';

export function runRoutes(server: ServerContext): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.use(authorize(...ROLES, 'visitor'));
  routes.get(
    '/',
    described({ summary: 'The runs of all products, newest first', tag, answer: RunPage }),
    validated('query', RunsQuery),
    async (context) => {
      const { status, product, cursor, limit } = context.req.valid('query');
      const who = personOf(context);
      const page = await server.journal.list({
        limit,
        ...(status === undefined ? {} : { statuses: [status] }),
        ...(product === undefined ? {} : { product }),
        ...(cursor === undefined ? {} : { cursor }),
        ...(who.role === 'owner' ? {} : { owner: who.id }),
      });
      return context.json({ runs: page.runs.map(summaryOf), nextCursor: page.nextCursor });
    },
  );
  routes.get(
    '/:id',
    described({ summary: 'One run, by its id or the unique beginning of it', tag, answer: RunSummary }),
    validated('param', RunParam),
    async (context) => context.json(summaryOf(await runOf(server, personOf(context), context.req.valid('param').id))),
  );
  routes.get(
    '/:id/events',
    described({
      summary: 'Its events as they happen; goes on after Last-Event-ID or ?after=',
      tag,
      media: 'text/event-stream',
    }),
    validated('param', RunParam),
    async (context) => {
      const run = await runOf(server, personOf(context), context.req.valid('param').id);
      const signal = AbortSignal.any([server.closing, context.req.raw.signal]);
      return sseOfRun(server.journal, run.id, { clock: server.clock, after: afterOf(context.req.raw), signal });
    },
  );
  routes.post(
    '/:id/stop',
    described({ summary: 'Stops it; what it has kept stays', tag, answer: RunSummary }),
    validated('param', RunParam),
    async (context) => {
      const who = personOf(context);
      const run = await runOf(server, who, context.req.valid('param').id);
      await stop(server, run, who);
      return context.json(summaryOf((await server.journal.get(run.id)) ?? run));
    },
  );
  return routes;
}

/** The run meant by an id or its beginning, if this person may see it. */
async function runOf({ journal }: ServerContext, who: Who, idOrPrefix: string): Promise<RunRecord> {
  const whole = parseId<'run'>(idOrPrefix);
  const ids: readonly RunId[] = whole === undefined ? await journal.idsWithPrefix(idOrPrefix) : [whole];
  const found = await Promise.all(ids.map((id) => journal.get(id)));
  const visible = found
    .filter((run) => run !== undefined)
    .filter((run) => who.role === 'owner' || run.owner === who.id);
  const [run, another] = visible;
  if (run === undefined) throw runNotFound(idOrPrefix.slice(0, 40));
  if (another !== undefined)
    throw runAmbiguous(
      idOrPrefix,
      visible.map((each) => each.id),
    );
  return run;
}

async function stop({ journal, products }: ServerContext, run: RunRecord, who: Who): Promise<void> {
  if (isFinal(run.status)) throw runEnded(run.id, run.status);
  const product = products.find((each) => each.name === run.product);
  // The product ends its own work well; a run that nobody works on has only its status to change.
  if (product?.stop !== undefined && (await product.stop(run.id, who.name))) return;
  const stopped = await journal.setStatus(run.id, null, 'stopped', `${who.name} stopped it.`);
  if (!stopped) throw runEnded(run.id, (await journal.get(run.id))?.status ?? 'unknown');
}
