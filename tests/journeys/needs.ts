// What journeys need of the machine: looked for, installed by apt where that may be done, else said plainly.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Need } from './journey.ts';

export type Met = { readonly kind: 'met' } | { readonly kind: 'missing'; readonly why: string };

interface NeedRow {
  /** Null when it cannot be installed. */
  readonly packageName: string | null;
  isThere(): boolean | Promise<boolean>;
  readonly missing: string;
}

const INSTALL_MS_MAX = 300_000;
const ANSWER_MS_MAX = 10_000;

export const registryUrl = (): string => {
  const url = process.env['npm_config_registry'] ?? 'https://registry.npmjs.org/';
  return url.endsWith('/') ? url : `${url}/`;
};

const NEEDS: Readonly<Record<Need, NeedRow>> = {
  bubblewrap: { packageName: 'bubblewrap', isThere: () => isOnPath('bwrap'), missing: 'bubblewrap is not installed' },
  chromium: {
    packageName: 'chromium',
    isThere: () => isOnPath('chromium') || isOnPath('chromium-browser') || isOnPath('google-chrome'),
    missing: 'there is no Chromium',
  },
  postgres: { packageName: 'postgresql', isThere: hasPostgres, missing: 'PostgreSQL is not installed' },
  registry: { packageName: null, isThere: registryAnswers, missing: `${registryUrl()} does not answer` },
};

const known = new Map<Need, Met>();

/** Whether the need is met, after trying to meet it. Asked once in a run. */
export async function meet(need: Need, log: (line: string) => void): Promise<Met> {
  const found = known.get(need) ?? (await lookFor(need, log));
  known.set(need, found);
  return found;
}

async function lookFor(need: Need, log: (line: string) => void): Promise<Met> {
  const { packageName, isThere, missing } = NEEDS[need];
  if (await isThere()) return { kind: 'met' };
  if (packageName === null) return { kind: 'missing', why: missing };
  const refusal = whyNotInstalled();
  if (refusal !== null) return { kind: 'missing', why: `${missing}, and ${refusal}: apt-get install ${packageName}` };
  log(`installing ${packageName} by apt …`);
  const told = installPackage(packageName);
  return (await isThere())
    ? { kind: 'met' }
    : { kind: 'missing', why: `${missing}, and apt could not install it: ${told}` };
}

function whyNotInstalled(): string | null {
  if (!isOnPath('apt-get')) return 'this machine has no apt';
  return process.getuid?.() === 0 ? null : 'only root may install it';
}

let isUpdated = false;

function installPackage(name: string): string {
  const run = (args: readonly string[]) =>
    spawnSync('apt-get', args, {
      encoding: 'utf8',
      timeout: INSTALL_MS_MAX,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  if (!isUpdated) run(['update', '-q']);
  isUpdated = true;
  const { stderr } = run(['install', '-y', '-q', '--no-install-recommends', name]);
  return (stderr ?? '').trim().split('\n').at(-1) ?? '';
}

const isOnPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));

function hasPostgres(): boolean {
  const folder = '/usr/lib/postgresql';
  return existsSync(folder) && readdirSync(folder).some((version) => existsSync(join(folder, version, 'bin/postgres')));
}

async function registryAnswers(): Promise<boolean> {
  try {
    const answer = await fetch(`${registryUrl()}ms/latest`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return answer.ok;
  } catch (thrown) {
    // No name, no route, no answer in time: all of them mean that it cannot be reached.
    if (thrown instanceof Error) return false;
    throw thrown;
  }
}
