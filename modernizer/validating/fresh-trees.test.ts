import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { NPM } from '../ecosystems/npm/npm.ts';
import { systemClock } from 'kernel/basics';
import type { Job, Outcome, Sandbox } from 'kernel/sandbox';

import { judgeFreshTrees } from './fresh-trees.ts';
import type { Steadiness } from './judge-suite.ts';
import type { Step } from './steps.ts';
import type { TrialPorts } from './take-step.ts';
import { openTrialFolder, type TrialFolder } from './trial-folder.ts';

const TEST: Step = { name: 'test', level: 4, command: 'npm test' };
const STEADY: Steadiness = { wavering: new Set(), flaky: false };
const limits = { installMs: 1000, stepMs: 1000, memoryBytesMax: 1 };
const FAILING = 'TAP version 13\nnot ok 1 - it adds\n1..1\n';

let root = '';
let folder: TrialFolder;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'tandem-fresh-'));
  mkdirSync(join(root, 'source'));
  writeFileSync(join(root, 'source/index.js'), 'as it was');
  folder = await openTrialFolder('t1', {
    source: join(root, 'source'),
    trials: join(root, 'trials'),
    evidence: join(root, 'evidence'),
    installer: NPM,
    allowedScripts: [],
    registry: 'http://127.0.0.1/',
    manifests: [{ place: '', text: '{}' }],
    lockText: null,
    confined: true,
    rewrites: [],
  });
  await folder.useLockfile('{"lockfileVersion":3,"packages":{}}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const ended = (code: number, output = ''): Outcome => ({
  kind: 'exited',
  code,
  stdout: output,
  stderr: '',
  output,
  wallMs: 1,
  memoryBytesPeak: null,
});

/** A machine on which `npm` and the suite end as told; every job is kept with the folder it ran in. */
function machine(
  answer: (job: Job, nth: { readonly install: number; readonly suite: number }) => Outcome,
  /** The first job ends once so many trees are open: those that can be open at once are. */
  meeting = 1,
) {
  const jobs: Job[] = [];
  const met = Promise.withResolvers<void>();
  const nth = { install: 0, suite: 0 };
  let atOnce = 0;
  let atOnceMost = 0;
  const sandbox: Sandbox = {
    confinement: {
      backEnd: 'bubblewrap',
      version: null,
      memory: 'none',
      processes: 'none',
      processor: 'nice',
      network: 'none-but-loopback',
      unsafe: false,
    },
    canLayer: () => Promise.resolve(false),
    close: () => Promise.resolve(),
    async run(job) {
      jobs.push(job);
      if (job.phase === 'install') nth.install += 1;
      else nth.suite += 1;
      // A tree is open from its installation to the end of its suite.
      atOnce += job.phase === 'install' ? 1 : 0;
      atOnceMost = Math.max(atOnceMost, atOnce);
      if (atOnce >= meeting) met.resolve();
      const outcome = answer(job, { ...nth });
      await met.promise;
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= job.phase === 'install' ? 0 : 1;
      return outcome;
    },
  };
  const ports: TrialPorts = {
    sandbox,
    clock: systemClock,
    signal: new AbortController().signal,
    cache: join(root, 'cache'),
    trees: {
      layered: false,
      make: () => Promise.reject(new Error('no tree is shared here')),
      resolved: new Map(),
      lockfileFor: () => Promise.resolve(null),
    },
    onStep: () => Promise.resolve(),
  };
  const judged = (lanes = 1, steadiness = STEADY) =>
    judgeFreshTrees(ports, folder, {
      steps: [TEST],
      steadiness,
      greenRunsWanted: 1,
      limits,
      knownTrees: new Map(),
      fresh: { trees: 5, lanes },
    });
  return { jobs, judged, atOnceMost: () => atOnceMost };
}

