// Whole runs on fixture projects: a real store, a real git, a real npm against a registry on loopback. The code of
// the fixtures is ours and harmless, so it is run without confinement; what confines is tested in kernel/sandbox.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { systemClock, type RunId } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { openSandbox } from 'kernel/sandbox';
import { openStore, sqliteUrl, type Store } from 'kernel/store';
import { createWork, WORK_MIGRATIONS } from 'kernel/work';

import { PACKAGES, writeProject, type ProjectName } from '../../tests/fixture-projects/index.ts';
import { startLoopbackRegistry, type LoopbackRegistry } from '../../tests/loopback-registry/index.ts';
import { ModernizeOptions } from '../protocol/index.ts';
import { createModernizer, type Modernizer } from './modernizer.ts';

let folder = '';
let registry: LoopbackRegistry;
let store: Store;
let journal: Journal;
const never = new AbortController().signal;
// Each run starts npm many times over.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 30_000 });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-modernize-'));
  registry = await startLoopbackRegistry({ packages: PACKAGES });
  store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  await store.migrate([JOURNAL_MIGRATIONS, WORK_MIGRATIONS]);
  journal = createJournal(store, systemClock);
});
afterAll(async () => {
  await store.close();
  await registry.close();
  rmSync(folder, { recursive: true, force: true });
});

const modernizerWith = (seen: Journal, url = registry.url): Modernizer =>
  createModernizer({
    store,
    journal: seen,
    work: createWork(store, systemClock),
    clock: systemClock,
    home: join(folder, 'home'),
    registry: url,
    versions: { tandem: '0', node: process.versions.node, npm: '0' },
    holder: 'test',
    trialsAtOnce: 2,
    openSandbox: (run) => openSandbox({ registry: url, scratch: join(folder, 'scratch', run), backEnd: 'unsafe-host' }),
  });

async function begin(
  name: ProjectName,
  files: Readonly<Record<string, string>> = {},
): Promise<{ modernizer: Modernizer; run: RunId; path: string }> {
  const path = writeProject(mkdtempSync(join(folder, `${name}-`)), name);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(path, file), content);
  const modernizer = modernizerWith(journal);
  const started = await modernizer.start({
    project: { kind: 'path', path },
    // Without npm in between, which takes longer than the tests of these fixtures.
    options: ModernizeOptions.parse({ tests: 'node test.js' }),
    owner: 'me',
    startedBy: 'command',
  });
  if (started.kind !== 'started') throw new Error(started.kind);
  return { modernizer, run: started.run, path };
}

const named = (upgrades: readonly { readonly name: string }[]): readonly string[] =>
  upgrades.map(({ name }) => name).sort();

test('what works is kept, what breaks is refused with its cause, and the project itself is not touched', async () => {
  const { modernizer, run, path } = await begin('pair');
  const before = readdirSync(path).sort();
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const result = await modernizer.result(run);
  expect(named(result.kept)).toEqual(['good']);
  expect(result.refused).toMatchObject([{ name: 'breaking', from: '1.0.0', to: '2.0.0', verdict: { kind: 'broken' } }]);
  expect(result.refused[0]?.cause).toContain('breaking greets');
  expect(result.refused[0]?.cause).toContain('is not a function any more');
  expect(result.refused[0]?.where[0]).toMatch(/^test\.js:\d+$/);
  expect(readdirSync(path).sort()).toEqual(before);
  const log = ['log', '--format=%s', result.branch ?? ''];
  const subjects = execFileSync('git', log, { cwd: result.repository ?? '', encoding: 'utf8' });
  expect(subjects).toBe('Upgrade good from ^1.0.0 to ^2.0.0\nThe project as it was\n');
  expect(readFileSync(result.report ?? '', 'utf8')).toContain('breaking');
});

