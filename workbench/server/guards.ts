// What every request passes before anything answers it: the name it came by, who sent it, and from where.
// Rule: deny first. A Host that is not ours is not answered at all (DNS rebinding), and a cookie alone changes
// nothing: the request must also come from one of our own pages.

import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';

import { newId } from 'kernel/basics';
import { problemResponse } from 'kernel/http';
import { inContext, type Log, type Metrics } from 'kernel/telemetry';

import { hostNotAllowed, originNotAllowed } from '../faults.ts';
import type { Who } from '../people/who.ts';
import type { ServerContext } from './context.ts';

export const HEADERS: Readonly<Record<string, string>> = {
  // Inline style is allowed for the libraries of the console that need it; inline script never.
  'content-security-policy': [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), payment=()',
};

export const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  // A page that says itself who may hold it must not be forbidden to all by the older header.
  const saysWhoFrames = context.res.headers.get('content-security-policy')?.includes('frame-ancestors') === true;
  for (const [name, value] of Object.entries(HEADERS)) {
    // A route may be stricter, as for reports that hold foreign text.
    if (!context.res.headers.has(name) && !(name === 'x-frame-options' && saysWhoFrames)) {
      context.res.headers.set(name, value);
    }
  }
};

/** Logs and counts each request, and gives it an id under which its lines can be found. */
export function observed(log: Log, metrics: Metrics): MiddlewareHandler {
  const observe = observerOf(log, metrics);
  return (context, next) =>
    inContext({ request: newId<'request'>() }, async () => {
      const startedAt = performance.now();
      await next();
      const tookMs = performance.now() - startedAt;
      observe({ method: context.req.method, path: pathToLog(context), status: context.res.status, tookMs });
    });
}

interface Answered {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly tookMs: number;
}
type Observer = (answered: Answered) => void;
interface Kind {
  readonly counted: { inc(): void };
  readonly timed: { observe(seconds: number): void };
}

/** Methods are words of whoever asks. */
const KINDS_MAX = 200;
const observers = new WeakMap<Metrics, Observer>();

/** One for all ways in, since the numbers of a name are kept once. */
export function observerOf(log: Log, metrics: Metrics): Observer {
  const known = observers.get(metrics);
  if (known !== undefined) return known;
  const count = metrics.counter('tandem_http_requests_total', 'Requests answered.', ['method', 'status']);
  const took = metrics.histogram('tandem_http_request_seconds', 'Time until the answer began.', ['method']);
  // Found once for each kind of answer: to look them up by their labels takes longer than to count.
  const kinds = new Map<string, Kind>();
  const kindOf = (method: string, status: number) => {
    const name = `${method} ${status}`;
    const kind = kinds.get(name) ?? { counted: count.labels(method, String(status)), timed: took.labels(method) };
    if (kinds.size < KINDS_MAX) kinds.set(name, kind);
    return kind;
  };
  const observer: Observer = ({ method, path, status, tookMs }) => {
    const { counted, timed } = kindOf(method, status);
    counted.inc();
    timed.observe(tookMs / 1000);
    log.debug('request-answered', { method, path, status, tookMs: Math.round(tookMs) });
  };
  observers.set(metrics, observer);
  return observer;
}

/** A sign-in link is a secret, and no Secret yet. */
export const pathToLog = (context: Context): string => context.req.path.replace(/^\/welcome\/.+/, '/welcome/…');

export const hostGuard =
  (server: ServerContext): MiddlewareHandler =>
  async (context, next) => {
    const host = context.req.header('host') ?? new URL(context.req.url).host;
    if (!server.isHostAllowed(host)) return problemResponse(hostNotAllowed(host), { status: 421 });
    await next();
    return undefined;
  };

/** Finds out who is asking. A token counts before a cookie, and a wrong one never falls back to it. */
export const identified =
  ({ people, tokens, products }: ServerContext): MiddlewareHandler =>
  async (context, next) => {
    const whoseToken = async (token: string): Promise<Who | undefined> => {
      for (const product of products) {
        const who = await product.whoIs?.(token);
        if (who !== undefined) return who;
      }
      return tokens.whoIs(token);
    };
    const [, token] = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '') ?? [];
    const who = token === undefined ? await people.whoIs(context.req.raw.headers) : await whoseToken(token);
    context.set('who', who);
    if (who === undefined) await next();
    else await inContext({ person: who.id }, next);
  };

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

export const originGuard =
  (server: ServerContext): MiddlewareHandler =>
  async (context, next) => {
    const who: Who | undefined = context.get('who');
    if (!SAFE_METHODS.includes(context.req.method) && who?.via !== 'token') {
      const origin = context.req.header('origin');
      const site = context.req.header('sec-fetch-site');
      const isOurs = origin === undefined ? isOwnPage(site) : server.isHostAllowed(hostOf(origin));
      if (!isOurs) throw originNotAllowed(origin ?? 'another site');
    }
    await next();
  };

/** Browsers say where a request comes from; programs say nothing, and have no cookie that somebody could abuse. */
const isOwnPage = (site: string | undefined): boolean =>
  site === undefined || site === 'same-origin' || site === 'none';

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

/** Whom a limit counts: the person, else the address. */
export const callerOf =
  ({ trustedProxies }: ServerContext) =>
  (context: Context): string => {
    const who: Who | undefined = context.get('who');
    return who?.id ?? addressOf(context, trustedProxies);
  };

function addressOf(context: Context, trustedProxies: readonly string[]): string {
  const address = context.env?.incoming === undefined ? 'local' : (getConnInfo(context).remote.address ?? 'unknown');
  if (!trustedProxies.includes(address)) return address;
  const forwarded = (context.req.header('x-forwarded-for') ?? '').split(',').map((part) => part.trim());
  return forwarded.findLast((part) => part !== '' && !trustedProxies.includes(part)) ?? address;
}

/** The names under which a server may be reached, as Host headers spell them. */
export function allowedHosts(host: string, port: number, url: string | undefined): ReadonlySet<string> {
  const names = new Set([host, 'localhost', '127.0.0.1', '[::1]']);
  if (host.includes(':') && !host.startsWith('[')) names.add(`[${host}]`);
  const hosts = new Set([...names].map((name) => `${name}:${port}`.toLowerCase()));
  if (port === 80) for (const name of names) hosts.add(name.toLowerCase());
  if (url !== undefined) hosts.add(new URL(url).host.toLowerCase());
  return hosts;
}
