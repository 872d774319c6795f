// How the server is, as it tells itself, and the words for it.

import { CircleCheck, CircleX, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { Machine } from 'tandem/protocol';
import * as z from 'zod/mini';

import type { Look } from '../components/chip.tsx';

/** GET /api/health/ready. It answers 503 with the same body when something is not well. */
export const Ready = z.object({
  ok: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});
export type Ready = z.infer<typeof Ready>;

export type Health = Ready['checks'][number];

/** The server as a whole first, then what it looked at. */
export const healthOf = (ready: Ready): readonly Health[] => [
  {
    name: 'Server',
    ok: ready.ok,
    detail: ready.ok ? 'Takes requests.' : 'Answers, but something it needs is not well.',
  },
  ...ready.checks,
];

export const healthLook = (health: Pick<Health, 'ok'>): Look =>
  health.ok ? { tone: 'good', icon: CircleCheck, word: 'well' } : { tone: 'bad', icon: CircleX, word: 'not well' };

export const sandboxLook = (sandbox: Machine['sandbox']): Look =>
  sandbox.kind === 'ready'
    ? { tone: 'good', icon: ShieldCheck, word: 'ready' }
    : { tone: 'warn', icon: ShieldAlert, word: 'none' };
