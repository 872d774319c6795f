// The life of a server: lock the home, open everything, listen, resume, and end without losing anything.
// Rule: it says that it is ready only once it answers; what it was doing when it ended is continued at the next start.

import { join } from 'node:path';

import type { Clock } from 'kernel/basics';
import { createHealth, createMetrics, type Log } from 'kernel/telemetry';
import { sql } from 'kysely';

import type { Configuration } from '../configuration/configuration.ts';
import { makeHome } from '../configuration/home-folder.ts';
import { CHECKOUT, machineOf, tandemVersion } from '../machine.ts';
import { openWorkbench, type Workbench } from '../open-workbench.ts';
import type { People } from '../people/people.ts';
import { openProductDeps } from '../product-deps.ts';
import { PRODUCTS, type OpenProduct, type ProductDeps } from '../products.ts';
import { keptProbe } from '../sandbox-probe.ts';
import { createApp } from './app.ts';
import type { ServerContext } from './context.ts';
import { directListener } from './direct-routes.ts';
import { allowedHosts } from './guards.ts';
import { lockHome } from './home-lock.ts';
import { listen, listenerOf, urlOf } from './listen.ts';

export interface RunningServer {
  readonly url: string;
  newSignInUrl(): Promise<string>;
  /** Ends well: streams closed, answers finished, leases given back. */
  close(): Promise<void>;
}

export async function startServer(configuration: Configuration, log: Log): Promise<RunningServer> {
  makeHome(configuration.home);
  const lock = lockHome(configuration.home);
  const undo: (() => unknown)[] = [() => lock.release()];
  const end = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) {
      try {
        await step();
      } catch (error) {
        // What comes after, such as closing the store, matters all the same.
        log.error('not-ended-well', { error });
      }
    }
  };
  try {
    const workbench = await openWorkbench(configuration);
    undo.push(() => workbench.store.close());
    const closing = new AbortController();
    const { server, products, answering } = await serverOn(workbench, { configuration, log, closing: closing.signal });
    undo.push(() => answering.close());
    undo.push(() => server.health.close());
    undo.push(() => Promise.all(products.map((product) => product.close())));
    await server.people.ensureOwner();
    let hosts: ReadonlySet<string> = new Set();
    const isHostAllowed = (host: string): boolean => hosts.has(host.toLowerCase());
    const app = createApp({ ...server, isHostAllowed, closing: closing.signal });
    const listener = directListener({ ...server, isHostAllowed }, listenerOf(app.fetch));
    const listening = await listen(listener, configuration.host, configuration.port);
    undo.push(() => listening.close(workbench.clock));
    hosts = allowedHosts(configuration.host, listening.port, configuration.url);
    const url = configuration.url ?? urlOf(configuration.host, listening.port);
    lock.announce(url);
    await resume(workbench, products, log);
    undo.push(watchInterrupted(workbench, log, closing.signal));
    undo.push(() => closing.abort());
    return { url, newSignInUrl: () => signInUrl(server.people, url), close: end };
  } catch (thrown) {
    await end();
    throw thrown;
  }
}

export const signInUrl = async (people: People, url: string): Promise<string> =>
  `${url}/welcome/${await people.newLink()}`;

async function serverOn(
  workbench: Workbench,
  { configuration, log, closing }: { configuration: Configuration; log: Log; closing: AbortSignal },
) {
  const { store, journal, clock } = workbench;
  const metrics = createMetrics();
  const deps = await openProductDeps({ workbench, configuration, log, metrics, closing });
  const { people, tokens, answering, sandbox } = deps;
  const probe = keptProbe(sandbox, clock);
  const products = await openProducts(deps);
  const server: Omit<ServerContext, 'isHostAllowed' | 'closing'> = {
    store,
    journal,
    clock,
    log,
    metrics,
    products,
    health: createHealth(clock, { store: async () => (await sql`select 1`.execute(store.read()), store.dialect) }),
    people,
    tokens,
    version: tandemVersion(),
    machine: async () => machineOf(store.dialect, configuration.registry, await probe()),
    trustedProxies: configuration.trustedProxies,
    console: join(CHECKOUT, '.build', 'console'),
  };
  return { server, products, answering };
}

export const openProducts = (deps: ProductDeps): Promise<OpenProduct[]> =>
  Promise.all(PRODUCTS.map((product) => product.open(deps)));

/** A command whose process dies beside a running server shows as interrupted this soon. */
const WATCH_MS = 2000;

/** Looks again and again for runs whose process has ended; gives back what resolves when it looks no more. */
export function watchInterrupted(
  { work, clock }: Pick<Workbench, 'work' | 'clock'>,
  log: Log,
  closing: AbortSignal,
): () => Promise<void> {
  const watching = (async () => {
    for (;;) {
      await clock.sleep(WATCH_MS, closing);
      if (closing.aborted) return;
      try {
        const runs = await work.markInterrupted();
        if (runs.length > 0) log.info('runs-interrupted', { runs });
      } catch (error) {
        log.warn('runs-not-looked-at', { error });
      }
    }
  })();
  return () => watching;
}

/** Marks what a dead process left, then lets each product continue its own. A product that cannot is logged. */
export async function resume(
  { work }: { readonly work: Workbench['work']; readonly clock: Clock },
  products: readonly OpenProduct[],
  log: Log,
): Promise<void> {
  const interrupted = await work.markInterrupted();
  if (interrupted.length > 0) log.info('runs-interrupted', { runs: interrupted });
  for (const product of products) {
    await product.resume?.().catch((error: unknown) => log.error('resume-failed', { product: product.name, error }));
  }
}
