// The port of a package manager: what it is called, what it runs, which lockfile it keeps and what that installs.
// Rule: each installs inside the sandbox, without any script or plugin of the project, from the one registry, and
// shares no file with another tree; installer.contract.ts holds all of them to it.
// Not here: which one a project is of (../intake/choose-installer.ts) and what is upgraded (../planning).

import type { Job } from 'kernel/sandbox';

import type { ResolverFailure } from '../validating/read-resolver.ts';
import type { WorkspaceManifest } from './workspaces.ts';

export type InstallerName = 'npm' | 'pnpm' | 'yarn-classic' | 'yarn';

/** One question about a tree: which version a workspace gets for a range that it declares. */
export interface DeclaredRange {
  /** Folder of the workspace, '' for the top. */
  readonly place: string;
  readonly name: string;
  readonly range: string;
}

/** What a lockfile says of its packages: where each version lies, or only which versions of each name there are. */
export type LockedPackages =
  | { readonly by: 'place'; readonly versions: ReadonlyMap<string, string> }
  | { readonly by: 'name'; readonly versions: ReadonlyMap<string, ReadonlySet<string>> };

/** What a lockfile installs. */
export interface Tree {
  /** 0 for a lockfile that installs nothing. */
  readonly size: number;
  /** sha256 over what would be installed where: equal trees have equal hashes. */
  readonly hash: string;
  /** Packages that have an install script, as far as the lockfile says so. */
  readonly scripted: readonly string[];
  readonly packages: LockedPackages;
  /** Null when the tree does not install it. */
  installed(asked: DeclaredRange): string | null;
}

export type LockfileReading =
  { readonly kind: 'tree'; readonly tree: Tree } | { readonly kind: 'unreadable'; readonly reason: string };

export interface InstallerCommand {
  /** As a person would type it. */
  readonly title: string;
  readonly argv: readonly [string, ...string[]];
}

export interface Installer {
  readonly name: InstallerName;
  /** As people call it: npm, pnpm, Yarn 1, Yarn. */
  readonly title: string;
  /** Of the pinned package; null where the sandbox brings its own. */
  readonly version: string | null;
  /** File names of its lockfiles, the one it prefers first. */
  readonly lockfiles: readonly string[];
  /** The lockfile that it writes. */
  readonly lockfile: string;
  /** What every job needs that may call it, in both phases. */
  readonly job: Pick<Job, 'programs' | 'tarballs' | 'env'>;
  /** Installs over the lockfile that is there, changing it where a manifest asks for that. */
  readonly install: InstallerCommand;
  /** Installs exactly what the lockfile says; null where `install` does, or where it cannot be asked for. */
  readonly installLocked: InstallerCommand | null;
  /** Makes the lockfile and, where the installer can, nothing else. */
  readonly resolve: InstallerCommand;
  /** Runs a script of the top, or of one workspace, as a person would type it. */
  script(name: string, workspace?: { readonly place: string; readonly name: string }): string;
  /** Settings of the project that would run code or lead elsewhere, as a trial's copy may have them. */
  readonly settings: { readonly file: string; confined(text: string): string } | null;
  /** The lockfile as the sandbox needs it, and as the project keeps it. `before`: the one it kept, or null. */
  toSandbox(lock: string, registry: string): string;
  fromSandbox(lock: string, registry: string, before: string | null): string;
  readLockfile(text: string, manifests: readonly WorkspaceManifest[]): LockfileReading;
  readFailure(output: string): ResolverFailure;
}
