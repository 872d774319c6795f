// npm, as the sandbox brings it: the pinned one.

import { readResolver } from '../../validating/read-resolver.ts';
import type { Installer } from '../installer.ts';
import { NPM_LOCKFILES, readNpmLockfile } from './lockfile.ts';

const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'] as const;

export const NPM: Installer = {
  name: 'npm',
  title: 'npm',
  version: null,
  lockfiles: NPM_LOCKFILES,
  lockfile: 'package-lock.json',
  job: {},
  install: {
    title: 'npm install --ignore-scripts',
    // Many projects switch the lockfile off in .npmrc; without it no tree could be told from another.
    argv: ['npm', 'install', '--package-lock', ...QUIET, '--no-progress'],
  },
  installLocked: {
    title: 'npm ci --ignore-scripts',
    argv: ['npm', 'ci', '--package-lock', ...QUIET, '--no-progress'],
  },
  resolve: {
    title: 'npm install --package-lock-only --ignore-scripts',
    argv: ['npm', 'install', '--package-lock-only', '--package-lock', ...QUIET],
  },
  script(name, workspace) {
    const words = name === 'test' || name === 'start' ? `npm ${name}` : `npm run ${name}`;
    return workspace === undefined ? words : `${words} --workspace ${workspace.place}`;
  },
  settings: null,
  toSandbox: (lock) => lock,
  fromSandbox: (lock) => lock,
  readLockfile: readNpmLockfile,
  readFailure: readResolver,
};
