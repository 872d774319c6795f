// Yarn from 2 on, the pinned one, into node_modules. Plug'n'Play is refused before anything is copied.
// Rule: a yarnPath or a plugin of the project is code: neither runs while installing.

import { parseDocument } from 'yaml';

import type { Installer } from '../installer.ts';
import { CACHE, pinnedProgram, shell } from '../pinned-program.ts';
import { readBerryLockfile } from './berry-lockfile.ts';
import { yarnScript } from './classic.ts';
import { readYarnFailure } from './read-failure.ts';

const { program, version } = pinnedProgram('yarn', '@yarnpkg/cli-dist', 'bin/yarn.js');

/** What would run code of the project, fetch from elsewhere, or link trees to each other. */
const SETTINGS_TAKEN_OUT = [
  'yarnPath',
  'plugins',
  'enableConstraintsChecks',
  'injectEnvironmentFiles',
  'initScope',
  'npmRegistryServer',
  'npmRegistries',
  'npmScopes',
  'httpProxy',
  'httpsProxy',
  'cacheFolder',
  'globalFolder',
  'enableGlobalCache',
  'enableImmutableCache',
  'nmMode',
  'unsafeHttpWhitelist',
  'networkSettings',
];

const inCache = (words: string): readonly [string, ...string[]] =>
  shell(`env YARN_GLOBAL_FOLDER=${CACHE}/yarn yarn ${words}`);

export const YARN: Installer = {
  name: 'yarn',
  title: 'Yarn',
  version,
  lockfiles: ['yarn.lock'],
  lockfile: 'yarn.lock',
  job: {
    programs: [program],
    tarballs: 'here',
    env: {
      YARN_IGNORE_PATH: '1',
      YARN_ENABLE_TELEMETRY: '0',
      YARN_ENABLE_SCRIPTS: '0',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_ENABLE_HARDENED_MODE: '0',
      YARN_ENABLE_GLOBAL_CACHE: 'true',
      YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
      YARN_NODE_LINKER: 'node-modules',
      YARN_NM_MODE: 'classic',
      YARN_HTTP_RETRY: '1',
      YARN_ENABLE_PROGRESS_BARS: 'false',
    },
  },
  install: { title: 'yarn install --mode=skip-build', argv: inCache('install --mode=skip-build') },
  installLocked: null,
  resolve: { title: 'yarn install --mode=update-lockfile', argv: inCache('install --mode=update-lockfile') },
  script: yarnScript,
  settings: { file: '.yarnrc.yml', confined: confinedSettings },
  toSandbox: (lock) => lock,
  fromSandbox: (lock) => lock,
  readLockfile: readBerryLockfile,
  readFailure: readYarnFailure,
};

function confinedSettings(text: string): string {
  const document = parseDocument(text);
  for (const name of SETTINGS_TAKEN_OUT) document.delete(name);
  const left = document.toString({ lineWidth: 0 });
  return left.trim() === 'null' || left.trim() === '{}' ? '' : left;
}
