// A stage for whole runs: a real store, a real git, and a real npm against a registry on loopback.
// The code of the fixtures is ours and harmless, so it is run without confinement; what confines is tested in
// kernel/sandbox and in the journeys.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { systemClock, type RunId } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { openSandbox } from 'kernel/sandbox';
import { openStore, sqliteUrl } from 'kernel/store';
import { createWork, WORK_MIGRATIONS } from 'kernel/work';
import { createModernizer, type Modernizer, type StartRequest } from 'modernizer';
import { ModernizeOptions } from 'modernizer/protocol';

import { startLoopbackRegistry } from '../loopback-registry/index.ts';
import { PACKAGES, writeProject, type ProjectName } from './index.ts';

interface Begun {
  readonly modernizer: Modernizer;
  readonly run: RunId;
  readonly path: string;
}

export interface Stage {
  readonly journal: Journal;
  /** A Modernizer that sees this journal, and another registry if one is named. */
  modernizerWith(journal: Journal, registry?: string): Modernizer;
  begin(name: ProjectName): Promise<Begun>;
  request(path: string): StartRequest;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-stage-'));
  const registry = await startLoopbackRegistry({ packages: PACKAGES });
  const store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  await store.migrate([JOURNAL_MIGRATIONS, WORK_MIGRATIONS]);
  const journal = createJournal(store, systemClock);
  const work = createWork(store, systemClock);
  const modernizerWith = (seen: Journal, url = registry.url): Modernizer =>
    createModernizer({
      store,
      journal: seen,
      work,
      clock: systemClock,
      home: join(folder, 'home'),
      registry: url,
      registryAuthorization: null,
      versions: { tandem: '0', node: process.versions.node, npm: '0' },
      holder: 'test',
      trialsAtOnce: 2,
      openSandbox: (run) =>
        openSandbox({ registry: url, scratch: join(folder, 'scratch', run), backEnd: 'unsafe-host' }),
    });
  const request = (path: string): StartRequest => ({
    project: { kind: 'path', path },
    // Without npm in between, which takes longer than the tests of these fixtures.
    options: ModernizeOptions.parse({ tests: 'node test.js' }),
    owner: 'me',
    startedBy: 'command',
  });
  return {
    journal,
    modernizerWith,
    request,
    async begin(name) {
      const path = writeProject(mkdtempSync(join(folder, `${name}-`)), name);
      const modernizer = modernizerWith(journal);
      const started = await modernizer.start(request(path));
      if (started.kind !== 'started') throw new Error(started.kind);
      return { modernizer, run: started.run, path };
    },
    async close() {
      await store.close();
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const named = (upgrades: readonly { readonly name: string }[]): readonly string[] =>
  upgrades.map(({ name }) => name).sort();
