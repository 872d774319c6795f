// What a job sees, as data: mounts, environment and argument list. Both confining back ends show the same.
// Rule: nothing of the host is here but /usr, the pinned Node and npm, and what the job names.

import { isAbsolute, normalize } from 'node:path';
import { mebibytes } from '../basics/index.ts';
import { jobEnvironment, type Environment } from './environment.ts';
import { jobRefused, mountRefused } from './faults.ts';
import { layerPlaces, type LayerPlaces } from './layers.ts';
import { HERE } from './registry-paths.ts';
import type { Job } from './sandbox.ts';

export type Mount =
  | { readonly kind: 'read-only'; readonly from: string; readonly at: string }
  | { readonly kind: 'writable'; readonly from: string; readonly at: string }
  | { readonly kind: 'link'; readonly target: string; readonly at: string }
  | { readonly kind: 'fresh'; readonly at: string; readonly bytesMax: number }
  | { readonly kind: 'layered'; readonly layer: LayerPlaces; readonly at: string };

/** In the order in which they are mounted: later ones may lie in earlier ones. */
export interface Inside {
  readonly mounts: readonly Mount[];
  readonly environment: Environment;
  readonly argv: readonly string[];
}

/** Where the host keeps what is mounted. Absolute, links resolved. */
export interface HostPlaces {
  /** `/usr`, and `/bin`, `/lib`, `/lib64` as the host has them: links or folders. */
  readonly system: readonly Mount[];
  readonly node: string;
  readonly npm: string;
  /** Our folders in the scratch folder: the small /etc, the launchers of npm and npx. */
  readonly etc: string;
  readonly launchers: string;
  readonly forwarder: string;
  readonly registrySocket: string;
  readonly registry: URL;
  /** npm's settings of this person that an install follows; see host-npm-settings.ts. */
  readonly npmSettings: Environment;
}

/** The job's own port in its own network: only one job listens there. */
const REGISTRY_PORT = 4873;
export const PROJECT = '/project';
const HOME = '/home/tandem';
const NPM = '/tandem/npm';
const PATH = ['/tandem/launchers', '/tandem/bin', '/usr/local/bin', '/usr/bin', '/bin'];
/** Compilers and test runners keep caches there; more than this is a leak. Counts as memory too. */
const FRESH_BYTES_MAX = mebibytes(1024);

export function insideOf(job: Job, host: HostPlaces): Inside {
  const installs = job.phase === 'install';
  const cache = installs && job.cache !== undefined ? job.cache : null;
  const mounts: Mount[] = [
    ...host.system,
    { kind: 'read-only', from: host.etc, at: '/etc' },
    { kind: 'read-only', from: host.node, at: '/tandem/bin/node' },
    { kind: 'read-only', from: host.npm, at: NPM },
    { kind: 'read-only', from: host.launchers, at: '/tandem/launchers' },
    { kind: 'fresh', at: '/tmp', bytesMax: FRESH_BYTES_MAX },
    { kind: 'fresh', at: HOME, bytesMax: FRESH_BYTES_MAX },
    { kind: 'writable', from: job.project, at: PROJECT },
  ];
  if (cache !== null) mounts.push({ kind: 'writable', from: cache, at: '/tandem/cache' });
  if (installs) {
    mounts.push({ kind: 'read-only', from: host.forwarder, at: '/tandem/forward-registry.mjs' });
    mounts.push({ kind: 'read-only', from: host.registrySocket, at: '/tandem/registry.sock' });
  }
  for (const { name, folder } of job.programs ?? []) {
    mounts.push({ kind: 'read-only', from: folder, at: programPlace(name) });
  }
  for (const { from, at } of job.readOnly ?? []) mounts.push({ kind: 'read-only', from, at: checkedPlace(at) });
  for (const layer of job.layers ?? []) {
    mounts.push({ kind: 'layered', layer: layerPlaces(layer), at: checkedPlace(layer.at) });
  }
  const places = { path: PATH, home: HOME, cache: cache === null ? '/tmp/npm-cache' : '/tandem/cache', npm: NPM };
  return {
    mounts,
    environment: jobEnvironment(job.phase, places, addedEnvironment(job, host.npmSettings)),
    argv: argvOf(job, host),
  };
}

/** Where a further program's folder is seen. */
export const programPlace = (name: string): string => `/tandem/programs/${name}`;

/** The path under which the proxy is asked, as the job wants its answers. */
export const registryPath = (job: Job, registry: URL): string =>
  job.tarballs === 'here' ? `${HERE}${registry.pathname}` : registry.pathname;

function argvOf(job: Job, host: HostPlaces): readonly string[] {
  // env would read it as a variable, and run what comes after it.
  if (job.argv[0].includes('=')) throw jobRefused(`${job.argv[0]} is no program.`);
  if (job.phase === 'run') return job.argv;
  const forwarder = ['/tandem/bin/node', '/tandem/forward-registry.mjs'];
  return [...forwarder, '/tandem/registry.sock', String(REGISTRY_PORT), registryPath(job, host.registry), ...job.argv];
}

const OWN_PLACES = ['/proc', '/dev', '/etc', '/usr', '/bin', '/sbin', '/lib', '/lib64', '/tandem/bin', NPM];

function checkedPlace(at: string): string {
  if (!isAbsolute(at) || normalize(at) !== at || at.endsWith('/') || at.includes('\0')) {
    throw mountRefused(at, 'It is not a normalised absolute path.');
  }
  const own = OWN_PLACES.find((place) => at === place || at.startsWith(`${place}/`));
  if (own !== undefined || at === PROJECT) throw mountRefused(at, `It would hide ${own ?? PROJECT}.`);
  return at;
}

/** What a job adds to its environment, and in an install npm's settings of this person. */
export function addedEnvironment(job: Job, npmSettings: Environment): Environment {
  for (const [name, value] of Object.entries(job.env ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_@:/.-]*$/.test(name) || value.includes('\0')) {
      throw jobRefused(`${JSON.stringify(name)} is no environment variable that can be set.`);
    }
  }
  return job.phase === 'install' ? { ...npmSettings, ...job.env } : { ...job.env };
}
