import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test, vi } from 'vitest';

import { mebibytes, minutes } from 'kernel/basics';
import { openSandbox, probeSandbox } from 'kernel/sandbox';

import { startLoopbackRegistry } from '../../tests/loopback-registry/index.ts';

import { INSTALLERS } from './installers.ts';
import { testInstaller } from './installer.contract.ts';
import { YARN_CLASSIC } from './yarn/classic.ts';

vi.setConfig({ testTimeout: minutes(2) });

const probe = await probeSandbox({
  registry: 'https://registry.npmjs.org/',
  scratch: mkdtempSync(join(tmpdir(), 'tandem-probe-')),
});
const whole = process.env['TANDEM_WHOLE_CONTRACTS'] === '1';
if (probe.kind === 'ready') for (const installer of INSTALLERS) testInstaller(installer, whole);
else test.skip(`package managers are left out: ${probe.reason} (${probe.next})`);

test('without confinement a lockfile of Yarn 1 is installed from whatever port and into whatever cache there is', async () => {
  const registry = await startLoopbackRegistry({ packages: [{ name: 'left', version: '1.0.0' }] });
  const folder = mkdtempSync(join(tmpdir(), 'tandem-unsafe-'));
  const [scratch, project] = [join(folder, 'scratch'), join(folder, 'project')];
  const opened = await openSandbox({ registry: registry.url, scratch, backEnd: 'unsafe-host' });
  if (opened.kind === 'refused') throw new Error(opened.reason);
  const { shasum = '', integrity = '' } = registry.packages.get('left')?.versions.get('1.0.0') ?? {};
  const resolved = `${registry.url}left/-/left-1.0.0.tgz#${shasum}`;
  const lock = `# yarn lockfile v1\n\n\nleft@^1.0.0:\n  version "1.0.0"\n  resolved "${resolved}"\n  integrity ${integrity}\n`;
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{"name":"x","license":"MIT","dependencies":{"left":"^1.0.0"}}');
  writeFileSync(join(project, 'yarn.lock'), YARN_CLASSIC.toSandbox(lock, registry.url));
  const { install, job } = YARN_CLASSIC;
  const cache = join(folder, 'cache');
  const limits = { wallMs: minutes(1), outputBytesMax: 1 << 20, processesMax: 256, memoryBytesMax: mebibytes(2048) };
  const outcome = await opened.sandbox.run({
    ...job,
    phase: 'install',
    project,
    argv: install.argv,
    limits,
    cache,
  });
  await opened.sandbox.close();
  await registry.close();
  expect(`${outcome.kind}: ${outcome.output}`).toMatch(/^exited: [\s\S]*Done in/);
  expect(readdirSync(cache, { recursive: true }).join()).toContain('yarn-classic');
  const made = readFileSync(join(project, 'yarn.lock'), 'utf8');
  expect(YARN_CLASSIC.fromSandbox(made, registry.url, lock)).toContain(`resolved "${resolved}"`);
});

test('a lockfile of Yarn 1 keeps the address of each package that it had, and names new ones like the others', () => {
  const line = (address: string): string => `  resolved "${address}#abc"\n`;
  const before = `${line('https://registry.yarnpkg.com/left/-/left-1.0.0.tgz')}${line('https://elsewhere.example/x.tgz')}`;
  const mirror = 'https://mirror.example/npm/';
  const inside = YARN_CLASSIC.toSandbox(before, mirror);
  expect(inside).toBe(
    `${line('http://127.0.0.1:4873/-/here/npm/left/-/left-1.0.0.tgz')}${line('https://elsewhere.example/x.tgz')}`,
  );
  const after = `${inside}${line('http://127.0.0.1:4873/-/here/npm/@scope/right/-/right-1.0.0.tgz')}`;
  expect(YARN_CLASSIC.fromSandbox(after, mirror, before)).toBe(
    `${before}${line('https://registry.yarnpkg.com/@scope/right/-/right-1.0.0.tgz')}`,
  );
  expect(YARN_CLASSIC.fromSandbox(inside, mirror, null)).toContain('https://mirror.example/npm/left/-/left-1.0.0.tgz');
});
