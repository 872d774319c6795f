// Opens what both the server and the commands stand on: the home, the store with all its tables, journal and work.

import { systemClock, type Clock, type Secret } from 'kernel/basics';
import { HTTP_MIGRATIONS } from 'kernel/http';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { openStore, type Store } from 'kernel/store';
import { createWork, WORK_MIGRATIONS, type Work } from 'kernel/work';

import type { Configuration } from './configuration/configuration.ts';
import { makeHome, secretOf } from './configuration/home-folder.ts';
import { PEOPLE_MIGRATIONS } from './people/tables.ts';
import { PRODUCTS } from './products.ts';

export interface Workbench {
  readonly store: Store;
  readonly journal: Journal;
  readonly work: Work;
  readonly clock: Clock;
  readonly secret: Secret;
}

const MIGRATIONS = [JOURNAL_MIGRATIONS, WORK_MIGRATIONS, HTTP_MIGRATIONS, PEOPLE_MIGRATIONS];

export async function openWorkbench(configuration: Configuration): Promise<Workbench> {
  makeHome(configuration.home);
  const secret = secretOf(configuration.home, configuration.secret);
  const clock = systemClock;
  const store = await openStore(configuration.databaseUrl, { clock });
  try {
    await store.migrate([...MIGRATIONS, ...PRODUCTS.flatMap((product) => product.migrations)]);
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
  return { store, journal: createJournal(store, clock), work: createWork(store, clock), clock, secret };
}
