import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { inspectProject } from './inspect-project.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tandem-inspect-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string | undefined>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text ?? '');
  }
}

test.each([
  ['nothing', {}, 'PROJECT_NOT_FOUND', 'wrong-use'],
  ['a broken manifest', { 'package.json': '{"name":' }, 'MANIFEST_UNREADABLE', 'wrong-use'],
  ['a lockfile of Bun', { 'package.json': '{}', 'bun.lock': '' }, 'LOCKFILE_OF_ANOTHER_TOOL', 'conflict'],
  [
    'a half-written lockfile of pnpm',
    { 'package.json': '{}', 'pnpm-lock.yaml': 'a: [' },
    'LOCKFILE_UNREADABLE',
    'wrong-use',
  ],
  [
    'an old lockfile of pnpm',
    { 'package.json': '{}', 'pnpm-lock.yaml': 'lockfileVersion: 5.4\n' },
    'LOCKFILE_UNREADABLE',
    'wrong-use',
  ],
  [
    'lockfiles of two tools',
    { 'package.json': '{}', 'package-lock.json': '{}', 'yarn.lock': '' },
    'LOCKFILES_OF_SEVERAL_TOOLS',
    'conflict',
  ],
  [
    'Plug’n’Play',
    { 'package.json': '{}', 'yarn.lock': '__metadata:\n  version: 8\n' },
    'PLUG_AND_PLAY_UNSUPPORTED',
    'conflict',
  ],
  ['a broken lockfile', { 'package.json': '{}', 'package-lock.json': '{"pack' }, 'LOCKFILE_UNREADABLE', 'wrong-use'],
  [
    'a workspace with a broken manifest',
    { 'package.json': '{"workspaces":["a"]}', 'a/package.json': '{' },
    'MANIFEST_UNREADABLE',
    'wrong-use',
  ],
  [
    'two workspaces of one name',
    { 'package.json': '{"workspaces":["*"]}', 'a/package.json': '{"name":"x"}', 'b/package.json': '{"name":"x"}' },
    'WORKSPACES_WRONG',
    'wrong-use',
  ],
  ['workspaces that lead out', { 'package.json': '{"workspaces":["../*"]}' }, 'WORKSPACES_WRONG', 'wrong-use'],
  ['workspaces that are no list', { 'package.json': '{"workspaces":7}' }, 'WORKSPACES_WRONG', 'wrong-use'],
])('a folder with %s is refused with what, why and what next', async (_what, files, code, kind) => {
  write(files);
  const inspection = await inspectProject(folder);
  if (inspection.kind !== 'refused') throw new Error('It was taken.');
  const { fault } = inspection;
  expect([fault.code, fault.about.kind]).toEqual([code, kind]);
  for (const part of [fault.what, fault.why, fault.next]) expect(part).toMatch(/\S.*\S/);
});

test.each([
  ['a path where nothing is', 'missing'],
  ['a file', 'file'],
])('%s is no project', async (_what, name) => {
  writeFileSync(join(folder, 'file'), '');
  expect(await inspectProject(join(folder, name))).toMatchObject({
    kind: 'refused',
    fault: { code: 'PROJECT_NOT_FOUND' },
  });
});

test('of lockfiles of several tools the one is taken that a person names, or the manifest', async () => {
  write({ 'package.json': '{}', 'package-lock.json': '{}', 'yarn.lock': '' });
  const taken = { kind: 'project', project: { lockfile: 'yarn.lock', installer: { name: 'yarn-classic' } } };
  expect(await inspectProject(folder, 'yarn')).toMatchObject(taken);
  expect(await inspectProject(folder, 'npm')).toMatchObject({ project: { lockfile: 'package-lock.json' } });
  write({ 'package.json': '{"packageManager":"yarn@1.22.22"}' });
  expect(await inspectProject(folder)).toMatchObject(taken);
});

test('a project without a lockfile is of the tool that its other files are of', async () => {
  write({ 'package.json': '{}' });
  expect(await inspectProject(folder)).toMatchObject({ project: { lockfile: null, installer: { name: 'npm' } } });
  write({
    'pnpm-workspace.yaml': 'packages:\n  - a/*\n  - "!a/no"\n',
    'a/x/package.json': '{}',
    'a/no/package.json': '{}',
  });
  expect(await inspectProject(folder)).toMatchObject({
    project: { lockfile: null, installer: { name: 'pnpm' }, manifests: [{ place: '' }, { place: 'a/x' }] },
  });
});

test('workspaces are found by their patterns, each once, and never through a link or in installed packages', async () => {
  write({
    'package.json': '{"workspaces":{"packages":["./packages/*/","packages/**","tools"]}}',
    'packages/b/package.json': '{"name":"b"}',
    'packages/a/package.json': '{"name":"a"}',
    'packages/a/node_modules/c/package.json': '{"name":"c"}',
    'packages/empty/readme.md': '',
    'tools/package.json': '{"name":"tools"}',
    'other/package.json': '{"name":"other"}',
  });
  symlinkSync('../other', join(folder, 'packages/link'));
  const inspection = await inspectProject(folder);
  if (inspection.kind === 'refused') throw inspection.fault;
  expect(inspection.project.manifests.map(({ place }) => place)).toEqual(['', 'packages/a', 'packages/b', 'tools']);
});

test('a manifest that is a link out of the project is none of it', async () => {
  write({ 'secret.json': '{"name":"of the host"}', 'project/readme.md': '' });
  symlinkSync('../secret.json', join(folder, 'project/package.json'));
  expect(await inspectProject(join(folder, 'project'))).toMatchObject({ fault: { code: 'PROJECT_NOT_FOUND' } });
});

test('the nearest repository above a project is found', async () => {
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/package.json'), '{}');
  expect(await inspectProject(join(folder, 'a/b'))).toMatchObject({ project: { git: { prefix: 'a/b' } } });
});
