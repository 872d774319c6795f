import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { inspectProject } from './inspect-project.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tandem-inspect-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['nothing', {}, 'PROJECT_NOT_FOUND', 'wrong-use'],
  ['a broken manifest', { 'package.json': '{"name":' }, 'MANIFEST_UNREADABLE', 'wrong-use'],
  ['a lockfile of Yarn', { 'package.json': '{}', 'yarn.lock': '' }, 'LOCKFILE_OF_ANOTHER_TOOL', 'conflict'],
  ['a lockfile of pnpm', { 'package.json': '{}', 'pnpm-lock.yaml': '' }, 'LOCKFILE_OF_ANOTHER_TOOL', 'conflict'],
  ['a broken lockfile', { 'package.json': '{}', 'package-lock.json': '{"pack' }, 'LOCKFILE_UNREADABLE', 'wrong-use'],
  ['workspaces', { 'package.json': '{"workspaces":["a"]}' }, 'WORKSPACES_UNSUPPORTED', 'conflict'],
])('a folder with %s is refused with what, why and what next', async (_what, files, code, kind) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text ?? '');
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

test('an npm lockfile beside one of another tool is taken: npm would use it', async () => {
  for (const name of ['package.json', 'package-lock.json']) writeFileSync(join(folder, name), '{}');
  writeFileSync(join(folder, 'yarn.lock'), '');
  expect(await inspectProject(folder)).toMatchObject({ kind: 'project', project: { lockfile: 'package-lock.json' } });
});

test('the nearest repository above a project is found', async () => {
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'a/b'), { recursive: true });
  writeFileSync(join(folder, 'a/b/package.json'), '{}');
  expect(await inspectProject(join(folder, 'a/b'))).toMatchObject({ project: { git: { prefix: 'a/b' } } });
});
