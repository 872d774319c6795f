// For those who run the server: is it alive, is it ready, its numbers, and the contract of its routes.
// Rule: nothing here needs a sign-in, so nothing here tells more than that.

import type { Hono } from 'hono';
import { generateSpecs } from 'hono-openapi';
import * as z from 'zod/mini';

import type { Health } from 'kernel/telemetry';

import type { ServerContext, ServerEnv } from './context.ts';
import { described, documentation } from './openapi.ts';

const HealthAnswer = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
const tag = 'Operations';

export function addOperationRoutes(app: Hono<ServerEnv>, { health, metrics, version }: ServerContext): void {
  const live = { tag, isPublic: true, answer: HealthAnswer, summary: 'Whether the process lives' };
  const ready = { tag, isPublic: true, answer: HealthAnswer, summary: 'Whether it can do its work now' };
  app.get('/api/health/live', described(live), () => answer(health.live()));
  app.get('/api/health/ready', described(ready), async () => answer(await health.ready()));
  app.get('/health', described(ready), async () => answer(await health.ready()));
  app.get(
    '/metrics',
    described({ summary: 'Numbers for Prometheus', tag, isPublic: true, media: 'text/plain' }),
    async () => new Response(await metrics.text(), { headers: { 'content-type': metrics.contentType } }),
  );
  let contract: ReturnType<typeof generateSpecs> | undefined;
  app.get(
    '/api/openapi.json',
    described({ summary: 'This document', tag, isPublic: true, media: 'application/json' }),
    async (context) =>
      context.json(
        await (contract ??= generateSpecs(app, { documentation: documentation(version), excludeStaticFile: false })),
      ),
  );
}

const answer = (health: Health): Response =>
  Response.json(health, { status: health.ok ? 200 : 503, headers: { 'cache-control': 'no-store' } });
