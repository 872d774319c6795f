// Yarn 1, the pinned one: whatever version or yarn-path a project names, no other runs.
// It fetches each tarball from the address in its lockfile, so addresses of the registry are turned to the proxy for
// an installation and back afterwards; what the project kept stays as it was, byte by byte.

import type { Installer } from '../installer.ts';
import { CACHE, pinnedProgram, shell } from '../pinned-program.ts';
import { readClassicLockfile } from './classic-lockfile.ts';
import { readYarnFailure } from './read-failure.ts';

const { program, version } = pinnedProgram('yarn', 'yarn', 'bin/yarn.js');

const ARGUMENTS = [
  '--ignore-scripts',
  '--non-interactive',
  '--no-progress',
  // Which releases of Node a dependency may ask for is the planner's question.
  '--ignore-engines',
  '--prefer-offline',
  `--cache-folder=${CACHE}/yarn-classic`,
  // Two of it at once spoil the cache for each other.
  `--mutex=file:${CACHE}/yarn-classic-mutex`,
].join(' ');

export const YARN_CLASSIC: Installer = {
  name: 'yarn-classic',
  title: 'Yarn 1',
  version,
  lockfiles: ['yarn.lock'],
  lockfile: 'yarn.lock',
  job: { programs: [program], tarballs: 'here', env: { YARN_IGNORE_PATH: '1', npm_config_progress: 'false' } },
  install: { title: 'yarn install --ignore-scripts', argv: shell(`yarn install ${ARGUMENTS}`) },
  installLocked: null,
  // It cannot make a lockfile alone.
  resolve: { title: 'yarn install --ignore-scripts', argv: shell(`yarn install ${ARGUMENTS}`) },
  script: yarnScript,
  settings: null,
  toSandbox,
  fromSandbox,
  readLockfile: readClassicLockfile,
  readFailure: readYarnFailure,
};

export function yarnScript(name: string, workspace?: { readonly name: string }): string {
  const words = name === 'test' || name === 'start' ? name : `run ${name}`;
  return workspace === undefined ? `yarn ${words}` : `yarn workspace ${workspace.name} ${words}`;
}

/** Where the proxy is inside a sandbox; only a sandbox has it at that port. */
const INSIDE = 'http://127.0.0.1:4873/-/here';
const KNOWN = 'https?://registry\\.(?:yarnpkg\\.com|npmjs\\.org)/';
const DEFAULT_REGISTRY = 'https://registry.yarnpkg.com/';

function toSandbox(lock: string, registry: string): string {
  const inside = `${INSIDE}${new URL(registry).pathname}`;
  const own = registry.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return lock.replaceAll(new RegExp(`^(  resolved ")(?:${own}|${KNOWN})`, 'gm'), `$1${inside}`);
}

function fromSandbox(lock: string, registry: string, before: string | null): string {
  const path = new URL(registry).pathname;
  const kept = new Map<string, string>();
  const bases = new Map<string, number>();
  for (const [, address = ''] of (before ?? '').matchAll(/^ {2}resolved "([^"]+)"$/gm)) {
    const base = new RegExp(`^(?:${KNOWN})`).exec(address)?.[0] ?? (address.startsWith(registry) ? registry : null);
    if (base === null) continue;
    kept.set(address.slice(base.length), base);
    bases.set(base, (bases.get(base) ?? 0) + 1);
  }
  const usual = [...bases].sort(([, a], [, b]) => b - a)[0]?.[0];
  // A lockfile made on a mirror of the registry belongs to whoever takes the upgrades home: it names what theirs names.
  const base = usual ?? (/registry\.npmjs\.org/.test(registry) ? DEFAULT_REGISTRY : registry);
  return lock.replaceAll(
    /^( {2}resolved ")http:\/\/127\.0\.0\.1:\d+\/-\/here([^"]+)"$/gm,
    (_, start: string, rest: string) => {
      const place = rest.slice(path.length);
      return `${start}${kept.get(place) ?? base}${place}"`;
    },
  );
}