test('each of five trees is installed anew by npm, from the lockfile that was resolved, where nothing has run', async () => {
  const { jobs, judged } = machine((job) => {
    if (job.phase === 'install') {
      expect(readFileSync(join(job.project, 'index.js'), 'utf8')).toBe('as it was');
      expect(existsSync(join(job.project, 'left-behind'))).toBe(false);
      expect(readFileSync(join(job.project, 'package-lock.json'), 'utf8')).toBe('{"lockfileVersion":3,"packages":{}}');
    } else {
      writeFileSync(join(job.project, 'left-behind'), '');
      writeFileSync(join(job.project, 'index.js'), 'poison');
    }
    return ended(0);
  });
  expect(await judged()).toMatchObject({ verdict: { kind: 'green', passed: 5, of: 5 } });
  const installs = jobs.filter(({ phase }) => phase === 'install');
  expect(installs.map(({ argv }) => argv.slice(0, 2).join(' '))).toEqual(Array.from({ length: 5 }, () => 'npm ci'));
  expect(new Set(installs.map(({ project }) => project)).size).toBe(5);
  expect(jobs.every(({ layers = [] }) => layers.length === 0)).toBe(true);
  await folder.finish({});
  expect(installs.some(({ project }) => existsSync(project))).toBe(false);
});

test('each step tells the limits that it ran under, and a limit that no machine holds is not told as one', async () => {
  const levels = (await machine(() => ended(0)).judged())?.levels ?? [];
  expect(levels.filter(({ level }) => level === 1).map((step) => step.limits?.wallMs)).toEqual(
    Array.from({ length: 5 }, () => limits.installMs),
  );
  expect(levels.find(({ level }) => level === 4)).toMatchObject({
    limits: { wallMs: limits.stepMs, memoryBytes: null },
    memoryBytesPeak: null,
  });
});

test('as many trees are judged at once as there are lanes, and no more', async () => {
  const two = machine(() => ended(0), 2);
  expect(await two.judged(2)).toMatchObject({ verdict: { passed: 5, of: 5 } });
  expect(two.atOnceMost()).toBe(2);
  const one = machine(() => ended(0));
  await one.judged(1);
  expect(one.atOnceMost()).toBe(1);
});

test('a suite that wavers gets more trees, and is called flaky with the test by name', async () => {
  const { judged } = machine(({ phase }, { suite }) => (phase === 'run' && suite === 2 ? ended(1, FAILING) : ended(0)));
  const proof = await judged();
  expect(proof).toMatchObject({ verdict: { kind: 'flaky' }, quarantined: ['it adds'] });
});

test('a set that is red in fresh trees is not proven', async () => {
  const { judged } = machine(({ phase }) => (phase === 'run' ? ended(1, FAILING) : ended(0)));
  expect(await judged()).toMatchObject({ verdict: { kind: 'broken', passed: 0, of: 5 } });
});

test('a registry that does not answer is told as such, so that nobody is blamed', async () => {
  const silent = 'npm error code ECONNREFUSED\nnpm error connect\n';
  const { judged } = machine((_, { install }) => (install === 3 ? ended(1, silent) : ended(0)));
  expect(await judged()).toMatchObject({ resolver: { kind: 'registry-down' } });
});

test('where npm says that lockfile and manifest do not belong together it resolves them once more', async () => {
  const { jobs, judged } = machine(({ argv }) =>
    argv[1] === 'ci' ? ended(1, 'npm error code EUSAGE\nnpm error out of sync\n') : ended(0),
  );
  expect(await judged()).toMatchObject({ verdict: { kind: 'green', passed: 5, of: 5 } });
  expect(jobs.slice(0, 3).map(({ argv }) => argv[1])).toEqual(['ci', 'install', '-c']);
});

test('a proof that was stopped is as long as it got, and none where anything was red or nothing was run', async () => {
  const stoppedAt = (place: number, other: Outcome) =>
    machine(({ phase }, { suite }) => {
      if (phase === 'install') return ended(0);
      return suite === place ? { ...ended(0), kind: 'stopped' } : other;
    });
  expect(await stoppedAt(4, ended(0)).judged()).toMatchObject({ verdict: { kind: 'green', passed: 3, of: 3 } });
  expect(await stoppedAt(1, ended(0)).judged()).toBeNull();
  expect(await stoppedAt(3, ended(1, FAILING)).judged()).toBeNull();
});

test('a suite that reaches its limit is timed out, not broken', async () => {
  const { judged } = machine(({ phase }) =>
    phase === 'run' ? { ...ended(1), kind: 'timed-out', limitMs: 1000 } : ended(0),
  );
  expect(await judged()).toMatchObject({ verdict: { kind: 'timed-out' } });
});
