// What products are handed, opened once: by the server, and by whoever works without one.

import { join } from 'node:path';

import type { Log, Metrics } from 'kernel/telemetry';

import type { Configuration } from './configuration/configuration.ts';
import { CHECKOUT, tandemVersion } from './machine.ts';
import { openAnswering } from './open-models.ts';
import type { Workbench } from './open-workbench.ts';
import { createPeople } from './people/people.ts';
import { createTokens } from './people/tokens.ts';
import type { ProductDeps } from './products.ts';

export interface Opening {
  readonly workbench: Workbench;
  readonly configuration: Configuration;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Aborts when everything ends. */
  readonly closing: AbortSignal;
}

/** Close its `answering` after the products. */
export async function openProductDeps({ workbench, configuration, log, metrics, closing }: Opening) {
  const { store, clock, secret } = workbench;
  const { home, registry, url, providers } = configuration;
  return {
    ...workbench,
    home,
    registry,
    log,
    metrics,
    closing,
    sandbox: { registry, scratch: join(home, 'sandbox') },
    tandemVersion: tandemVersion(),
    answering: await openAnswering({ store, clock, secret, log, providers }),
    people: createPeople({ store, secret, isHttps: url?.startsWith('https:') === true }),
    tokens: createTokens(store, clock, secret),
    chatFiles: join(CHECKOUT, '.build', 'chat'),
  } satisfies ProductDeps;
}
