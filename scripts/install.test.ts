import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cleanEnvironment, explained, matches } from './install.mjs';
import { MODULES, ROOT } from './places.mjs';

const wanted = {
  '': { version: '1.0.0' },
  kernel: { version: '0.1.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b': { version: '2.0.0', integrity: 'sha512-b', optional: true },
};
const a = { version: '1.0.0', integrity: 'sha512-a' };

test('an install by hand is accepted when npm recorded the same as the lockfile', () => {
  expect(matches(wanted, { 'node_modules/a': a })).toBe(true);
  expect(matches(wanted, {})).toBe(false);
  expect(matches(wanted, { 'node_modules/a': { ...a, version: '1.0.1' } })).toBe(false);
  expect(matches(wanted, { 'node_modules/a': { ...a, integrity: 'sha512-x' } })).toBe(false);
  expect(matches(wanted, { 'node_modules/a': a, 'node_modules/b': { version: '1.9.0' } })).toBe(false);
});

test('npm is started with what a person set for npm, and without what belongs to the calling command', () => {
  const cleaned = cleanEnvironment({
    PATH: `${join(MODULES, '.bin')}:/usr/bin`,
    HOME: '/home/a',
    NODE_ENV: 'production',
    npm_lifecycle_event: 'start',
    npm_package_name: 'tandem-workbench',
    npm_config_dry_run: 'true',
    npm_config_ignore_scripts: 'true',
    npm_config_cache: '/cache',
    NPM_CONFIG_REGISTRY: 'https://registry.npmjs.org/',
  });
  expect(cleaned).toEqual({
    PATH: '/usr/bin',
    HOME: '/home/a',
    npm_config_ignore_scripts: 'true',
    npm_config_cache: '/cache',
    NPM_CONFIG_REGISTRY: 'https://registry.npmjs.org/',
  });
});

test.each([
  ['npm error code EAI_AGAIN', 'does not answer'],
  ['npm error code SELF_SIGNED_CERT_IN_CHAIN', 'not trusted'],
  ['npm error code EUSAGE', 'do not say the same'],
  ['npm error code ENOSPC', 'full'],
  ['something else', 'its own words'],
])('after %j it says why and what to do next', (told, why) => {
  expect(explained(told).why).toContain(why);
  expect(explained(told).next).toMatch(/^[A-Z].*\.$/);
});

test('an unknown command is wrong use, and names the ones there are', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'strat'], {
    encoding: 'utf8',
  });
  expect(status).toBe(2);
  expect(stderr).toContain('start, dev, test');
});
