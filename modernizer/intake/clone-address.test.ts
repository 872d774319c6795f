import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { cloneAddress, type CloneLimits } from './clone-address.ts';
import type { GitScheme } from './git-address.ts';
import { startGitServer, whyNoGitServer, type GitServer } from './git-server-under-test.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tandem-clone-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'protocol.file.allow=always', ...args], {
    cwd,
    encoding: 'utf8',
  });

function repository(files: Readonly<Record<string, string>>): string {
  const place = join(folder, 'origin');
  mkdirSync(place);
  git(place, 'init', '--quiet', '--initial-branch=main');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  git(place, 'add', '--all');
  git(place, 'commit', '--quiet', '--message', 'Begin');
  return place;
}

const target = (): string => join(folder, 'run/sample');
interface More {
  readonly scheme?: GitScheme;
  readonly branch?: string;
  readonly limits?: CloneLimits;
  readonly signal?: AbortSignal;
}
const clone = (url: string, more: More = {}) =>
  cloneAddress({
    url,
    scheme: more.scheme ?? 'file',
    branch: more.branch ?? null,
    target: target(),
    signal: more.signal ?? new AbortController().signal,
    ...(more.limits === undefined ? {} : { limits: more.limits }),
  });

test('a repository is cloned with its history, of the branch that is named', async () => {
  const origin = repository({ 'package.json': '{}' });
  git(origin, 'checkout', '--quiet', '-b', 'next');
  writeFileSync(join(origin, 'package.json'), '{"name":"next"}');
  git(origin, 'commit', '--quiet', '--all', '--message', 'Next');
  git(origin, 'checkout', '--quiet', 'main');
  expect(await clone(pathToFileURL(origin).href, { branch: 'next' })).toEqual({ kind: 'cloned' });
  expect(readFileSync(join(target(), 'package.json'), 'utf8')).toBe('{"name":"next"}');
  expect(git(target(), 'log', '--format=%s')).toBe('Next\nBegin\n');
});

test('no hook of a template or of the person runs, and no submodule is followed', async () => {
  const origin = repository({ 'package.json': '{}' });
  const inner = join(folder, 'inner');
  execFileSync('cp', ['-r', origin, inner]);
  git(origin, 'submodule', '--quiet', 'add', inner, 'sub');
  git(origin, 'commit', '--quiet', '--message', 'With a submodule');
  const templates = join(folder, 'templates/hooks');
  mkdirSync(templates, { recursive: true });
  writeFileSync(join(templates, 'post-checkout'), `#!/bin/sh\ntouch ${join(folder, 'ran')}\n`);
  chmodSync(join(templates, 'post-checkout'), 0o755);
  process.env['GIT_TEMPLATE_DIR'] = join(folder, 'templates');
  try {
    expect(await clone(pathToFileURL(origin).href)).toEqual({ kind: 'cloned' });
  } finally {
    delete process.env['GIT_TEMPLATE_DIR'];
  }
  expect(existsSync(join(folder, 'ran'))).toBe(false);
  expect(existsSync(join(target(), 'sub/package.json'))).toBe(false);
});

test('what is not there, another protocol than the named one, and what is too large are refused and leave nothing', async () => {
  const gone = await clone(pathToFileURL(join(folder, 'nowhere')).href);
  expect(gone).toMatchObject({ kind: 'refused', why: expect.stringMatching(/git said/) });
  expect(await clone(`ext::sh -c "touch ${join(folder, 'ran')}"`)).toMatchObject({ kind: 'refused' });
  expect(existsSync(join(folder, 'ran'))).toBe(false);
  const origin = repository({ 'package.json': '{}' });
  const limits = { wallMs: 20_000, bytesMax: 10, lookMs: 50 };
  expect(await clone(pathToFileURL(origin).href, { limits })).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(/larger/),
  });
  expect(existsSync(target())).toBe(false);
});

test('a clone that is stopped says so', async () => {
  const origin = repository({ 'package.json': '{}' });
  expect(await clone(pathToFileURL(origin).href, { signal: AbortSignal.abort() })).toEqual({ kind: 'stopped' });
});

const missing = whyNoGitServer();

describe.skipIf(missing !== null)(`over https${missing === null ? '' : ` (left out: ${missing})`}`, () => {
  let server: GitServer;
  beforeEach(async () => {
    server = await startGitServer(folder, (path) =>
      path.startsWith('/elsewhere/plain/')
        ? `http://127.0.0.1:9${path.slice('/elsewhere/plain'.length)}`
        : `${server.url}${path.slice('/elsewhere/'.length)}`,
    );
    vi.stubEnv('GIT_SSL_CAINFO', server.certificate);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
  });

  test('a repository is cloned, also where the server sends the first request elsewhere', async () => {
    repository({ 'package.json': '{"name":"far"}' });
    expect(await clone(`${server.url}origin/.git`, { scheme: 'https' })).toEqual({ kind: 'cloned' });
    expect(readFileSync(join(target(), 'package.json'), 'utf8')).toBe('{"name":"far"}');
    expect(await clone(`${server.url}elsewhere/origin/.git`, { scheme: 'https' })).toEqual({ kind: 'cloned' });
    expect(server.asked.some((path) => path.includes('git-upload-pack'))).toBe(true);
  });

  test('it is not where the server sends it to another protocol, nor where nobody vouches for the server', async () => {
    repository({ 'package.json': '{}' });
    const plain = await clone(`${server.url}elsewhere/plain/origin/.git`, { scheme: 'https' });
    expect(plain).toMatchObject({ kind: 'refused' });
    vi.stubEnv('GIT_SSL_CAINFO', undefined);
    const unknown = await clone(`${server.url}origin/.git`, { scheme: 'https' });
    expect(unknown).toMatchObject({ kind: 'refused' });
    expect(unknown.kind === 'refused' ? unknown.why : '').toMatch(/certificate/i);
    expect(existsSync(target())).toBe(false);
  });

  test('a repository that is not there is refused with what git said', async () => {
    const nobody = await clone(`${server.url}nobody/.git`, { scheme: 'https' });
    expect(nobody.kind === 'refused' ? nobody.why : '').toMatch(/not found/);
  });
});

test('over ssh git asks the person’s own ssh, which may not ask for a password', async () => {
  const origin = repository({ 'package.json': '{"name":"shell"}' });
  const [programs, notes] = [join(folder, 'programs'), join(folder, 'notes')];
  mkdirSync(programs);
  // What a server does with the command that it is sent.
  writeFileSync(join(programs, 'ssh'), `#!/bin/sh\necho "$@" >> ${notes}\nfor last; do :; done\neval "$last"\n`);
  chmodSync(join(programs, 'ssh'), 0o755);
  vi.stubEnv('PATH', `${programs}:${process.env['PATH']}`);
  try {
    expect(await clone(`git@example.org:${origin}`, { scheme: 'ssh' })).toEqual({ kind: 'cloned' });
    expect(readFileSync(join(target(), 'package.json'), 'utf8')).toBe('{"name":"shell"}');
    expect(readFileSync(notes, 'utf8')).toContain('-o BatchMode=yes');
    expect(await clone(`ssh://git@example.org/nobody`, { scheme: 'ssh' })).toMatchObject({ kind: 'refused' });
  } finally {
    vi.unstubAllEnvs();
  }
});
