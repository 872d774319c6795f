import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { loadConfiguration, type Configuration } from './configuration.ts';
import { envExample } from './env-example.ts';
import { makeHome, secretOf } from './home-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const load = (env: Record<string, string> = {}, flags: Record<string, unknown> = {}): Configuration =>
  loadConfiguration({ folder, env, flags, homeFolder: folder });
const sourceOf = (configuration: Configuration, setting: string) => {
  const found = configuration.shown.find((each) => each.setting === setting);
  return [found?.value, found?.source];
};
const faultOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
};

test('without any source the defaults hold', () => {
  const configuration = load();
  expect(configuration).toMatchObject({
    host: '127.0.0.1',
    port: 4600,
    home: join(folder, '.local/share/tandem'),
    registry: 'https://registry.npmjs.org/',
    logLevel: 'info',
  });
  expect(configuration.databaseUrl).toBe(`sqlite://${folder}/.local/share/tandem/tandem.db`);
});

test('a flag wins over the environment, that over .env, that over the file, and each says where it is from', () => {
  write('tandem.config.json', '{"port": 1, "host": "h1", "logLevel": "warn"}');
  expect(sourceOf(load(), 'port')).toEqual([1, 'tandem.config.json']);
  write('.env', 'TANDEM_PORT=2\nTANDEM_HOST=h2\n');
  expect(sourceOf(load(), 'port')).toEqual([2, 'TANDEM_PORT in .env']);
  expect(sourceOf(load({ TANDEM_PORT: '3' }), 'port')).toEqual([3, 'TANDEM_PORT']);
  const all = load({ TANDEM_PORT: '3' }, { port: '4' });
  expect(sourceOf(all, 'port')).toEqual([4, '--port']);
  expect([all.port, all.host, all.logLevel]).toEqual([4, 'h2', 'warn']);
});

test('an empty variable counts as not set', () => expect(load({ TANDEM_PORT: '' }).port).toBe(4600));

test('secrets are masked where they are shown, and passwords in addresses are left out', () => {
  const shown = JSON.stringify(
    load({
      ANTHROPIC_API_KEY: 'sk-ant-geheim-123',
      TANDEM_SECRET: 'geheim'.repeat(8),
      DATABASE_URL: 'postgres://me:geheim@host/db',
    }).shown,
  );
  expect(shown).not.toContain('geheim');
  expect(shown).toContain('postgres://me:…@host/db');
  expect(shown).toContain('[secret:');
});

test('an unknown key in a file is an error with the nearest name', () => {
  write('tandem.config.json', '{"prot": 1}');
  expect(faultOf(load)).toMatchObject({ code: 'SETTING_UNKNOWN', next: 'Did you mean port?' });
  write('tandem.config.json', '{"somethingElseEntirely": 1}');
  expect(faultOf(load)).toMatchObject({ code: 'SETTING_UNKNOWN', next: expect.stringContaining('.env.example') });
  write('tandem.config.json', '{}');
  write('.env', 'TANDEM_PROT=1\nUNRELATED=2\n');
  expect(faultOf(load)).toMatchObject({ code: 'SETTING_UNKNOWN', next: 'Did you mean TANDEM_PORT?' });
});

test('a value that does not fit names its setting, its place and the reason', () => {
  expect(faultOf(() => load({ TANDEM_PORT: '70000' }))).toMatchObject({
    code: 'SETTING_WRONG',
    what: 'The setting TANDEM_PORT from the environment was not accepted.',
    about: { kind: 'wrong-use' },
  });
  for (const env of [
    { TANDEM_PORT: 'x' },
    { DATABASE_URL: 'mysql://x' },
    { TANDEM_SECRET: 'short' },
    { LOG_LEVEL: 'loud' },
    { TANDEM_URL: 'ftp://x' },
    { LLM_PROVIDER: 'nobody' },
  ]) {
    expect(faultOf(() => load(env))).toMatchObject({ code: 'SETTING_WRONG' });
  }
});

