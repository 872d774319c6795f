// Puts the sources of settings in order: flags, then the environment, .env, tandem.config.json, and defaults.
// Rule: pure. Each value keeps the place it came from, so that a person can be told; what is not accepted is a fault
// that names the place.

import * as z from 'zod/mini';

import { settingRefused, settingUnknown, settingWrong } from './faults.ts';
import { nearestName } from './nearest-name.ts';
import { SETTING_NOTES, Settings } from './schema.ts';
import { seedVariable } from './seed-variables.ts';

export interface Sources {
  /** By setting, such as `port`. */
  readonly flags: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFile: Readonly<Record<string, string | undefined>>;
  readonly configFile: Readonly<Record<string, unknown>>;
  /** A folder that holds somebody's project: the DATABASE_URL of its .env is that project's, not ours. */
  readonly isForeignProject: boolean;
}

export interface Gathered {
  readonly settings: Settings;
  /** Where each setting comes from, such as `TANDEM_PORT in .env`. */
  readonly sources: Readonly<Record<string, string>>;
  /** What a person should know about variables that are set but have no role. */
  readonly notes: readonly string[];
}

interface Given {
  readonly value: unknown;
  readonly source: string;
}

const CONFIG_FILE = 'tandem.config.json';

export function gather(sources: Sources): Gathered {
  const notes: string[] = [];
  const given = new Map<string, Given>();
  for (const [key, value] of Object.entries(sources.configFile)) {
    if (!Object.hasOwn(SETTING_NOTES, key))
      throw settingUnknown(key, CONFIG_FILE, nearestName(key, Object.keys(SETTING_NOTES)));
    given.set(key, { value, source: CONFIG_FILE });
  }
  refuseUnknown(sources.envFile);
  const envFile = { ...sources.envFile };
  if (sources.isForeignProject && envFile['DATABASE_URL'] !== undefined) {
    delete envFile['DATABASE_URL'];
    notes.push('DATABASE_URL in .env was left alone: it belongs to the project in this folder.');
  }
  takeVariables(given, notes, envFile, ' in .env');
  takeVariables(given, notes, sources.env, '');
  for (const [key, value] of Object.entries(sources.flags)) {
    if (value !== undefined) given.set(key, { value, source: `--${key}` });
  }
  return { ...parsed(given), notes };
}

function takeVariables(
  given: Map<string, Given>,
  notes: string[],
  variables: Readonly<Record<string, string | undefined>>,
  where: string,
): void {
  for (const [name, value] of Object.entries(variables)) {
    const seed = value === undefined || value === '' ? undefined : seedVariable(name);
    if (seed?.kind === 'refused') throw settingRefused(name, where === '' ? 'the environment' : '.env', seed.reason);
    if (seed?.kind === 'noted') notes.push(`${name}${where} is set. ${seed.note}`);
    if (seed?.kind === 'mapped') given.set(seed.setting, { value, source: `${name}${where}` });
  }
  // Our own names after those of the seeds, so that they win.
  for (const [key, { env }] of Object.entries(SETTING_NOTES)) {
    const value = variables[env];
    if (value !== undefined && value !== '') given.set(key, { value, source: `${env}${where}` });
  }
}

/** Other programs share a .env, so only names that claim to be ours can be wrong. */
function refuseUnknown(envFile: Readonly<Record<string, string | undefined>>): void {
  const known = Object.values(SETTING_NOTES).map((note) => note.env);
  for (const name of Object.keys(envFile)) {
    if (name.startsWith('TANDEM_') && !known.includes(name))
      throw settingUnknown(name, '.env', nearestName(name, known));
  }
}

function parsed(given: ReadonlyMap<string, Given>): Pick<Gathered, 'settings' | 'sources'> {
  const result = z.safeParse(Settings, Object.fromEntries([...given].map(([key, { value }]) => [key, value])));
  if (!result.success) {
    const [issue] = result.error.issues;
    const key = String(issue?.path[0] ?? '');
    const source = given.get(key)?.source ?? CONFIG_FILE;
    const name = SETTING_NOTES[key]?.env ?? key;
    throw settingWrong(name, source === name ? 'the environment' : source, issue?.message ?? 'It is not valid');
  }
  const sources = Object.keys(SETTING_NOTES).map((key) => [key, given.get(key)?.source ?? 'default']);
  return { settings: result.data, sources: Object.fromEntries(sources) };
}
