import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { named, openStage, type Stage } from '../../tests/fixture-projects/stage.ts';

// Each run starts npm many times over.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const never = new AbortController().signal;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('what works is kept, what breaks is refused with its cause, and the project itself is not touched', async () => {
  const { modernizer, run, path } = await stage.begin('pair');
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

test('what is red for a changed shape is kept with the change of code that follows, in a commit of its own', async () => {
  const { modernizer, run, path } = await stage.begin('mendable');
  const before = readFileSync(join(path, 'index.js'), 'utf8');
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const { kept, branch, repository, report, proof } = await modernizer.result(run);
  expect(named(kept)).toEqual(['callable']);
  expect(kept[0]).toMatchObject({
    to: '2.0.0',
    verdict: { kind: 'green' },
    rewrite: { files: [{ path: 'index.js' }] },
  });
  expect(kept[0]?.rewrite?.sentence).toContain('callable');
  expect(proof).toMatchObject({ kind: 'green', passed: 5, of: 5 });
  const show = ['show', '--format=%B', '--unified=0', branch ?? ''];
  const commit = execFileSync('git', show, { cwd: repository ?? '', encoding: 'utf8' });
  expect(commit).toContain('Without a change of code it is red:');
  expect(commit).toContain("+const callable = require('callable').callable;");
  expect(commit).toContain('+    "callable": "^2.0.0"');
  expect(readFileSync(join(path, 'index.js'), 'utf8')).toBe(before);
  expect(readFileSync(report ?? '', 'utf8')).toContain('Kept with a change of code');
});

test('a second run on a project that is being upgraded is not started, and the first one is named', async () => {
  const { modernizer, run, path } = await stage.begin('red');
  const again = stage.request(path);
  expect(await modernizer.start(again)).toMatchObject({ kind: 'already-running', run });
  const end = await modernizer.execute(run, never);
  expect(end).toMatchObject({ status: 'stopped', fault: null });
  expect((await modernizer.result(run)).baseline).toMatchObject({ kind: 'red' });
  expect(end.reason).toContain('was red before');
  expect((await modernizer.start(again)).kind).toBe('started');
});

test('a registry that is down leaves the run resumable', async () => {
  const { run } = await stage.begin('pair');
  const end = await stage.modernizerWith(stage.journal, 'http://127.0.0.1:9/').execute(run, never);
  expect(end).toMatchObject({ status: 'interrupted', fault: { code: 'REGISTRY_UNAVAILABLE' } });
  expect(await stage.modernizerWith(stage.journal).unattended('command')).toContain(run);
});

test('a project with uncommitted changes fails with the files by name, and has a report that says so', async () => {
  const { modernizer, run, path } = await stage.begin('red');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: path, stdio: 'ignore' });
  git('init');
  git('add', 'package.json');
  git('-c', 'user.name=T', '-c', 'user.email=t@localhost', 'commit', '--message', 'Begin');
  expect(await modernizer.execute(run, never)).toMatchObject({ status: 'failed', fault: { code: 'PROJECT_DIRTY' } });
  const { report, reason } = await modernizer.result(run);
  expect(reason).toContain('index.js, test.js');
  expect(readFileSync(report ?? '', 'utf8')).toContain('index.js, test.js');
});
