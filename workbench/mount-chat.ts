// Mounts Chat: its routes, its visitors' tokens, the pages that hold it elsewhere, and the work on its answers.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Hono, type Context, type MiddlewareHandler } from 'hono';

import {
  CHAT_MIGRATIONS,
  chatRoutes,
  createConversations,
  getEmbed,
  visitorOf,
  VISITOR_TOKEN_START,
  type Conversations,
} from 'chat/conversations';
import { createDurableLimit, LIMIT_MIGRATIONS, problemResponse, tooManyRequests, type DurableLimit } from 'kernel/http';
import { CACHE_MIGRATIONS, createCache, type Cache } from 'kernel/store';

import { embedNotFound } from './faults.ts';
import type { OpenProduct, ProductDeps, ProductDoor } from './products.ts';
import { personOf } from './server/context.ts';
import { described } from './server/openapi.ts';
import { ROLES, type Who } from './people/who.ts';

/** What one person may send and ask in a minute, in whatever way it comes, also after a restart. */
const MESSAGES = { name: 'chat', requests: 100, inSeconds: 60 };
/** A page that is taken off is turned away this late by other processes. */
const EMBED_KEPT_MS = 30_000;

export const CHAT: ProductDoor = {
  migrations: [CHAT_MIGRATIONS, LIMIT_MIGRATIONS, CACHE_MIGRATIONS],
  open: (deps) => Promise.resolve(openChat(deps)),
};

function openChat(deps: ProductDeps): OpenProduct {
  const { store, clock, answering } = deps;
  const ports = { ...deps, models: answering.models };
  const conversations = createConversations(ports);
  const limit = createDurableLimit({ store, clock }, MESSAGES);
  const cache = createCache(store, clock);
  return {
    name: 'chat',
    routes: (authorize) =>
      chatRoutes({
        ...ports,
        conversations,
        readerOf: (context) => ({ id: personOf(context).id }),
        mayTalk: allOf(authorize(...ROLES, 'visitor'), limited(limit)),
        mayEmbed: allOf(authorize('owner'), forgetting(cache)),
      }),
    pages: { path: '/', routes: embedPages(deps, conversations, cache) },
    whoIs: (token) => visitor(conversations, token),
    resume: () => conversations.resume(),
    stop: (run) => conversations.stop(run),
    close: () => conversations.close(),
  };
}

const allOf =
  (first: MiddlewareHandler, second: MiddlewareHandler): MiddlewareHandler =>
  async (context, next) => {
    let answer: Response | void = undefined;
    const outer = await first(context, async () => {
      answer = (await second(context, next)) ?? undefined;
    });
    return outer ?? answer;
  };

/** Only what adds something counts; reading has the limit that all requests have. */
const limited =
  (limit: DurableLimit): MiddlewareHandler =>
  async (context, next) => {
    if (context.req.method !== 'POST') return next();
    const allowance = await limit.take(personOf(context).id);
    if (allowance.kind === 'refused') return problemResponse(tooManyRequests(allowance.retryAfterMs));
    await next();
    context.res.headers.set('ratelimit', `"chat";r=${allowance.remaining};t=${MESSAGES.inSeconds}`);
    return undefined;
  };

const forgetting =
  (cache: Cache): MiddlewareHandler =>
  async (context, next) => {
    await next();
    if (context.req.method !== 'GET') await cache.forget('embeds');
  };

async function visitor(conversations: Conversations, token: string): Promise<Who | undefined> {
  if (!token.startsWith(VISITOR_TOKEN_START)) return undefined;
  const found = await visitorOf(conversations, token);
  if (found === undefined) return undefined;
  return { id: found.person, name: 'A visitor', role: 'visitor', via: 'token', expiresAt: found.expiresAt };
}

const SCRIPT_HEADERS = {
  'content-type': 'text/javascript; charset=utf-8',
  'cache-control': 'public, max-age=300',
  // Pages of others load it: that is what it is for.
  'cross-origin-resource-policy': 'cross-origin',
};

function embedPages({ chatFiles }: ProductDeps, conversations: Conversations, cache: Cache): Hono {
  const script = (name: string) => async (context: Context) =>
    context.body(new Uint8Array(await readFile(join(chatFiles, name))), 200, SCRIPT_HEADERS);
  const app = new Hono();
  const file = (summary: string) =>
    described({ summary, tag: 'Embedded chat', media: 'text/javascript', isPublic: true });
  app.get('/embed.js', file('The line that other pages load'), script('embed.js'));
  app.get('/embed/frame.js', file('What runs in the frame'), script('frame.js'));
  app.get('/embed/element.js', file('The element by itself'), script('element.js'));
  const page = described({
    summary: 'The page in the frame',
    tag: 'Embedded chat',
    media: 'text/html',
    isPublic: true,
  });
  app.get('/embed/:id', page, async (context) => {
    const id = context.req.param('id');
    const embed = await cache.get(`embed:${id}`, { ttlMs: EMBED_KEPT_MS, tag: 'embeds' }, async () =>
      /^[0-9a-z]{16}$/.test(id) ? ((await getEmbed(conversations, id)) ?? null) : null,
    );
    if (embed === null || !embed.isOn) return problemResponse(embedNotFound(id));
    return context.html(await readFile(join(chatFiles, 'frame.html'), 'utf8'), 200, {
      'content-security-policy': framePolicy(embed.origins),
      'cache-control': 'no-cache',
    });
  });
  return app;
}

/** The page of a chat that lies in another page: its own scripts only, nothing from elsewhere, and held by these alone. */
const framePolicy = (origins: readonly string[]): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `frame-ancestors ${origins.join(' ')}`,
  ].join('; ');
