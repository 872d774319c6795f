// Mounts Atomic: the repositories that people look at in the console, read in a thread of their own.

import type { OpenProduct, ProductDoor } from './products.ts';
import { createRegistered } from './repositories/registered.ts';
import { repositoryRoutes } from './repositories/routes.ts';
import { REPOSITORY_MIGRATIONS } from './repositories/table.ts';
import { RepositoryThread } from './repositories/thread.ts';

export const ATOMIC: ProductDoor = {
  migrations: [REPOSITORY_MIGRATIONS],
  open: async ({ store, clock }): Promise<OpenProduct> => {
    const registered = createRegistered(store, clock);
    const thread = new RepositoryThread(clock);
    return {
      name: 'atomic',
      routes: (authorize) => repositoryRoutes({ registered, ask: thread.ask, authorize }),
      close: () => thread.close(),
    };
  },
};
