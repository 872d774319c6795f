// Which package manager a project is of, from its lockfiles and what it declares. Pure.
// Rule: a person's own word comes first, then the one lockfile there is; of several managers' lockfiles the one that
// `packageManager` names, else nobody guesses: the trees may differ, and only a person knows which one is meant.

import { FOREIGN_LOCKFILES, INSTALLERS } from '../ecosystems/installers.ts';
import type { InstallerName, Installer } from '../ecosystems/installer.ts';
import type { InstallerChoice } from '../protocol/index.ts';

export interface InstallerFacts {
  /** Names of the files at the project's top. */
  readonly files: ReadonlySet<string>;
  /** `packageManager` of the manifest, such as `pnpm@9.1.0`. */
  readonly declared: string | undefined;
  /** The text of yarn.lock and of .yarnrc.yml, '' where there is none. */
  readonly yarnLock: string;
  readonly yarnSettings: string;
  /** What a person said, or null. */
  readonly asked: InstallerChoice | null;
}

export type InstallerChosen =
  | { readonly kind: 'chosen'; readonly installer: Installer; readonly lockfile: string | null }
  | { readonly kind: 'several'; readonly files: readonly string[]; readonly commands: readonly string[] }
  | { readonly kind: 'foreign'; readonly file: string; readonly tool: string }
  | { readonly kind: 'plug-and-play' };

export function chooseInstaller(facts: InstallerFacts): InstallerChosen {
  const found = INSTALLERS.filter(({ name }) => name !== 'yarn' && name !== 'yarn-classic')
    .map((installer) => ({ installer, lockfile: installer.lockfiles.find((file) => facts.files.has(file)) ?? null }))
    .concat({ installer: yarnOf(facts), lockfile: facts.files.has('yarn.lock') ? 'yarn.lock' : null });
  const kept = found.filter(({ lockfile }) => lockfile !== null);
  const named = facts.asked ?? (kept.length === 1 ? null : declaredCommand(facts.declared));
  const own = found.find(({ installer }) => named !== null && commandOf(installer.name) === named);
  if (own !== undefined) return chosen(own, facts);
  const [only, second] = kept;
  if (second !== undefined) {
    const files = kept.flatMap(({ lockfile }) => lockfile ?? []);
    return { kind: 'several', files, commands: kept.map(({ installer }) => commandOf(installer.name)) };
  }
  if (only !== undefined) return chosen(only, facts);
  for (const [file, tool] of FOREIGN_LOCKFILES) if (facts.files.has(file)) return { kind: 'foreign', file, tool };
  const settled = found.find(({ installer }) => commandOf(installer.name) === settingsOf(facts.files)) ?? found[0];
  if (settled === undefined) throw new RangeError('There is no package manager at all.');
  return chosen(settled, facts);
}

interface Found {
  readonly installer: Installer;
  readonly lockfile: string | null;
}

function chosen({ installer, lockfile }: Found, { files, yarnSettings }: InstallerFacts): InstallerChosen {
  // Yarn from 2 on links into node_modules only where it is told to.
  const linked = /^nodeLinker:\s*["']?node-modules["']?\s*$/m.test(yarnSettings);
  if (installer.name === 'yarn' && (!linked || files.has('.pnp.cjs'))) return { kind: 'plug-and-play' };
  return { kind: 'chosen', installer, lockfile };
}

function yarnOf({ yarnLock, yarnSettings, declared }: InstallerFacts): Installer {
  const isBerry =
    yarnLock.includes('__metadata:') ||
    (yarnLock === '' && (yarnSettings !== '' || /^yarn@[2-9]/.test(declared ?? '')));
  const name: InstallerName = isBerry ? 'yarn' : 'yarn-classic';
  const installer = INSTALLERS.find((each) => each.name === name);
  if (installer === undefined) throw new RangeError('Yarn is not among the package managers.');
  return installer;
}

/** As a person calls it: both families of Yarn are `yarn`. */
const commandOf = (name: InstallerName): InstallerChoice => (name === 'yarn-classic' ? 'yarn' : name);

function declaredCommand(declared: string | undefined): InstallerChoice | null {
  const name = /^(npm|pnpm|yarn)@/.exec(declared ?? '')?.[1];
  return name === 'npm' || name === 'pnpm' || name === 'yarn' ? name : null;
}

/** Settings that only one of them reads. */
function settingsOf(files: ReadonlySet<string>): InstallerChoice {
  if (files.has('pnpm-workspace.yaml')) return 'pnpm';
  return files.has('.yarnrc.yml') ? 'yarn' : 'npm';
}
