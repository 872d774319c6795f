// pnpm, the pinned one: whatever version a project names, no other is fetched.
// Rule: packages are copied out of the store, never linked to it: a test that writes into one would reach every tree.

import type { Installer } from '../installer.ts';
import { CACHE, pinnedProgram, shell } from '../pinned-program.ts';
import { readPnpmLockfile } from './lockfile.ts';
import { readPnpmFailure } from './read-failure.ts';

const { program, version } = pinnedProgram('pnpm', 'pnpm', 'bin/pnpm.cjs');

const ARGUMENTS = [
  '--no-frozen-lockfile',
  '--ignore-scripts',
  // The project's own hooks are code: installing runs none.
  '--ignore-pnpmfile',
  `--store-dir=${CACHE}/store`,
  '--package-import-method=copy',
  '--reporter=append-only',
].join(' ');

export const PNPM: Installer = {
  name: 'pnpm',
  title: 'pnpm',
  version,
  lockfiles: ['pnpm-lock.yaml'],
  lockfile: 'pnpm-lock.yaml',
  job: {
    programs: [program],
    tarballs: 'here',
    env: {
      npm_config_manage_package_manager_versions: 'false',
      npm_config_package_manager_strict: 'false',
      npm_config_verify_deps_before_run: 'false',
      // The settings above are not handed on to scripts; a pnpm in a script asks these whether it may be another one.
      COREPACK_ROOT: '/tandem/programs',
      COREPACK_ENABLE_STRICT: '0',
    },
  },
  install: { title: 'pnpm install --ignore-scripts', argv: shell(`pnpm install ${ARGUMENTS} --prefer-offline`) },
  installLocked: null,
  resolve: { title: 'pnpm install --lockfile-only', argv: shell(`pnpm install --lockfile-only ${ARGUMENTS}`) },
  script(name, workspace) {
    const words = name === 'test' || name === 'start' ? name : `run ${name}`;
    return workspace === undefined ? `pnpm ${words}` : `pnpm --filter ./${workspace.place} ${words}`;
  },
  settings: null,
  toSandbox: (lock) => lock,
  fromSandbox: (lock) => lock,
  readLockfile: readPnpmLockfile,
  readFailure: readPnpmFailure,
};
