// Mounts the Modernizer: hands it what it needs, works on its runs in this server, and adds its commands.

import { availableParallelism, hostname } from 'node:os';

import type { RunId } from 'kernel/basics';
import { openSandbox, readHostNpmSettings } from 'kernel/sandbox';
import {
  createModernizer,
  createSchedules,
  modernizerRoutes,
  PRODUCT,
  SCHEDULE_MIGRATIONS,
  watchSchedules,
  type Modernizer,
  type ModernizerPorts,
  type Schedules,
} from 'modernizer';

import { npmVersion } from './machine.ts';
import type { OpenProduct, ProductDeps, ProductDoor } from './products.ts';
import { personOf, type Authorize } from './server/context.ts';

export const MODERNIZER: ProductDoor = {
  migrations: [SCHEDULE_MIGRATIONS],
  open: (deps) => Promise.resolve(openModernizer(deps)),
};

export type ModernizerDeps = Pick<
  ProductDeps,
  'store' | 'journal' | 'work' | 'clock' | 'home' | 'registry' | 'sandbox' | 'tandemVersion'
>;

export const modernizerPorts = (deps: ModernizerDeps): ModernizerPorts => ({
  ...deps,
  registryAuthorization: readHostNpmSettings(new URL(deps.registry), process.env).authorization,
  versions: { tandem: deps.tandemVersion, node: process.versions.node, npm: npmVersion() ?? 'unknown' },
  holder: `process ${process.pid} on ${hostname()}`,
  trialsAtOnce: availableParallelism(),
  openSandbox: (_run, unsafeHost) =>
    openSandbox(unsafeHost ? { ...deps.sandbox, backEnd: 'unsafe-host' } : deps.sandbox),
});

function openModernizer(deps: ProductDeps): OpenProduct {
  const { store, clock, log } = deps;
  const modernizer = createModernizer(modernizerPorts(deps));
  const schedules = createSchedules({ store, clock, modernizer });
  let watching = Promise.resolve();
  const down = new AbortController();
  const working = new Map<RunId, Promise<void>>();
  const launch = (run: RunId): void => {
    if (working.has(run) || down.signal.aborted) return;
    const work = workOn(deps, modernizer, { run, down: down.signal }).finally(() => working.delete(run));
    working.set(run, work);
  };
  return {
    name: PRODUCT,
    routes: (authorize) => routes({ modernizer, schedules, launch }, authorize),
    async resume() {
      for (const run of await modernizer.unattended('server')) launch(run);
      const failed = (error: unknown): void => log.warn('schedules-not-looked-at', { error });
      watching = watchSchedules({ schedules, clock, down: down.signal, launch, failed });
    },
    async stop(run, by) {
      await modernizer.stop(run, by);
      return true;
    },
    async close() {
      down.abort();
      await watching;
      await Promise.all(working.values());
    },
  };
}

interface Mounted {
  readonly modernizer: Modernizer;
  readonly schedules: Schedules;
  launch(run: RunId): void;
}

const routes = (mounted: Mounted, authorize: Authorize) =>
  modernizerRoutes({
    ...mounted,
    readerOf(context) {
      const { id, role } = personOf(context);
      return { id, seesAll: role === 'owner' };
    },
    mayAct: authorize('owner'),
    mayRead: authorize('owner', 'member'),
  });

interface Working {
  readonly run: RunId;
  readonly down: AbortSignal;
}

/** Whatever comes of it is in the journal; the log has it for whoever looks after the server. */
async function workOn({ log }: ProductDeps, modernizer: Modernizer, { run, down }: Working): Promise<void> {
  try {
    const { status, reason } = await modernizer.execute(run, down);
    log.info('run-left', { run, status, reason });
  } catch (error) {
    log.error('run-not-executed', { run, error });
  }
}
