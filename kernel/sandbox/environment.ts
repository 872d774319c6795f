// The environment of a job: an exact allow-list, whatever Tandem's own environment holds.
// Rule: npm takes the environment over a project's .npmrc, so what must not be redirected is set here and is
// the last word over the job's own additions.

import type { Phase } from './sandbox.ts';

export interface Places {
  /** Folders in which programs are found, first one first. */
  readonly path: readonly string[];
  readonly home: string;
  readonly cache: string;
  /** The folder of the pinned npm. */
  readonly npm: string;
}

export type Environment = Readonly<Record<string, string>>;

/** Under which the wrapper runs before the job's own environment is set: nothing of ours, nothing of the job's. */
export const WRAPPER_ENVIRONMENT: Environment = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
};

/** `npm_config_registry` is added by the forwarder, which knows its port. */
export function jobEnvironment(phase: Phase, places: Places, added: Environment = {}): Environment {
  const npm = phase === 'install' ? { npm_execpath: `${places.npm}/bin/npm-cli.js` } : {};
  return { LANG: 'C.UTF-8', CI: '1', ...added, ...NPM_ALWAYS, ...NPM_IN_PHASE[phase], ...npm, ...placed(places) };
}

const placed = (places: Places): Environment => ({
  PATH: places.path.join(':'),
  HOME: places.home,
  npm_config_cache: places.cache,
});

const NPM_ALWAYS: Environment = {
  npm_config_userconfig: '/dev/null',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  npm_config_script_shell: '/bin/sh',
  npm_config_git: 'git',
};

const NPM_IN_PHASE: Readonly<Record<Phase, Environment>> = {
  install: {
    npm_config_ignore_scripts: 'true',
    // Lockfiles may name any host; only the configured registry can be reached.
    npm_config_replace_registry_host: 'always',
    npm_config_noproxy: '127.0.0.1,localhost',
    // The proxy is on loopback: a failure is known at once, and npm's 10 s waits would only hide it.
    npm_config_fetch_retries: '2',
    npm_config_fetch_retry_factor: '2',
    npm_config_fetch_retry_mintimeout: '500',
    npm_config_fetch_retry_maxtimeout: '5000',
  },
  // Without a network npm would retry for minutes before it says so.
  run: { npm_config_offline: 'true' },
};
