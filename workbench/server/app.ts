// The whole HTTP surface: guards first, then operations, sign-in, the API, the products, and the console last.

import { Hono, type Context, type MiddlewareHandler } from 'hono';

import { mebibytes } from 'kernel/basics';
import { faultHandler, idempotent, limitBody, notFoundHandler, rateLimit } from 'kernel/http';

import { authorize, type ServerContext, type ServerEnv } from './context.ts';
import { callerOf, hostGuard, identified, observed, originGuard, pathToLog, securityHeaders } from './guards.ts';
import { addBatch } from './batch.ts';
import { addOperationRoutes } from './operation-routes.ts';
import { ownRoutes } from './own-routes.ts';
import { linkUsedPage } from './pages.ts';
import { runRoutes } from './run-routes.ts';
import { staticFiles } from './static-files.ts';

/** Requests are short JSON documents; files have routes of their own. */
const BODY_BYTES_MAX = mebibytes(1);
/** A console with several pages open asks a few times a second. */
const REQUESTS_A_MINUTE = 1200;
/** A link has 190 random bits, so this only keeps the noise down. */
const LINKS_A_MINUTE = 30;

export function createApp(server: ServerContext): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>();
  app.onError(faultHandler(server.log, pathToLog));
  app.notFound(notFoundHandler);
  app.use(observed(server.log, server.metrics), securityHeaders, hostGuard(server));
  addOperationRoutes(app, server);
  addWelcome(app, server);
  app.use('/api/*', identified(server));
  app.use('/api/*', rateLimit({ requests: REQUESTS_A_MINUTE, inSeconds: 60, who: callerOf(server) }));
  app.use('/api/*', originGuard(server), limitedBody);
  app.use('/api/*', idempotent({ store: server.store, clock: server.clock, who: callerOf(server), isKeptBelow }));
  addBatch(app, (request, env) => app.fetch(request, env as object));
  app.route('/api', ownRoutes(server));
  app.route('/api/runs', runRoutes(server));
  for (const product of server.products) {
    const place = product.name === 'gateway' ? '/api' : `/api/${product.name}`;
    if (product.routes !== undefined) app.route(place, product.routes(authorize));
  }
  addRemotes(app, server);
  for (const { pages } of server.products) if (pages !== undefined) app.route(pages.path, pages.routes);
  app.all('/api/*', notFoundHandler);
  app.get('/*', staticFiles(server.console));
  return app;
}

/** Pictures for a chat and archives are larger than documents, and bounded where they are taken. */
const UPLOADS = /^\/api\/(?:chat\/[^/]+\/artifacts|modernizer\/uploads)$/;
const limitedBody: MiddlewareHandler = async (context, next) =>
  UPLOADS.test(context.req.path) ? next() : limitBody(BODY_BYTES_MAX)(context, next);

/** Messages keep their keys with themselves for good, parts of a batch have their own, and a picture is no text. */
const KEPT_BELOW =
  /^\/api\/(batch|chat\/[^/]+\/(message|completion|ui-stream|artifacts|messages\/[^/]+\/actions)|modernizer\/uploads)$/;
const isKeptBelow = (context: Context): boolean => KEPT_BELOW.test(context.req.path);

/** Their bodies are streams without a bound of ours: each protocol has its own. */
function addRemotes(app: Hono<ServerEnv>, server: ServerContext): void {
  for (const { remote } of server.products) {
    if (remote === undefined) continue;
    const place = `${remote.path}/*`;
    app.use(
      place,
      identified(server),
      rateLimit({ requests: REQUESTS_A_MINUTE, inSeconds: 60, who: callerOf(server) }),
    );
    app.use(place, originGuard(server));
    app.all(place, (context) => remote.answer(context.req.raw, context.get('who')));
  }
}

function addWelcome(app: Hono<ServerEnv>, server: ServerContext): void {
  app.use('/welcome/*', rateLimit({ requests: LINKS_A_MINUTE, inSeconds: 60, who: callerOf(server) }));
  app.get('/welcome/:link', async (context) => {
    // Programs that only look whether an address is there must not use the link up.
    if (context.req.method === 'HEAD') return context.body(null, 204);
    const cookies = await server.people.useLink(context.req.param('link'));
    context.header('cache-control', 'no-store');
    if (cookies === undefined) return context.html(linkUsedPage(), 410);
    const response = context.redirect('/', 302);
    for (const cookie of cookies) response.headers.append('set-cookie', cookie);
    return response;
  });
}
