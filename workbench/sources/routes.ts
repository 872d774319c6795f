// Sources over HTTP: who answers, over which legs, by which routes; keys of providers, and keys of the gateway.
// Rule: a key goes in and never comes out again. What is changed here counts from the next call on, without a restart.

import { Hono } from 'hono';

import { microdollars, Secret } from 'kernel/basics';
import { validated } from 'kernel/http';
import type { Models, Route } from 'kernel/models';
import type { Spending } from 'kernel/spending';

import type { GatewayKeys } from '../gateway/keys.ts';
import {
  GatewayKeyList,
  IssuedGatewayKey,
  GatewayKeyDraft,
  ProviderKeyDraft,
  Routes,
  Sources,
  type ProviderShown,
} from '../protocol/index.ts';
import { authorize, personOf, type ServerEnv } from '../server/context.ts';
import { described } from '../server/openapi.ts';
import { providerKeyUnknown } from './faults.ts';
import type { KeptKeys } from './kept-keys.ts';

export interface SourcePorts {
  readonly models: Models;
  readonly kept: KeptKeys;
  readonly gatewayKeys: GatewayKeys;
  readonly spending: Spending;
  /** Providers as they are set, with the keys of both kinds, masked. */
  providers(): Promise<readonly ProviderShown[]>;
  /** Reads keys and routes again and hands them to the models. */
  reload(): Promise<void>;
}

const tag = 'Sources';
const DISCOVERY_MS_MAX = 5000;

export function sourceRoutes(ports: SourcePorts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.use(authorize('owner', 'member'));
  addReading(routes, ports);
  addKeys(routes, ports);
  return routes;
}

async function shownSources({ models, providers }: Pick<SourcePorts, 'models' | 'providers'>) {
  return {
    text: models.sourceText(),
    providers: [...(await providers())],
    legs: [...models.legs()],
    routes: models.routes().map((route) => ({ ...route, targets: [...route.targets] })),
    models: models.catalogue().map(({ id, kind, provider }) => ({ id, kind, provider })),
  };
}

function addReading(routes: Hono<ServerEnv>, ports: SourcePorts): void {
  routes.get('/', described({ summary: 'Who answers, and how well', tag, answer: Sources }), async (context) =>
    context.json((await shownSources(ports)) as never),
  );
  routes.put(
    '/routes',
    described({ summary: 'Which legs answer to a name, and in which order', tag, answer: Routes }),
    authorize('owner'),
    validated('json', Routes),
    async (context) => {
      const body = context.req.valid('json');
      // The models check the options of each provider; only what they accept is kept.
      ports.models.setRoutes(body.routes as readonly Route[]);
      await ports.kept.setRoutes(JSON.stringify(body.routes));
      return context.json({ routes: ports.models.routes() as never });
    },
  );
  routes.post(
    '/discover',
    described({ summary: 'Looks for servers of models on this machine', tag, answer: Sources }),
    authorize('owner'),
    async (context) => {
      await ports.models.discover(AbortSignal.timeout(DISCOVERY_MS_MAX));
      return context.json((await shownSources(ports)) as never);
    },
  );
}

function addKeys(routes: Hono<ServerEnv>, { kept, gatewayKeys, spending, reload }: SourcePorts): void {
  routes.post(
    '/keys',
    described({ summary: 'Adds a key of a provider to its pool', tag }),
    authorize('owner'),
    validated('json', ProviderKeyDraft),
    async (context) => {
      const { provider, key } = context.req.valid('json');
      const id = await kept.add(provider, new Secret(key.trim()), personOf(context).name);
      await reload();
      return context.json({ id }, 201);
    },
  );
  routes.delete(
    '/keys/:id',
    described({ summary: 'Removes a key that was added here', tag }),
    authorize('owner'),
    async (context) => {
      if (!(await kept.remove(context.req.param('id')))) throw providerKeyUnknown(context.req.param('id'));
      await reload();
      return context.body(null, 204);
    },
  );
  routes.get(
    '/gateway-keys',
    described({ summary: 'Keys with which other tools call', tag, answer: GatewayKeyList }),
    authorize('owner'),
    async (context) => context.json({ keys: [...(await gatewayKeys.list())] }),
  );
  routes.post(
    '/gateway-keys',
    described({ summary: 'Makes a key of the gateway; it is shown once', tag, answer: IssuedGatewayKey }),
    authorize('owner'),
    validated('json', GatewayKeyDraft),
    async (context) => {
      const { name, budgetMicroUsd } = context.req.valid('json');
      const issued = await gatewayKeys.issue(personOf(context).id, name);
      if (budgetMicroUsd != null) {
        const limitMicroUsd = microdollars(budgetMicroUsd);
        await spending.setBudget({ scope: 'key', subject: issued.id, period: 'total', limitMicroUsd, note: name });
      }
      return context.json(issued, 201, { 'cache-control': 'no-store' });
    },
  );
  routes.delete(
    '/gateway-keys/:id',
    described({ summary: 'Takes a key back', tag }),
    authorize('owner'),
    async (context) => {
      await gatewayKeys.revoke(context.req.param('id'));
      return context.body(null, 204);
    },
  );
}
