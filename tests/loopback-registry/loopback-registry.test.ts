import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLoopbackRegistry, type FixturePackage, type LoopbackRegistry, type RegistryFault } from './index.ts';

const npm = join(dirname(createRequire(import.meta.url).resolve('npm/package.json')), 'bin', 'npm-cli.js');

const packages: readonly FixturePackage[] = [
  { name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = 1;' } },
  {
    name: 'left',
    version: '2.0.0',
    manifest: { dependencies: { '@scope/right': '^1.0.0' }, engines: { node: '>=18' } },
    files: { 'index.js': "module.exports = require('@scope/right') + 1;" },
  },
  { name: 'left', version: '3.0.0-rc.1', tags: ['next'] },
  { name: '@scope/right', version: '1.0.0', files: { 'index.js': 'module.exports = 1;' } },
];

let registry: LoopbackRegistry;
let folder: string;

beforeEach(async () => {
  registry = await startLoopbackRegistry({ packages });
  folder = mkdtempSync(join(tmpdir(), 'loopback-registry-'));
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

function install(wanted: string): Promise<{ code: number; text: string }> {
  writeFileSync(join(folder, 'package.json'), '{"name":"project","version":"1.0.0"}');
  const settings = ['--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0', `--cache=${folder}/cache`];
  const argv = [npm, 'install', wanted, `--registry=${registry.url}`, '--userconfig=/dev/null', ...settings];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { cwd: folder, timeout: 15_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, text: stdout + stderr });
    });
  });
}

test('the pinned npm installs a package and its dependencies from it', async () => {
  expect(await install('left@^2')).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, 'node_modules/@scope/right/index.js'), 'utf8')).toBe('module.exports = 1;');
  const lock: unknown = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  expect(lock).toMatchObject({
    packages: {
      'node_modules/left': {
        version: '2.0.0',
        integrity: registry.packages.get('left')?.versions.get('2.0.0')?.integrity,
      },
    },
  });
  expect(registry.requests().map((request) => request.path)).toContain('/@scope%2fright');
});

test.each<[RegistryFault, string]>([
  ['broken-integrity', 'EINTEGRITY'],
  ['missing-tarball', 'E404'],
  ['status-500', 'E500'],
  ['down', 'ECONNRESET'],
])('an install from a registry with the fault %s fails with %s', async (fault, code) => {
  registry.setFault('@scope/right', fault);
  const { code: exit, text } = await install('left@2.0.0');
  expect(exit).toBe(1);
  expect(text).toContain(code);
});

test.each<[RegistryFault, string]>([
  ['half-answer', 'left'],
  ['half-tarball', 'left/-/left-1.0.0.tgz'],
])('with the fault %s an answer breaks off in its middle', async (fault, path) => {
  registry.setFault('*', fault);
  const answer = await fetch(`${registry.url}${path}`);
  await expect(answer.arrayBuffer()).rejects.toThrow('terminated');
});

test('a slow package never answers, and closing ends the wait', async () => {
  registry.setFault('left', 'slow');
  const answer = fetch(`${registry.url}left`);
  expect((await fetch(`${registry.url}@scope%2fright`)).status).toBe(200);
  await registry.close();
  await expect(answer).rejects.toThrow('fetch failed');
});

test('packuments carry dist-tags, times and tarball urls, and single versions and tags are answered', async () => {
  const packument: unknown = await (await fetch(`${registry.url}left`)).json();
  expect(packument).toMatchObject({
    'dist-tags': { latest: '2.0.0', next: '3.0.0-rc.1' },
    time: { '1.0.0': '2020-01-01T00:00:00.000Z' },
    versions: { '1.0.0': { dist: { tarball: `${registry.url}left/-/left-1.0.0.tgz` } } },
  });
  expect(await (await fetch(`${registry.url}left/latest`)).json()).toMatchObject({ version: '2.0.0' });
  expect((await fetch(`${registry.url}left/9.9.9`)).status).toBe(404);
  expect((await fetch(`${registry.url}%E0%A4%A`)).status).toBe(404);
  expect((await fetch(`${registry.url}left`, { method: 'PUT' })).status).toBe(405);
});
