import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { probeSandbox } from 'kernel/sandbox';

import { INSTALLERS } from './installers.ts';
import { testInstaller } from './installer.contract.ts';
import { YARN_CLASSIC } from './yarn/classic.ts';

const probe = await probeSandbox({
  registry: 'https://registry.npmjs.org/',
  scratch: mkdtempSync(join(tmpdir(), 'tandem-probe-')),
});
const whole = process.env['TANDEM_WHOLE_CONTRACTS'] === '1';
if (probe.kind === 'ready') for (const installer of INSTALLERS) testInstaller(installer, whole);
else test.skip(`package managers are left out: ${probe.reason} (${probe.next})`);

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
