// The one place where products are mounted. The workbench works without any.
// To mount one: write a ProductDoor over what its package exports, add it to PRODUCTS, and its commands to main.ts.

import type { Hono } from 'hono';

import type { Clock, RunId } from 'kernel/basics';
import type { Journal } from 'kernel/journal';
import type { SandboxSettings } from 'kernel/sandbox';
import type { MigrationList, Store } from 'kernel/store';
import type { Log, Metrics } from 'kernel/telemetry';
import type { Work } from 'kernel/work';

import { ATOMIC } from './mount-atomic.ts';
import { CHAT } from './mount-chat.ts';
import { GATEWAY } from './mount-gateway.ts';
import { MODERNIZER } from './mount-modernizer.ts';
import type { Answering } from './open-models.ts';
import type { People } from './people/people.ts';
import type { Tokens } from './people/tokens.ts';
import type { Who } from './people/who.ts';
import type { Authorize } from './server/context.ts';
import type { DirectRoute } from './server/direct-routes.ts';

/** What every product is handed. */
export interface ProductDeps {
  readonly store: Store;
  readonly journal: Journal;
  readonly work: Work;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Private folder for everything that is kept. */
  readonly home: string;
  /** The npm registry, with one slash at its end. */
  readonly registry: string;
  readonly sandbox: SandboxSettings;
  readonly tandemVersion: string;
  /** Asking models, and what it costs. */
  readonly answering: Answering;
  readonly people: Pick<People, 'ownerId'>;
  readonly tokens: Pick<Tokens, 'whoIs'>;
  /** Folder of what is built for pages of others. */
  readonly chatFiles: string;
  /** Aborts when the server ends. */
  readonly closing: AbortSignal;
}

export interface OpenProduct {
  /** Its routes are mounted at /api/<name>, those of the gateway at /api itself; its runs carry the name. */
  readonly name: string;
  routes?(authorize: Authorize): Hono;
  /** Answers at an address of its own, beside the API and by tokens alone. `who`: undefined where nobody is signed in. */
  readonly remote?: { readonly path: string; answer(request: Request, who: Who | undefined): Promise<Response> };
  /** Pages and files at an address of their own, for whoever comes: they guard themselves. */
  readonly pages?: { readonly path: string; readonly routes: Hono };
  /** Those of its routes that are answered on Node's own request and response. */
  readonly direct?: readonly DirectRoute[];
  /** Whose a token is that this product gave out. */
  whoIs?(token: string): Promise<Who | undefined>;
  /** Continues what was queued or interrupted when the last server ended. Called once, after the server listens. */
  resume?(): Promise<void>;
  /** Ends a run that this process or another works on; false when it left that to the caller. */
  stop?(run: RunId, by: string): Promise<boolean>;
  /** Ends all work at the next safe point and gives back its leases; what is unfinished is resumed at the next start. */
  close(): Promise<void>;
}

export interface ProductDoor {
  readonly migrations: readonly MigrationList[];
  open(deps: ProductDeps): Promise<OpenProduct>;
}

export const PRODUCTS: readonly ProductDoor[] = [MODERNIZER, ATOMIC, CHAT, GATEWAY];
