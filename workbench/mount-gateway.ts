// Mounts the gateway: the wires under /v1, what was spent under /api/costs, and who answers under /api/sources.

import { Hono } from 'hono';

import { createGuard, NO_SECRETS } from 'kernel/guard';
import { SPENDING_MIGRATIONS } from 'kernel/spending';

import { costRoutes } from './costs/routes.ts';
import { GATEWAY_MIGRATIONS } from './gateway/keys.ts';
import { gatewayRoutes } from './gateway/routes.ts';
import { createWires, type GatewayPorts } from './gateway/wires.ts';
import type { OpenProduct, ProductDeps, ProductDoor } from './products.ts';
import { SOURCE_MIGRATIONS } from './sources/kept-keys.ts';
import { sourceRoutes } from './sources/routes.ts';

/** A look at the usual ports takes a third of a second and delays nobody. */
const DISCOVERY_MS_MAX = 5000;

export const GATEWAY: ProductDoor = {
  migrations: [SPENDING_MIGRATIONS, GATEWAY_MIGRATIONS, SOURCE_MIGRATIONS],
  open: (deps) => Promise.resolve(openGateway(deps)),
};

function openGateway(deps: ProductDeps): OpenProduct {
  const { answering, journal, clock, tokens, people, closing, log } = deps;
  const { models, gatewayKeys, spending, kept } = answering;
  const ports: GatewayPorts = {
    models,
    guard: createGuard([NO_SECRETS], clock),
    keys: gatewayKeys,
    journal,
    clock,
    closing,
    async personOf(token) {
      const who = await tokens.whoIs(token);
      // What an owner's token spends is the owner's; visitors and others have no business here.
      if (who?.role === 'owner') return people.ownerId();
      return who?.role === 'member' ? who.id : undefined;
    },
  };
  const wires = createWires(ports);
  return {
    name: 'gateway',
    pages: { path: '/v1', routes: gatewayRoutes(ports, wires) },
    direct: [
      { path: '/v1/chat/completions', answer: wires.completions },
      { path: '/v1/messages', answer: wires.messages },
    ],
    async resume() {
      await models.discover(AbortSignal.timeout(DISCOVERY_MS_MAX));
      log.info('answers-come-from', { source: models.sourceText() });
    },
    routes: () =>
      new Hono()
        .route('/costs', costRoutes({ spending, clock }))
        .route('/sources', sourceRoutes({ ...answering, kept })),
    close: () => Promise.resolve(),
  };
}
