import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseId, type RunId } from 'kernel/basics';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { foldEvents, TrialEvidence, type EventData, type EventKind } from '../protocol/index.ts';
import { evidenceFile, readEvidence } from './trial-evidence.ts';

const RUN = parseId<'run'>('0123456789abcdef') as RunId;
let home: string;
let folder: string;
const lock = (versions: Record<string, string>): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: Object.fromEntries(Object.entries(versions).map(([place, version]) => [place, { version }])),
  });
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'evidence-'));
  folder = join(home, 'runs', RUN, 'evidence', 't1');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(home, 'runs', RUN, 'baseline-lock.json'),
    lock({ 'node_modules/a': '1.0.0', 'node_modules/b': '1.0.0' }),
  );
  writeFileSync(join(folder, 'package-lock.json'), lock({ 'node_modules/a': '2.0.0', 'node_modules/b': '1.0.0' }));
  writeFileSync(join(folder, 'log.txt'), 'said\n');
  writeFileSync(join(folder, 'secret.txt'), 'not for anybody\n');
});
afterAll(() => rmSync(home, { recursive: true }));

let seq = 0;
const event = <Kind extends EventKind>(kind: Kind, data: EventData<Kind>) => ({
  run: RUN,
  seq: (seq += 1),
  at: '2026-01-01T00:00:00.000Z',
  kind,
  data,
});
const started = (trial: string) =>
  event('trial-started', { trial, number: 1, purpose: 'one-more', upgrades: ['a'], expectedMs: null });
const view = foldEvents([
  event('run-started', {
    project: '/p',
    name: 'p',
    origin: 'path',
    options: {
      tests: null,
      start: null,
      engines: 'maintained',
      maxMinutes: 30,
      includeUncommitted: false,
      unsafeHost: false,
    },
    sandbox: { backEnd: 'bubblewrap', unsafe: false, detail: 'memory: cgroup, network: none' },
    versions: { tandem: '1', node: '24', npm: '11' },
    environment: { architecture: 'x64', registry: 'https://registry.example/' },
  }),
  started('t1'),
  started('t2'),
]);
const asked = (trial: string) => ({ home, run: RUN, view, trial });

test('a trial tells what it installs otherwise than the project as it is, where it ran, and which files there are', async () => {
  const evidence = await readEvidence(asked('t1'));
  expect(evidence.files).toEqual(['package-lock.json', 'log.txt']);
  expect(evidence.lockfile).toEqual({
    kind: 'available',
    value: {
      changes: [{ name: 'a', place: 'node_modules/a', from: '1.0.0', to: '2.0.0', asked: true }],
      added: 0,
      removed: 0,
      changed: 1,
      same: 1,
    },
  });
  expect(evidence.environment).toMatchObject({
    kind: 'available',
    value: { node: '24', architecture: 'x64', sandbox: { limits: ['memory: cgroup', 'network: none'] } },
  });
  expect(TrialEvidence.safeParse(evidence).success).toBe(true);
});

test('a trial that left no lockfile has no empty difference, but a reason', async () => {
  expect((await readEvidence(asked('t2'))).lockfile).toEqual({
    kind: 'unavailable',
    reason: 'The trial still runs; its lockfile is kept when it ends.',
  });
});

const PNPM = (version: string) => `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: { specifier: ^1.0.0, version: ${version}(peer@1.0.0) }
packages:
  a@${version}: { resolution: { integrity: sha512-${version} } }
  '@s/b@1.0.0': { resolution: { integrity: sha512-b } }
`;
const PNPM_8 = (version: string) => `lockfileVersion: '6.0'
dependencies:
  a: { specifier: ^1.0.0, version: ${version}(peer@1.0.0) }
packages:
  /a@${version}(peer@1.0.0): { resolution: { integrity: sha512-${version} } }
  /@s/b@1.0.0: { resolution: { integrity: sha512-b } }
`;
const CLASSIC = (version: string) => `# yarn lockfile v1


a@^1.0.0:
  version "${version}"

"@s/b@^1.0.0", "@s/b@^1.0.1":
  version "1.0.0"
`;
const BERRY = (version: string) => `__metadata:
  version: 8

"a@npm:^1.0.0":
  version: ${version}
  resolution: "a@npm:${version}"

"@s/b@npm:^1.0.0, @s/b@npm:^1.0.1":
  version: 1.0.0
  resolution: "@s/b@npm:1.0.0"

"project@workspace:.":
  version: 0.0.0-use.local
  resolution: "project@workspace:."
`;

test.each([
  ['pnpm', 'pnpm-lock.yaml', PNPM],
  ['pnpm 8', 'pnpm-lock.yaml', PNPM_8],
  ['Yarn 1', 'yarn.lock', CLASSIC],
  ['Yarn', 'yarn.lock', BERRY],
])('a lockfile of %s, which tells no places, is compared by name and version', async (_title, name, text) => {
  const own = mkdtempSync(join(tmpdir(), 'evidence-'));
  const run = join(own, 'runs', RUN);
  mkdirSync(join(run, 'evidence', 't1'), { recursive: true });
  writeFileSync(join(run, 'baseline-lock.json'), text('1.0.0'));
  writeFileSync(join(run, 'evidence', 't1', name), text('1.2.0'));
  const evidence = await readEvidence({ ...asked('t1'), home: own });
  expect(evidence.lockfile).toEqual({
    kind: 'available',
    value: {
      changes: [{ name: 'a', place: '', from: '1.0.0', to: '1.2.0', asked: true }],
      added: 0,
      removed: 0,
      changed: 1,
      same: 1,
    },
  });
  expect(evidence.files).toEqual([name]);
  expect(evidence.treeHash === null).toBe(name === 'yarn.lock');
  rmSync(own, { recursive: true });
});

test('a lockfile that cannot be read has a difference that is not known rather than none', async () => {
  mkdirSync(join(home, 'runs', RUN, 'evidence', 't2'), { recursive: true });
  writeFileSync(join(home, 'runs', RUN, 'evidence', 't2', 'pnpm-lock.yaml'), 'lockfileVersion: 5\n');
  const ended = { ...view, trials: view.trials.map((trial) => ({ ...trial, state: 'finished' as const })) };
  const { files, lockfile } = await readEvidence({ ...asked('t2'), view: ended });
  expect(files).toEqual(['pnpm-lock.yaml']);
  expect(lockfile).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('pnpm') });
});

test('only files of the evidence are given out, by their names', async () => {
  expect(await evidenceFile(asked('t1'), 'log.txt')).toBe(join(folder, 'log.txt'));
  for (const name of ['secret.txt', '../../baseline-lock.json', 'verdict.json', '', '.']) {
    await expect(evidenceFile(asked('t1'), name)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
  }
  await expect(evidenceFile(asked('../t1'), 'log.txt')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});
