import { execFileSync } from 'node:child_process';
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

import { openGit, type Git } from '../ecosystems/git.ts';
import { copyProject, type Copying } from './copy-project.ts';
import { inspectProject } from './inspect-project.ts';

let scratch = '';
let git: Git;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'tandem-copy-'));
  git = await openGit(join(scratch, 'home'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

const theirs = (folder: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@localhost', ...args], {
    cwd: folder,
    encoding: 'utf8',
  });

function project(name: string, files: Record<string, string> = {}): string {
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ 'package.json': '{"name":"p"}', ...files }))
    writeFileSync(join(folder, file), text);
  return folder;
}

function committed(name: string, files: Record<string, string> = {}): string {
  const folder = project(name, files);
  theirs(folder, 'init', '--quiet');
  theirs(folder, 'add', '--all');
  theirs(folder, 'commit', '--quiet', '--message', 'Begin');
  return folder;
}

async function copy(folder: string, includeUncommitted = false): Promise<Copying & { readonly target: string }> {
  const inspection = await inspectProject(folder);
  if (inspection.kind === 'refused') throw inspection.fault;
  const target = join(scratch, 'copy');
  return { ...(await copyProject(git, inspection.project, target, includeUncommitted)), target };
}

test('a clean repository is copied with its history, and the tree stays untouched', async () => {
  const folder = committed('clean', { 'a.js': '1' });
  const before = theirs(folder, 'rev-parse', 'HEAD').trim();
  const copying = await copy(folder);
  expect(copying).toMatchObject({ kind: 'copied', copy: { baseCommit: before, prefix: '', fromGit: true } });
  expect(readFileSync(join(copying.target, 'a.js'), 'utf8')).toBe('1');
  expect(theirs(folder, 'status', '--porcelain')).toBe('');
});

test('a repository with changes is refused with the files by name, and taken when asked', async () => {
  const folder = committed('dirty', { 'a.js': '1' });
  writeFileSync(join(folder, 'a.js'), '2');
  writeFileSync(join(folder, 'new.js'), '3');
  const refused = await copy(folder);
  expect(refused.kind === 'refused' ? refused.fault.why : '').toMatch(/2 files differ.*a\.js, new\.js/);
  const taken = await copy(folder, true);
  expect(taken.kind).toBe('copied');
  expect(readFileSync(join(taken.target, 'a.js'), 'utf8')).toBe('2');
  expect(readFileSync(join(taken.target, 'new.js'), 'utf8')).toBe('3');
  expect(theirs(folder, 'status', '--porcelain')).toBe(' M a.js\n?? new.js\n');
});

test('installed packages make no tree dirty and are never copied', async () => {
  const folder = committed('installed');
  mkdirSync(join(folder, 'node_modules/x'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/x/index.js'), '');
  const copying = await copy(folder);
  expect(copying.kind).toBe('copied');
  expect(existsSync(join(copying.target, 'node_modules'))).toBe(false);
});

test('no command from the configuration of the project is ever run', async () => {
  const folder = committed('hostile', { 'a.js': '1', '.gitattributes': '*.js filter=evil' });
  const canary = join(scratch, 'canary');
  for (const [key, value] of Object.entries({
    'core.fsmonitor': `touch ${canary}`,
    'filter.evil.clean': `touch ${canary}; cat`,
    'filter.evil.smudge': `touch ${canary}; cat`,
    'core.hooksPath': join(folder, 'hooks'),
  })) {
    theirs(folder, 'config', key, value);
  }
  mkdirSync(join(folder, '.git/hooks'), { recursive: true });
  writeFileSync(join(folder, '.git/hooks/post-checkout'), `#!/bin/sh\ntouch ${canary}\n`, { mode: 0o755 });
  writeFileSync(join(folder, 'a.js'), '2');
  expect((await copy(folder)).kind).toBe('refused');
  expect((await copy(folder, true)).kind).toBe('copied');
  expect(existsSync(canary)).toBe(false);
  // The very same repository does run them when git is asked in it directly.
  theirs(folder, 'status');
  expect(existsSync(canary)).toBe(true);
});

test('a project in a folder of a larger repository keeps its place in it', async () => {
  const top = committed('mono');
  mkdirSync(join(top, 'packages/inner'), { recursive: true });
  writeFileSync(join(top, 'packages/inner/package.json'), '{"name":"inner"}');
  theirs(top, 'add', '--all');
  theirs(top, 'commit', '--quiet', '--message', 'Inner');
  expect(await copy(join(top, 'packages/inner'))).toMatchObject({ kind: 'copied', copy: { prefix: 'packages/inner' } });
});

test('a project that lies in a repository which does not know it is copied alone', async () => {
  const top = committed('home');
  const folder = join(top, 'elsewhere');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"name":"alone"}');
  const copying = await copy(folder);
  expect(copying).toMatchObject({ kind: 'copied', copy: { fromGit: false, prefix: '' } });
  expect(readdirSync(copying.target).sort()).toEqual(['.git', 'package.json']);
});

test('a repository without a commit says so', async () => {
  const folder = project('empty');
  theirs(folder, 'init', '--quiet');
  const refused = await copy(folder);
  expect(refused.kind === 'refused' ? refused.fault.code : '').toBe('PROJECT_WITHOUT_COMMITS');
  expect((await copy(folder, true)).kind).toBe('copied');
});

test('links that lead out of a folder are left out, those inside stay links', async () => {
  const folder = project('links', { 'a.js': '1' });
  symlinkSync('/etc/passwd', join(folder, 'out'));
  symlinkSync('../outside', join(folder, 'up'));
  symlinkSync('a.js', join(folder, 'in.js'));
  const { target } = await copy(folder);
  expect(readdirSync(target).sort()).toEqual(['.git', 'a.js', 'in.js', 'package.json']);
});

test('the same project copied twice after a crash is the same', async () => {
  const folder = committed('again');
  mkdirSync(join(scratch, 'copy.making/half'), { recursive: true });
  expect((await copy(folder)).kind).toBe('copied');
  expect(existsSync(join(scratch, 'copy.making'))).toBe(false);
});
