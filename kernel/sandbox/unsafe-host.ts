// A job without confinement, for those who asked for it by name: it sees the host, and its network is the host's.
// Rule: even so the environment is the allow-list, npm's registry is the proxy (tokens stay here), and wall time and
// output are limited. Everything that shows its results says `unsafe`.

import { jobRefused } from './faults.ts';
import { addedEnvironment, registryPath, type HostPlaces } from './inside.ts';
import { jobEnvironment, type Environment } from './environment.ts';
import { startedThenExec } from './launch.ts';
import type { Job } from './sandbox.ts';
import type { Scratch } from './scratch.ts';

export interface HostLaunch {
  readonly argv: readonly string[];
  readonly environment: Environment;
  readonly folder: string;
}

/** Any free port: others use this network too. */
const FREE_PORT = '0';

export function unsafeHostLaunch(job: Job, host: HostPlaces, scratch: Scratch): HostLaunch {
  if ((job.layers ?? []).length > 0) throw jobRefused('Without confinement there are no layers.');
  const places = {
    path: [scratch.hostLaunchers, '/usr/local/bin', '/usr/bin', '/bin'],
    home: scratch.hostHome,
    cache: job.phase === 'install' && job.cache !== undefined ? job.cache : `${scratch.hostHome}/npm-cache`,
    npm: host.npm,
  };
  const forwarder = [host.node, host.forwarder, host.registrySocket, FREE_PORT, registryPath(job, host.registry)];
  return {
    argv: startedThenExec(job.phase === 'install' ? [...forwarder, ...job.argv] : job.argv),
    environment: jobEnvironment(job.phase, places, addedEnvironment(job, host.npmSettings)),
    folder: job.project,
  };
}
