import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parseId, type RunId } from 'kernel/basics';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { foldEvents, TrialEvidence, type EventData, type EventKind } from '../protocol/index.ts';
import { evidenceFile, lockfileDifference, readEvidence } from './trial-evidence.ts';

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

test('what is asked for stands first, and what is deep in the tree is told by its place', () => {
  const before = new Map([['node_modules/z', '1.0.0']]);
  const after = new Map([
    ['node_modules/b/node_modules/z', '3.0.0'],
    ['node_modules/z', '2.0.0'],
  ]);
  const { changes, added, changed } = lockfileDifference(before, after, ['z']);
  expect(changes.map(({ place, asked }) => [place, asked])).toEqual([
    ['node_modules/z', true],
    ['node_modules/b/node_modules/z', false],
  ]);
  expect([added, changed]).toEqual([1, 1]);
  expect(changes[1]).toMatchObject({ name: 'z', from: null, to: '3.0.0' });
});

test('a trial that left no lockfile has no empty difference, but a reason', async () => {
  expect((await readEvidence(asked('t2'))).lockfile).toEqual({
    kind: 'unavailable',
    reason: 'The trial still runs; its lockfile is kept when it ends.',
  });
});

test('the lockfile of another tool is given out, and its difference is not known rather than none', async () => {
  mkdirSync(join(home, 'runs', RUN, 'evidence', 't2'), { recursive: true });
  writeFileSync(join(home, 'runs', RUN, 'evidence', 't2', 'pnpm-lock.yaml'), 'lockfileVersion: 9\n');
  const { files, lockfile } = await readEvidence(asked('t2'));
  expect(files).toEqual(['pnpm-lock.yaml']);
  expect(lockfile).toMatchObject({ kind: 'unavailable', reason: expect.stringContaining('pnpm-lock.yaml') });
});

test('only files of the evidence are given out, by their names', async () => {
  expect(await evidenceFile(asked('t1'), 'log.txt')).toBe(join(folder, 'log.txt'));
  for (const name of ['secret.txt', '../../baseline-lock.json', 'verdict.json', '', '.']) {
    await expect(evidenceFile(asked('t1'), name)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
  }
  await expect(evidenceFile(asked('../t1'), 'log.txt')).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});
