// The settings of a command: `~/.config/atomic/config.toml` (XDG), and over it `.atomic/config.toml` of the repository.
// Rule: an unknown key or a value that a setting cannot have is a Fault that names the file, the key and the nearest name;
// nothing falls back in silence. Read by a small table instead of a schema library, which alone takes longer to load than
// the fastest command may take.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'smol-toml';

import { nearestNames } from '../../attribution/nearest-names.ts';
import type { MergePolicy } from '../../patches/facts.ts';
import { REPOSITORY_FOLDER } from '../../repository/repository.ts';
import { configurationWrong } from '../faults.ts';
import { acceptedValue, allowedText, KNOWN_SETTINGS, knownSetting, type SettingValue } from './known-settings.ts';

type SettingSource = 'default' | 'user' | 'repository';

interface FoundSetting {
  readonly key: string;
  readonly value: SettingValue | null;
  readonly from: SettingSource;
}

interface SettingFiles {
  readonly user: string;
  /** Null outside of a repository. */
  readonly repository: string | null;
}

export interface Settings {
  readonly files: SettingFiles;
  readonly user: { readonly name: string | null; readonly email: string | null };
  readonly merge: MergePolicy;
  readonly sign: { readonly patches: boolean; readonly key: string | null };
  /** A section as its own reader takes it, with what was said only: `readAiSettings(settings.section('ai'))`. */
  section(name: 'ai' | 'attribution.remote'): Readonly<Record<string, SettingValue>>;
  /** Every setting with its value and where it comes from. */
  all(): readonly FoundSetting[];
}

type Environment = Readonly<Record<string, string | undefined>>;
type Said = ReadonlyMap<string, { readonly value: SettingValue; readonly from: SettingSource }>;

/** A configuration is a page of text. */
const FILE_BYTES_MAX = 1 << 20;

/** The folder of the user's own settings and keys. */
export function userFolder(env: Environment): string {
  const configuration = env['XDG_CONFIG_HOME'];
  const isSet = configuration !== undefined && configuration !== '';
  return join(isSet ? configuration : join(env['HOME'] ?? '/', '.config'), 'atomic');
}

const settingFiles = (root: string | null, env: Environment): SettingFiles => ({
  user: join(userFolder(env), 'config.toml'),
  repository: root === null ? null : join(root, REPOSITORY_FOLDER, 'config.toml'),
});

/** Throws ATOMIC_CONFIGURATION_WRONG. */
export function loadSettings(root: string | null, env: Environment): Settings {
  const files = settingFiles(root, env);
  const said = new Map<string, { value: SettingValue; from: SettingSource }>();
  for (const from of ['user', 'repository'] as const) {
    const file = files[from];
    const text = file === null ? null : textOf(file);
    if (file === null || text === null) continue;
    for (const [key, value] of readSettings(text, file)) said.set(key, { value, from });
  }
  return settingsOf(files, said);
}

function settingsOf(files: SettingFiles, said: Said): Settings {
  const textAt = (key: string): string | null => {
    const value = said.get(key)?.value;
    return typeof value === 'string' ? value : null;
  };
  return {
    files,
    user: { name: textAt('user.name'), email: textAt('user.email') },
    merge: {
      adjacent: textAt('merge.adjacent') === 'strict' ? 'strict' : 'clean',
      identical: textAt('merge.identical') === 'conflict' ? 'conflict' : 'collapse',
    },
    sign: { patches: said.get('sign.patches')?.value === true, key: textAt('sign.key') },
    section: (name) =>
      Object.fromEntries(
        [...said].flatMap(([key, { value }]) =>
          key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value] as const] : [],
        ),
      ),
    all: () =>
      KNOWN_SETTINGS.map(({ key, default: fallback }) => {
        const found = said.get(key);
        return found === undefined ? { key, value: fallback, from: 'default' } : { key, ...found };
      }),
  };
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').slice(0, FILE_BYTES_MAX);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw configurationWrong(file, [cause instanceof Error ? cause.message : String(cause)]);
  }
}

/** What one file says. Throws ATOMIC_CONFIGURATION_WRONG with all of its mistakes. */
export function readSettings(text: string, file: string): ReadonlyMap<string, SettingValue> {
  const values = new Map<string, SettingValue>();
  const mistakes: string[] = [];
  for (const [key, value] of leavesOf(parsed(text, file), '')) {
    const setting = knownSetting(key);
    if (setting === undefined) mistakes.push(unknownText(key));
    else {
      const accepted = acceptedValue(setting, value);
      if (accepted === undefined) mistakes.push(`${key} takes ${allowedText(setting)}, not ${shown(value)}`);
      else values.set(key, accepted);
    }
  }
  if (mistakes.length > 0) throw configurationWrong(file, mistakes);
  return values;
}

function unknownText(key: string): string {
  const [nearest] = nearestKeys(key);
  return `there is no setting ${key}${nearest === undefined ? '' : `; the nearest is ${nearest}`}`;
}

export const nearestKeys = (key: string): readonly string[] =>
  nearestNames(
    key,
    KNOWN_SETTINGS.map((setting) => setting.key),
  );

function parsed(text: string, file: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (cause) {
    const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw configurationWrong(file, [line]);
  }
}

function* leavesOf(table: Readonly<Record<string, unknown>>, prefix: string): Generator<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(table)) {
    const key = `${prefix}${name}`;
    if (isTable(value)) yield* leavesOf(value, `${key}.`);
    else yield [key, value];
  }
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/** Values of a wrong kind may be anything; their beginning is enough. */
const SHOWN_LENGTH = 60;
const shown = (value: unknown): string =>
  (typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))).slice(0, SHOWN_LENGTH);
