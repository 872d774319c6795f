// Opens what asks models and what it costs: the ledger, the providers of the configuration with the keys added in the
// console, the routes that were set there, and the keys of the gateway.

import type { Clock, Secret } from 'kernel/basics';
import { createModels, type Models, type ProviderSettings, type Route } from 'kernel/models';
import { createSpending, type Spending } from 'kernel/spending';
import type { Store } from 'kernel/store';
import type { Log } from 'kernel/telemetry';
import { isProvablyDead, thisProcess, type ProcessIdentity } from 'kernel/work';

import { createGatewayKeys, type GatewayKeys } from './gateway/keys.ts';
import type { ProviderShown } from './protocol/index.ts';
import { createKeptKeys, masked, type KeptKeys } from './sources/kept-keys.ts';

export interface Answering {
  readonly models: Models;
  readonly spending: Spending;
  readonly gatewayKeys: GatewayKeys;
  readonly kept: KeptKeys;
  providers(): Promise<readonly ProviderShown[]>;
  /** Hands the keys and routes as they are now to the models. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface AnsweringParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly secret: Secret;
  readonly log: Log;
  readonly providers: readonly ProviderSettings[];
}

/** How often the lines of processes that are gone are looked for. */
const RECOVER_MS = 60_000;
const DAY_MS = 86_400_000;

export async function openAnswering({
  store,
  clock,
  secret,
  log,
  providers: configured,
}: AnsweringParts): Promise<Answering> {
  const spending = createSpending({
    store,
    clock,
    ...holderOptions(),
    onTrouble: (fault) => log.warn('spending-not-noted', { error: fault }),
  });
  const kept = createKeptKeys(store, clock, secret);
  const gatewayKeys = createGatewayKeys(store, clock);
  const models = createModels({ settings: await withKept(configured, kept), spending, clock, log });
  const reload = async (): Promise<void> => {
    models.configure(await withKept(configured, kept));
    const routes = await kept.routes();
    if (routes !== undefined) models.setRoutes(JSON.parse(routes) as readonly Route[]);
  };
  await reload();
  const closing = new AbortController();
  const recovering = recoverNowAndThen({ spending, clock, log }, closing.signal);
  return {
    models,
    spending,
    gatewayKeys,
    kept,
    reload,
    providers: () => shownProviders(configured, kept, clock),
    async close() {
      closing.abort();
      await recovering;
      await models.close();
      await spending.close();
    },
  };
}

/** Who this process is to the ledger, and who is certainly gone. */
export const holderOptions = () => ({ holder: JSON.stringify(thisProcess()), isGone });

function isGone(holder: string): boolean {
  return isProvablyDead(JSON.parse(holder) as ProcessIdentity);
}

async function recoverNowAndThen(
  { spending, clock, log }: { readonly spending: Spending; readonly clock: Clock; readonly log: Log },
  closing: AbortSignal,
): Promise<void> {
  while (!closing.aborted) {
    try {
      const lost = await spending.recover();
      if (lost > 0) log.info('attempts-recovered', { lost });
    } catch (error) {
      log.warn('attempts-not-recovered', { error });
    }
    await clock.sleep(RECOVER_MS, closing);
  }
}

async function withKept(configured: readonly ProviderSettings[], kept: KeptKeys): Promise<readonly ProviderSettings[]> {
  const added = await kept.list();
  return configured.map((settings) => ({
    ...settings,
    keys: [...settings.keys, ...added.filter(({ provider }) => provider === settings.provider).map(({ key }) => key)],
  }));
}

async function shownProviders(
  configured: readonly ProviderSettings[],
  kept: KeptKeys,
  clock: Clock,
): Promise<readonly ProviderShown[]> {
  const added = await kept.list();
  return configured.map(({ provider, keys, model, baseUrl }) => ({
    provider,
    model: model ?? null,
    baseUrl: baseUrl ?? null,
    variable: `${provider.toUpperCase()}_API_KEY`,
    keys: [
      ...keys.map((key) => ({ id: null, masked: masked(key.reveal()), addedAt: null, ageDays: null })),
      ...added
        .filter((key) => key.provider === provider)
        .map(({ id, masked: shown, addedAt }) => ({
          id,
          masked: shown,
          addedAt,
          ageDays: Math.floor((clock.now() - Date.parse(addedAt)) / DAY_MS),
        })),
    ],
  }));
}
