// Mounts Atomic: the repositories that people look at in the console and exchange patches with, each in a thread of its
// own, so that the server answers others meanwhile.

import type { OpenProduct, ProductDoor } from './products.ts';
import { ExchangeThread } from './repositories/exchange-thread.ts';
import { createRegistered } from './repositories/registered.ts';
import { remoteOf } from './repositories/remote.ts';
import { repositoryRoutes } from './repositories/routes.ts';
import { REPOSITORY_MIGRATIONS } from './repositories/table.ts';
import { RepositoryThread } from './repositories/thread.ts';

export const ATOMIC: ProductDoor = {
  migrations: [REPOSITORY_MIGRATIONS],
  open: async ({ store, clock }): Promise<OpenProduct> => {
    const registered = createRegistered(store, clock);
    const thread = new RepositoryThread(clock);
    const exchange = new ExchangeThread();
    return {
      name: 'atomic',
      routes: (authorize) => repositoryRoutes({ registered, ask: thread.ask, authorize }),
      remote: { path: '/atomic/v1', answer: remoteOf(registered, exchange) },
      async close() {
        await Promise.all([thread.close(), exchange.close()]);
      },
    };
  },
};
