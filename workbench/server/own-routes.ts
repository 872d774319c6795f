// What the workbench itself answers: who is signed in, what this machine can do, what needs the person.

import { Hono } from 'hono';

import type { RunStatus } from 'kernel/protocol';

import type { Role } from '../people/who.ts';
import { Home, Machine, Session } from '../protocol/index.ts';
import { authorize, personOf, type ServerContext, type ServerEnv } from './context.ts';
import { homeOf } from './home-needs.ts';
import { described } from './openapi.ts';

/** More needs than this at once are read in the list of runs. */
const NEEDS_MAX = 20;
/** Counted up to here; beyond it the number says "many" anyway. */
const COUNTED_MAX = 200;
/** Each of its answers is a run, and none of them waits for anybody: it is read in its chat. */
const CONVERSATIONS = ['chat'];
const tag = 'Workbench';

export function ownRoutes(server: ServerContext): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.get('/session', described({ summary: 'Who is signed in', tag, answer: Session }), authorize(), (context) => {
    const { id, name, role, expiresAt } = personOf(context);
    return context.json({ person: { id, name }, role: role as Role, expiresAt });
  });
  routes.delete('/session', described({ summary: 'Signs out', tag }), authorize(), async (context) => {
    const response = context.json({ signedOut: true });
    for (const cookie of await server.people.signOut(context.req.raw.headers))
      response.headers.append('set-cookie', cookie);
    return response;
  });
  routes.get(
    '/machine',
    described({ summary: 'What this machine can do', tag, answer: Machine }),
    authorize('owner', 'member'),
    async (context) => context.json(await server.machine()),
  );
  routes.get(
    '/home',
    described({ summary: 'What needs the person, most urgent first', tag, answer: Home }),
    authorize(),
    async (context) => {
      const who = personOf(context);
      const runs = async (status: RunStatus, limit = NEEDS_MAX) =>
        (
          await server.journal.list({
            statuses: [status],
            limit,
            exceptProducts: CONVERSATIONS,
            ...(who.role === 'owner' ? {} : { owner: who.id }),
          })
        ).runs;
      const [waiting, interrupted, failed, done, running, machine] = await Promise.all([
        runs('needs-person'),
        runs('interrupted'),
        runs('failed'),
        runs('done'),
        runs('running', COUNTED_MAX),
        server.machine(),
      ]);
      const mine = who.role === 'owner' ? machine.sandbox : ({ kind: 'ready', backEnd: '', detail: '' } as const);
      const situation = { waiting, interrupted, failed, done, running: running.length };
      return context.json(homeOf({ ...situation, sandbox: mine, now: server.clock.now() }));
    },
  );
  return routes;
}
