// LangGraph's own conformance suite, in full, on every database at hand.

import { deltaChannelHistoryTests, specTest } from '@langchain/langgraph-checkpoint-validation';
import { sql } from 'kysely';
import * as vitest from 'vitest';

import type { Store } from './store.ts';
import { DATABASES, temporaryStore, type DatabaseKind, type TemporaryDatabase } from './temporary-databases.ts';

// The suite was written for runners that put their words into the global scope.
const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } = vitest;
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it });

for (const kind of DATABASES) {
  specTest(initializerFor(kind, 'the workflow checkpoints'));
  deltaChannelHistoryTests(initializerFor(kind, 'the history of one channel'));
}

function initializerFor(kind: DatabaseKind, what: string) {
  let database: TemporaryDatabase;
  let store: Store;
  beforeAll(async () => {
    ({ store, database } = await temporaryStore(kind, []));
  });
  afterAll(() => database.remove());
  return {
    checkpointerName: `${what} on ${kind.name}`,
    async createCheckpointer() {
      await store.write(async (tx) => {
        for (const table of ['checkpoints', 'checkpoint_blobs', 'checkpoint_writes']) {
          await sql`delete from ${sql.table(table)}`.execute(tx);
        }
      });
      return store.checkpointer();
    },
  };
}
