// Looks at a folder and says whether it is a project that can be upgraded, before anything is copied or run.
// Rule: nothing is written and no code or configuration of the project is executed.

import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';

import { unreachable, type Fault } from 'kernel/basics';

import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import type { Installer } from '../ecosystems/installer.ts';
import type { WorkspaceManifest } from '../ecosystems/workspaces.ts';
import { chooseInstaller } from '../intake/choose-installer.ts';
import { findWorkspaces, workspacePatterns } from '../intake/find-workspaces.ts';
import type { InstallerChoice } from '../protocol/index.ts';
import {
  foreignLockfile,
  lockfilesOfSeveral,
  lockfileUnreadable,
  manifestUnreadable,
  notAProject,
  plugAndPlay,
  workspacesWrong,
} from './refusals.ts';

export interface InspectedProject {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly name: string;
  /** The top's, then those of its workspaces. */
  readonly manifests: readonly [WorkspaceManifest, ...WorkspaceManifest[]];
  readonly installer: Installer;
  /** The name of its package manager’s lockfile in the folder, or null. */
  readonly lockfile: string | null;
  /** The top of the git repository the project lies in, and the project's place in it; null outside git. */
  readonly git: { readonly top: string; readonly prefix: string } | null;
}

export type Inspection =
  | { readonly kind: 'project'; readonly project: InspectedProject }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Manifests are kilobytes; one above this is not one. */
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;

export async function inspectProject(path: string, asked: InstallerChoice | null = null): Promise<Inspection> {
  const place = await foundFolder(path);
  if (place.kind === 'refused') return place;
  const file = join(place.path, 'package.json');
  const size = await fileSize(file);
  if (size === undefined) return refused(notAProject(path, 'There is no package.json in it.'));
  if (size > MANIFEST_BYTES_MAX) return refused(manifestUnreadable(file, 'it is far too long for a manifest', 1));
  const reading = readManifest(await readFile(file, 'utf8'));
  if (reading.kind === 'unreadable') return refused(manifestUnreadable(file, reading.reason, reading.line));
  const { manifest } = reading;
  const choice = await installerOf(place.path, manifest, asked);
  if (choice.kind === 'refused') return choice;
  const found = await workspacesOf(place.path, manifest, choice.installer);
  if (found.kind === 'refused') return found;
  const manifests = [{ place: '', manifest }, ...found.workspaces] as const;
  const { installer, lockfile } = choice;
  const lock = await checkedLockfile(place.path, { installer, lockfile, manifests });
  if (lock !== null) return lock;
  return {
    kind: 'project',
    project: {
      path: place.path,
      name: manifest.name === '' ? basename(place.path) : manifest.name,
      manifests,
      installer,
      lockfile,
      git: await gitPlaceOf(place.path),
    },
  };
}

type Refused = { readonly kind: 'refused'; readonly fault: Fault };
const refused = (fault: Fault): Refused => ({ kind: 'refused', fault });

async function foundFolder(path: string): Promise<Refused | { readonly kind: 'folder'; readonly path: string }> {
  try {
    const real = await realpath(path);
    if ((await lstat(real)).isDirectory()) return { kind: 'folder', path: real };
    return refused(notAProject(path, 'It is not a folder.'));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return refused(notAProject(path, 'There is nothing at that path.'));
    if (code === 'EACCES') return refused(notAProject(path, 'This user may not read it.'));
    throw error;
  }
}

type Choice = Refused | { readonly kind: 'installer'; readonly installer: Installer; readonly lockfile: string | null };

async function installerOf(path: string, manifest: Manifest, asked: InstallerChoice | null): Promise<Choice> {
  const chosen = chooseInstaller({
    files: new Set(await readdir(path)),
    declared: manifest.packageManager,
    yarnLock: await textOf(join(path, 'yarn.lock')),
    yarnSettings: await textOf(join(path, '.yarnrc.yml')),
    asked,
  });
  switch (chosen.kind) {
    case 'chosen':
      return { kind: 'installer', installer: chosen.installer, lockfile: chosen.lockfile };
    case 'several':
      return refused(lockfilesOfSeveral(path, chosen.files, chosen.commands));
    case 'foreign':
      return refused(foreignLockfile(path, chosen.file, chosen.tool));
    case 'plug-and-play':
      return refused(plugAndPlay(path));
    default:
      return unreachable(chosen);
  }
}

/** What is longer is no lockfile that anybody wrote by installing. */
const LOCKFILE_BYTES_MAX = 64 * 1024 * 1024;

/** The text of a file, '' where there is none. */
async function textOf(file: string): Promise<string> {
  const size = await fileSize(file);
  return size === undefined || size > LOCKFILE_BYTES_MAX ? '' : readFile(file, 'utf8');
}

type FoundWorkspaces = Refused | { readonly kind: 'found'; readonly workspaces: readonly WorkspaceManifest[] };

async function workspacesOf(path: string, manifest: Manifest, installer: Installer): Promise<FoundWorkspaces> {
  // pnpm reads a file of its own and not the manifest; without the file there are none.
  const own = installer.name === 'pnpm' ? await textOf(join(path, 'pnpm-workspace.yaml')) : null;
  const patterns = workspacePatterns(manifest, own);
  if (patterns === undefined) {
    const where = own === null ? '"workspaces" in package.json' : 'pnpm-workspace.yaml';
    return refused(workspacesWrong(path, `${where} is not a list of patterns`));
  }
  const reading = await findWorkspaces(path, patterns);
  switch (reading.kind) {
    case 'workspaces':
      return { kind: 'found', workspaces: reading.workspaces };
    case 'manifest-unreadable':
      return refused(manifestUnreadable(reading.file, reading.reason, reading.line));
    case 'wrong':
      return refused(workspacesWrong(path, reading.why));
    default:
      return unreachable(reading);
  }
}

interface LockfileFacts {
  readonly installer: Installer;
  readonly lockfile: string | null;
  readonly manifests: readonly WorkspaceManifest[];
}

/** Null when it can be read, or there is none. */
async function checkedLockfile(
  path: string,
  { installer, lockfile, manifests }: LockfileFacts,
): Promise<Refused | null> {
  if (lockfile === null) return null;
  const file = join(path, lockfile);
  const reading = installer.readLockfile(await textOf(file), manifests);
  return reading.kind === 'tree' ? null : refused(lockfileUnreadable(file, reading.reason, installer.resolve.title));
}

/** The nearest folder above that holds a `.git`. */
async function gitPlaceOf(path: string): Promise<InspectedProject['git']> {
  for (let folder = path; ; folder = dirname(folder)) {
    try {
      await lstat(join(folder, '.git'));
      return { top: folder, prefix: relative(folder, path) };
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    if (dirname(folder) === folder) return null;
  }
}

/** Of a file of the project; what a link outside of it leads to is none of its files. */
async function fileSize(file: string): Promise<number | undefined> {
  try {
    const real = await realpath(file);
    const top = await realpath(dirname(file));
    if (real !== top && !real.startsWith(`${top}${sep}`)) return undefined;
    const stat = await lstat(real);
    return stat.isFile() ? stat.size : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
