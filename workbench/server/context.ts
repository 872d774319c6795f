// What the server's routes are given, and how they say who may use them.

import type { Context, MiddlewareHandler } from 'hono';

import type { Clock } from 'kernel/basics';
import type { Journal } from 'kernel/journal';
import type { Store } from 'kernel/store';
import type { HealthWatch, Log, Metrics } from 'kernel/telemetry';

import { notSignedIn, roleMissing } from '../faults.ts';
import type { People } from '../people/people.ts';
import type { Tokens } from '../people/tokens.ts';
import { ROLES, type CallerRole, type Who } from '../people/who.ts';
import type { OpenProduct } from '../products.ts';
import type { Machine } from '../protocol/index.ts';

export interface ServerContext {
  readonly store: Store;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly health: HealthWatch;
  readonly people: People;
  readonly tokens: Tokens;
  readonly products: readonly OpenProduct[];
  readonly version: string;
  machine(): Promise<Machine>;
  /** Which Host headers are answered: known only once the server listens. */
  isHostAllowed(host: string): boolean;
  /** Proxies whose word about the caller's address is believed. */
  readonly trustedProxies: readonly string[];
  /** Aborts when the server ends. */
  readonly closing: AbortSignal;
  /** Folder of the built console. */
  readonly console: string;
}

export interface ServerEnv {
  Variables: { who: Who | undefined };
}

/** The middleware that lets in only these roles; without roles, everybody who is signed in. Visitors must be named. */
export type Authorize = (...roles: readonly CallerRole[]) => MiddlewareHandler;

export const authorize: Authorize =
  (...roles) =>
  async (context, next) => {
    const { role } = personOf(context);
    const allowed: readonly CallerRole[] = roles.length > 0 ? roles : ROLES;
    if (!allowed.includes(role)) throw roleMissing(role, allowed);
    await next();
  };

/** Who is asking; a fault when nobody is signed in. */
export function personOf(context: Context): Who {
  const who: Who | undefined = context.get('who');
  if (who === undefined) throw notSignedIn();
  return who;
}