test('a file that is no JSON object is named', () => {
  for (const text of ['{', '[]', 'null', '3']) {
    write('tandem.config.json', text);
    expect(faultOf(load)).toMatchObject({ code: 'SETTINGS_FILE_UNREADABLE' });
  }
});

test('variables of the seeds are mapped, noted, or refused with the reason', () => {
  expect(load({ FASTRTC_PORT: '8123' }).port).toBe(8123);
  expect(load({ FASTRTC_PORT: '8123', TANDEM_PORT: '9' }).port).toBe(9);
  expect(load({ CONVEX_URL: 'x', CONSUL_HOST: 'y', PATH: '/bin', NODE_ENV: 'test' }).notes).toHaveLength(2);
  expect(faultOf(() => load({ NEXT_PUBLIC_TURN_CREDENTIAL: 'x' }))).toMatchObject({
    code: 'SETTING_REFUSED',
    why: expect.stringContaining('every browser'),
  });
});

test('the database of somebody’s project is left alone, unless the folder says that it is ours', () => {
  write('package.json', '{"name":"their-app"}');
  write('.env', 'DATABASE_URL=postgres://their/app\nTANDEM_PORT=5\n');
  const foreign = load();
  expect([foreign.databaseUrl.startsWith('sqlite:'), foreign.port]).toEqual([true, 5]);
  expect(foreign.notes.join()).toContain('belongs to the project');
  write('tandem.config.json', '{}');
  expect(load().databaseUrl).toBe('postgres://their/app');
});

test('inside the checkout its own folder is the home, outside XDG_DATA_HOME', () => {
  expect(load({ XDG_DATA_HOME: '/data' }).home).toBe('/data/tandem');
  expect(load({ XDG_DATA_HOME: 'relative' }).home).toBe(join(folder, '.local/share/tandem'));
  write('package.json', '{ "name": "tandem-workbench" }');
  mkdirSync(join(folder, 'deep/inside'), { recursive: true });
  const inside = loadConfiguration({ folder: join(folder, 'deep/inside'), env: {}, homeFolder: '/home/me' });
  expect(inside.home).toBe(join(folder, '.tandem'));
  expect(load({ TANDEM_HOME: 'here' }).home).toBe(join(folder, 'here'));
});

test('the registry is the one npm uses, unless it is set for Tandem', () => {
  const registry = (env: Record<string, string> = {}): unknown[] => sourceOf(load(env), 'registry');
  expect(registry()).toEqual(['https://registry.npmjs.org/', 'default']);
  write('.npmrc', '; mine\n//x/:_authToken=t\nregistry = "http://127.0.0.1:${THE_PORT}/npm"\n');
  expect(registry({ THE_PORT: '99' })).toEqual(['http://127.0.0.1:99/npm/', 'the .npmrc of this folder']);
  expect(registry({ npm_config_registry: 'http://env/' })).toEqual(['http://env/', 'npm_config_registry']);
  expect(registry({ npm_config_registry: 'http://env/', TANDEM_REGISTRY: 'http://own' })).toEqual([
    'http://own/',
    'TANDEM_REGISTRY',
  ]);
});

test('the home is private, and its secret is made once', () => {
  const home = join(folder, 'a/home');
  makeHome(home);
  const first = secretOf(home, undefined);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(statSync(join(home, 'secret')).mode & 0o777).toBe(0o600);
  expect(secretOf(home, undefined).reveal()).toBe(first.reveal());
  expect(first.reveal().length).toBeGreaterThanOrEqual(43);
  write('file', '');
  expect(faultOf(() => makeHome(join(folder, 'file/home')))).toMatchObject({ code: 'HOME_UNUSABLE' });
  writeFileSync(join(home, 'secret'), 'short');
  expect(faultOf(() => secretOf(home, undefined))).toMatchObject({ code: 'HOME_UNUSABLE' });
});

test('.env.example is what the settings say', () => {
  const path = join(import.meta.dirname, '../../.env.example');
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, envExample());
  expect(readFileSync(path, 'utf8')).toBe(envExample());
});
