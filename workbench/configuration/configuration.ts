// The configuration of one process: read once, at its start, from the folder it was started in.
// Rule: secrets leave here only as `Secret`; everything else takes what it needs as an argument.

import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';

import { Secret } from 'kernel/basics';
import type { ProviderSettings } from 'kernel/models';
import { maskedUrl, sqliteUrl } from 'kernel/store';
import type { LogLevel } from 'kernel/telemetry';

import { fileUnreadable } from './faults.ts';
import { gather, type Gathered } from './gather.ts';
import { npmRegistry, usable } from './npm-registry.ts';
import { providersOf } from './providers.ts';
import { SETTING_NOTES, type Settings } from './schema.ts';

export interface Configuration {
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly url: string | undefined;
  /** Only when it was set; otherwise the home keeps one. */
  readonly secret: Secret | undefined;
  readonly trustedProxies: readonly string[];
  /** May hold a password: hand it to openStore and to nobody else. */
  readonly databaseUrl: string;
  readonly registry: string;
  readonly logLevel: LogLevel;
  /** How each provider of models is reached; the one to ask first comes first. */
  readonly providers: readonly ProviderSettings[];
  /** Everything as a person may see it, secrets masked, each with its source. */
  readonly shown: readonly ShownSetting[];
  readonly notes: readonly string[];
}

interface ShownSetting {
  readonly setting: string;
  readonly variable: string;
  readonly value: string | number | readonly string[] | null;
  readonly source: string;
}

export interface Surroundings {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags?: Readonly<Record<string, unknown>>;
  readonly homeFolder?: string;
}

export function loadConfiguration({ folder, env, flags = {}, homeFolder = homedir() }: Surroundings): Configuration {
  const checkout = checkoutAround(folder);
  const hasOwnFile = existsSync(join(folder, 'tandem.config.json'));
  const gathered = gather({
    flags,
    env,
    envFile: parseEnv(textOf(join(folder, '.env')) ?? ''),
    configFile: jsonOf(join(folder, 'tandem.config.json')),
    isForeignProject: checkout === undefined && !hasOwnFile && existsSync(join(folder, 'package.json')),
  });
  const { settings } = gathered;
  const home = homeOf(settings, folder, checkout, { env, homeFolder });
  const registry = registryOf(settings, folder, { env, homeFolder });
  const databaseUrl = settings.databaseUrl ?? sqliteUrl(join(home.path, 'tandem.db'));
  const found = { home: home.path, registry: registry.url, databaseUrl };
  return {
    home: home.path,
    host: settings.host,
    port: settings.port,
    url: settings.url?.replace(/\/+$/, ''),
    secret: settings.secret === undefined ? undefined : new Secret(settings.secret),
    trustedProxies: settings.trustedProxies,
    databaseUrl: withKnownPassword(databaseUrl),
    registry: registry.url,
    logLevel: settings.logLevel,
    providers: providersOf(settings),
    shown: shown(gathered, found, { home: home.source, registry: registry.source }),
    notes: gathered.notes,
  };
}

/** The folder above that holds this very program's checkout, if any. */
function checkoutAround(folder: string): string | undefined {
  for (let here = resolve(folder); ; here = dirname(here)) {
    const manifest = textOf(join(here, 'package.json'));
    if (manifest !== undefined && /"name"\s*:\s*"tandem-workbench"/.test(manifest)) return here;
    if (dirname(here) === here) return undefined;
  }
}

type Machine = Required<Pick<Surroundings, 'env' | 'homeFolder'>>;

function homeOf(
  settings: Settings,
  folder: string,
  checkout: string | undefined,
  { env, homeFolder }: Machine,
): { readonly path: string; readonly source: string } {
  if (settings.home !== undefined) return { path: resolve(folder, settings.home), source: '' };
  if (checkout !== undefined) return { path: join(checkout, '.tandem'), source: 'this checkout' };
  const xdg = env['XDG_DATA_HOME'] ?? '';
  if (isAbsolute(xdg)) return { path: join(xdg, 'tandem'), source: 'XDG_DATA_HOME' };
  return { path: join(homeFolder, '.local', 'share', 'tandem'), source: 'default' };
}

function registryOf(settings: Settings, folder: string, { env, homeFolder }: Machine) {
  const own = usable(settings.registry);
  if (own !== undefined) return { url: own, source: '' };
  const files = [
    { name: 'the .npmrc of this folder', path: join(folder, '.npmrc') },
    { name: '~/.npmrc', path: join(homeFolder, '.npmrc') },
  ];
  return npmRegistry({ env, files: files.map(({ name, path }) => ({ name, text: textOf(path) ?? '' })) });
}

function shown(
  { settings, sources }: Gathered,
  found: Readonly<Record<string, string>>,
  foundSources: Readonly<Record<string, string>>,
): ShownSetting[] {
  return Object.entries(SETTING_NOTES).map(([setting, note]) => {
    const value = found[setting] ?? settings[setting as keyof Settings] ?? null;
    return {
      setting,
      variable: note.env,
      value: note.isSecret === true && value !== null ? masked(setting, String(value)) : value,
      source: foundSources[setting] || (sources[setting] ?? 'default'),
    };
  });
}

const masked = (setting: string, value: string): string =>
  setting === 'databaseUrl' ? maskedUrl(value) : new Secret(value).toString();

/** The url itself is needed to open the database; its password is scrubbed from whatever anybody says about it. */
function withKnownPassword(url: string): string {
  const password = URL.canParse(url) ? decodeURIComponent(new URL(url).password) : '';
  // Making the Secret is what makes it known.
  return password === '' ? url : (new Secret(password), url);
}

function jsonOf(path: string): Readonly<Record<string, unknown>> {
  const text = textOf(path);
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new SyntaxError('no object');
    return { ...value };
  } catch (cause) {
    throw fileUnreadable(path, cause);
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      return undefined;
    throw fileUnreadable(path, cause);
  }
}