test('a second run on a project that is being upgraded is not started, and the first one is named', async () => {
  const { modernizer, run, path } = await begin('red');
  const again = {
    project: { kind: 'path', path },
    options: ModernizeOptions.parse({}),
    owner: 'me',
    startedBy: 'command',
  } as const;
  expect(await modernizer.start(again)).toMatchObject({ kind: 'already-running', run });
  const end = await modernizer.execute(run, never);
  expect(end).toMatchObject({ status: 'stopped', fault: null });
  expect((await modernizer.result(run)).baseline).toMatchObject({ kind: 'red' });
  expect(end.reason).toContain('was red before');
  expect((await modernizer.start(again)).kind).toBe('started');
});

test('where two ways are green a person chooses, and the choice is carried out', async () => {
  const { modernizer, run } = await begin('conflict');
  expect((await modernizer.execute(run, never)).status).toBe('needs-person');
  const [decision] = (await modernizer.result(run)).decisions;
  expect(decision?.question).toBe('Which upgrade do you want: host, or plugin?');
  await expect(modernizer.answer(run, decision?.id ?? '', 'neither', 'me')).rejects.toMatchObject({
    code: 'OPTION_UNKNOWN',
  });
  await modernizer.answer(run, decision?.id ?? '', 'take', 'me');
  await expect(modernizer.answer(run, decision?.id ?? '', 'keep', 'me')).rejects.toMatchObject({
    code: 'DECISION_NOT_OPEN',
  });
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const result = await modernizer.result(run);
  expect([named(result.kept), named(result.refused)]).toEqual([['plugin'], ['host']]);
});

test('a project is resolved among its own files, with its own npm settings', async () => {
  // Plugin 2 does not accept host 2 as its peer; the project asks npm to look away.
  const dependencies = { host: '^2.0.0', plugin: '^2.0.0' };
  const { modernizer, run } = await begin('conflict', {
    'package.json': JSON.stringify({ name: 'conflict', dependencies }),
    '.npmrc': 'legacy-peer-deps=true\n',
  });
  expect(await modernizer.execute(run, never)).toMatchObject({
    status: 'done',
    reason: 'Everything is up to date: there is nothing to upgrade.',
  });
});

test('a dependency from a git repository is named, and nobody is told to mend what works for them', async () => {
  const dependencies = { good: 'git+ssh://git@127.0.0.1:9/good.git' };
  const { modernizer, run } = await begin('pair', { 'package.json': JSON.stringify({ name: 'pair', dependencies }) });
  const end = await modernizer.execute(run, never);
  expect(end.reason).toContain('the git repository ssh://127.0.0.1:9/good.git, which the sandbox does not reach');
  expect((await modernizer.result(run)).next).toContain('take that dependency from the registry');
});

test('a registry that is down leaves the run resumable', async () => {
  const { run } = await begin('pair');
  const end = await modernizerWith(journal, 'http://127.0.0.1:9/').execute(run, never);
  expect(end).toMatchObject({ status: 'interrupted', fault: { code: 'REGISTRY_UNAVAILABLE' } });
  expect(await modernizerWith(journal).unattended('command')).toContain(run);
});

test('a run that loses its lease anywhere is finished by the next, which repeats no finished trial', async () => {
  const { run } = await begin('pair');
  let writesLeft = 4;
  const failing: Journal = {
    ...journal,
    append: async (...append) => {
      writesLeft -= 1;
      return writesLeft < 0 && append[1] !== null ? { kind: 'fenced-off' } : journal.append(...append);
    },
  };
  let losses = 0;
  while ((await modernizerWith(failing).execute(run, never)).status === 'interrupted') {
    losses += 1;
    writesLeft = 8 + losses;
  }
  expect(losses).toBeGreaterThan(2);
  const finished = (await journal.read(run, 0, 1000)).filter(({ kind }) => kind === 'trial-finished');
  const trials = finished.map(({ data }) => (data as { trial: string }).trial);
  expect(new Set(trials).size).toBe(trials.length);
  const result = await modernizerWith(journal).result(run);
  expect([result.status, result.reason, named(result.kept)]).toEqual(['done', null, ['good']]);
});
