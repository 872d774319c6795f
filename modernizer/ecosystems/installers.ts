// The package managers that a project can be installed with, and those that it cannot.

import { NPM } from './npm/npm.ts';
import type { InstallerName, Installer } from './installer.ts';
import { PNPM } from './pnpm/pnpm.ts';
import { YARN } from './yarn/berry.ts';
import { YARN_CLASSIC } from './yarn/classic.ts';

export const INSTALLERS: readonly Installer[] = [NPM, PNPM, YARN_CLASSIC, YARN];

export const installerNamed = (name: InstallerName): Installer =>
  INSTALLERS.find((installer) => installer.name === name) ?? NPM;

/** The tool that wrote a lockfile, by the file's name, for those that nothing here installs with. */
export const FOREIGN_LOCKFILES: ReadonlyMap<string, string> = new Map([
  ['bun.lock', 'Bun'],
  ['bun.lockb', 'Bun'],
  ['deno.lock', 'Deno'],
]);
