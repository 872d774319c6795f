// What npm on this host knows about its registry and a sandbox must not: tokens, and certificates to trust.
// Rule: tokens are Secret values; only the registry proxy, outside of the sandbox, uses them.

import { homedir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '../basics/index.ts';
import type { Environment } from './environment.ts';
import { textOf } from './files.ts';

export interface HostNpmSettings {
  /** The value of the Authorization header for the registry. */
  readonly authorization: Secret | null;
  /** Certificates in PEM, to be trusted beside those that Node trusts. */
  readonly certificates: string | null;
  /** What shapes a lockfile and says nothing about this host: a person's lockfiles look alike in and out of here. */
  readonly passedOn: Environment;
}

export function readHostNpmSettings(registry: URL, environment: NodeJS.ProcessEnv): HostNpmSettings {
  const file = environment['npm_config_userconfig'] ?? join(homedir(), '.npmrc');
  const settings = parseNpmSettings(textOf(file), environment);
  const certificates = textOf(environment['npm_config_cafile'] ?? settings.get('cafile') ?? '');
  return {
    authorization: authorizationOf(settings, registry),
    certificates: certificates === '' ? null : certificates,
    passedOn: passedOnOf(settings, environment),
  };
}

/** The `key=value` lines of an .npmrc, with `${NAME}` filled from the environment. Pure. */
export function parseNpmSettings(text: string, environment: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line);
    if (match === null) continue;
    const value = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
    settings.set(
      match[1] ?? '',
      value.replace(/\$\{([^}]+)\}/g, (whole, name: string) => environment[name] ?? whole),
    );
  }
  return settings;
}

/** npm's variables for the settings that a sandbox may know. Pure. */
function passedOnOf(settings: ReadonlyMap<string, string>, environment: NodeJS.ProcessEnv): Environment {
  const variable = 'npm_config_omit_lockfile_registry_resolved';
  const value = environment[variable] ?? settings.get('omit-lockfile-registry-resolved');
  return value === 'true' ? { [variable]: value } : {};
}

/** The credentials of the longest path that holds the registry, as npm chooses them. Pure. */
export function authorizationOf(settings: ReadonlyMap<string, string>, registry: URL): Secret | null {
  const parts = registry.pathname.split('/').filter(Boolean);
  for (let length = parts.length; length >= 0; length -= 1) {
    const place = `//${registry.host}/${parts
      .slice(0, length)
      .map((part) => `${part}/`)
      .join('')}`;
    const found = credentialsAt(settings, place);
    if (found !== null) return found;
  }
  return null;
}

function credentialsAt(settings: ReadonlyMap<string, string>, place: string): Secret | null {
  const token = settings.get(`${place}:_authToken`);
  if (token !== undefined) return bearing('Bearer', token);
  const basic = settings.get(`${place}:_auth`);
  if (basic !== undefined) return bearing('Basic', basic);
  const [name, password] = [settings.get(`${place}:username`), settings.get(`${place}:_password`)];
  if (name === undefined || password === undefined) return null;
  const plain = Buffer.from(password, 'base64').toString();
  return bearing('Basic', Buffer.from(`${name}:${plain}`).toString('base64'));
}

/** The bare value becomes a Secret as well, so that it is scrubbed also where it stands without its scheme. */
function bearing(scheme: string, value: string): Secret {
  return new Secret(`${scheme} ${new Secret(value).reveal()}`);
}
