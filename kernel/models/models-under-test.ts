// What the tests of the router stand on: wire fakes, a ledger in a temporary store, and callers.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Secret, systemClock, type Clock } from '../basics/index.ts';
import { createSpending, SPENDING_MIGRATIONS, type LedgerLine, type Spending } from '../spending/index.ts';
import { openStore, sqliteUrl } from '../store/index.ts';
import { createModels, type ModelsOptions } from './create-models.ts';
import type { Caller, Models, ProviderSettings } from './models.ts';
import { startWireFake, type WireBehaviour, type WireFake, type WireRequest } from './wire-fakes/index.ts';

export const CALLER: Caller = {
  person: 'anna',
  product: 'chat',
  run: null,
  key: null,
  audience: 'anna',
  toolsAreHarmless: true,
};

/** Keys that no other text has in it, so that one can look for them everywhere. */
export const KEY_A = 'planted-key-alpha-4711';
export const KEY_B = 'planted-key-bravo-4712';

export interface UnderTest {
  readonly models: Models;
  readonly spending: Spending;
  readonly fake: WireFake;
  lines(): Promise<readonly LedgerLine[]>;
  close(): Promise<void>;
}

export interface Plan {
  readonly script: (request: WireRequest) => WireBehaviour;
  readonly settings?: (fake: WireFake) => readonly ProviderSettings[];
  readonly clock?: Clock;
  readonly options?: Partial<ModelsOptions>;
}

export const setting = (
  provider: ProviderSettings['provider'],
  baseUrl: string,
  keys: readonly string[] = [KEY_A],
  model?: string,
): ProviderSettings => ({ provider, baseUrl, keys: keys.map((key) => new Secret(key)), model });

/** Anthropic first, then OpenAI; both are the same fake. */
const twoProviders = (fake: WireFake): readonly ProviderSettings[] => [
  setting('anthropic', fake.url, [KEY_A]),
  setting('openai', fake.url, [KEY_B]),
];

export async function underTest({
  script,
  settings = twoProviders,
  clock = systemClock,
  options,
}: Plan): Promise<UnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-models-'));
  const store = await openStore(sqliteUrl(join(folder, 'models.db')));
  await store.migrate([SPENDING_MIGRATIONS]);
  const spending = createSpending({ store, clock, holder: 'test', isGone: () => false });
  const fake = await startWireFake(script);
  const models = createModels({
    settings: settings(fake),
    spending,
    clock,
    random: () => 0,
    limits: { coolingMs: 20 },
    ...options,
  });
  return {
    models,
    spending,
    fake,
    lines: async () => (await spending.lines({}, { limit: 100 })).lines.toReversed(),
    async close() {
      await models.close();
      await spending.close();
      await fake.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
