import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Secret } from 'kernel/basics';

import type { ManifestFile } from '../ecosystems/workspaces.ts';
import { NPM } from '../ecosystems/npm/npm.ts';
import { openTrialFolder, type TrialFolder } from './trial-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-trial-'));
  mkdirSync(join(folder, 'source'));
  writeFileSync(join(folder, 'source/package.json'), '{"old":true}');
  writeFileSync(join(folder, 'source/package-lock.json'), 'old lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TRIED: readonly ManifestFile[] = [{ place: '', text: '{"tried":true}' }];
const opened = (lockText: string | null = null, manifests = TRIED): Promise<TrialFolder> =>
  openTrialFolder('t1', {
    source: join(folder, 'source'),
    trials: join(folder, 'trials'),
    evidence: join(folder, 'evidence'),
    installer: NPM,
    allowedScripts: [],
    registry: 'https://registry.npmjs.org/',
    manifests,
    lockText,
    confined: true,
    rewrites: [],
  });
const evidence = (file: string): string => readFileSync(join(folder, 'evidence/t1', file), 'utf8');

test('a trial begins with the ranges in question and without the project’s lockfile, unless it is given one', async () => {
  const trial = await opened();
  expect(readdirSync(trial.project)).toEqual(['package.json']);
  expect(readFileSync(join(trial.project, 'package.json'), 'utf8')).toBe('{"tried":true}');
  expect(readdirSync((await opened('lock')).project).sort()).toEqual(['package-lock.json', 'package.json']);
});

test('the lockfile in the evidence is the one npm wrote, not what the project’s code put in its place', async () => {
  writeFileSync(join(folder, 'host-secret'), 'of the host');
  const trial = await opened();
  const lock = join(trial.project, 'package-lock.json');
  writeFileSync(lock, 'resolved');
  expect(await trial.takeLockfile()).toBe('resolved');
  rmSync(lock);
  symlinkSync(join(folder, 'host-secret'), lock);
  await trial.finish({ verdict: 'green' });
  expect(evidence('package-lock.json')).toBe('resolved');
  expect(readFileSync(join(folder, 'host-secret'), 'utf8')).toBe('of the host');
});

test('a lockfile that is a link is none', async () => {
  writeFileSync(join(folder, 'host-secret'), 'of the host');
  const trial = await opened();
  symlinkSync(join(folder, 'host-secret'), join(trial.project, 'package-lock.json'));
  expect(await trial.takeLockfile()).toBeNull();
});

test('evidence stays and the tree goes; the log keeps its order and no secret', async () => {
  const trial = await opened();
  const secret = new Secret('token-of-somebody');
  trial.hear('one\n');
  trial.hear(`${secret.reveal()}\n`);
  await trial.log('three\n');
  await trial.finish({ verdict: 'green' });
  expect(evidence('log.txt')).toBe(`one\n${String(secret)}\nthree\n`);
  expect(JSON.parse(evidence('verdict.json'))).toEqual({ verdict: 'green' });
  expect(readdirSync(join(folder, 'trials'))).toEqual([]);
});

test('files of the project that are gone are named, three of them; lockfiles and what is installed are not', async () => {
  for (const name of ['a.js', 'b.js', 'c.js', 'd.js', 'stays.js']) writeFileSync(join(folder, 'source', name), '');
  mkdirSync(join(folder, 'source/node_modules'));
  writeFileSync(join(folder, 'source/node_modules/x.js'), '');
  const trial = await opened();
  expect(await trial.missing()).toEqual([]);
  rmSync(join(trial.project, 'b.js'));
  expect(await trial.missing()).toEqual(['b.js']);
  for (const name of ['a.js', 'c.js', 'd.js']) rmSync(join(trial.project, name));
  expect(await trial.missing()).toHaveLength(3);
});

test('without its lockfile a project is also without what was installed, in every workspace', async () => {
  const manifests = ['', 'packages/a'].map((place) => ({ place, text: '{}' }));
  mkdirSync(join(folder, 'source/packages/a'), { recursive: true });
  writeFileSync(join(folder, 'source/packages/a/package.json'), '{}');
  const trial = await opened('lock', manifests);
  const installed = ['node_modules', 'packages/a/node_modules'].map((place) => join(trial.project, place));
  for (const place of installed) mkdirSync(place);
  expect(await trial.dropLockfile()).toBe(true);
  expect(installed.map((place) => existsSync(place))).toEqual([false, false]);
  expect(await trial.dropLockfile()).toBe(false);
});
