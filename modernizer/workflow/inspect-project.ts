// Looks at a folder and says whether it is a project that can be upgraded, before anything is copied or run.
// Rule: nothing is written and no code or configuration of the project is executed.

import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

import type { Fault } from 'kernel/basics';

import { FOREIGN_LOCKFILES, NPM_LOCKFILES, readLockfile } from '../ecosystems/npm/lockfile.ts';
import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import {
  foreignLockfile,
  lockfileUnreadable,
  manifestUnreadable,
  notAProject,
  workspacesUnsupported,
} from './refusals.ts';

export interface InspectedProject {
  /** Absolute, links resolved. */
  readonly path: string;
  readonly name: string;
  readonly manifest: Manifest;
  /** The name of npm's lockfile in the folder, or null. */
  readonly lockfile: string | null;
  /** The top of the git repository the project lies in, and the project's place in it; null outside git. */
  readonly git: { readonly top: string; readonly prefix: string } | null;
}

export type Inspection =
  | { readonly kind: 'project'; readonly project: InspectedProject }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** Manifests are kilobytes; one above this is not one. */
const MANIFEST_BYTES_MAX = 4 * 1024 * 1024;

export async function inspectProject(path: string): Promise<Inspection> {
  const place = await foundFolder(path);
  if (place.kind === 'refused') return place;
  const file = join(place.path, 'package.json');
  const size = await fileSize(file);
  if (size === undefined) return refused(notAProject(path, 'There is no package.json in it.'));
  if (size > MANIFEST_BYTES_MAX) return refused(manifestUnreadable(file, 'it is far too long for a manifest', 1));
  const reading = readManifest(await readFile(file, 'utf8'));
  if (reading.kind === 'unreadable') return refused(manifestUnreadable(file, reading.reason, reading.line));
  if (reading.manifest.workspaces !== undefined) return refused(workspacesUnsupported(place.path));
  const lock = await lockfileOf(place.path);
  if (lock.kind === 'refused') return lock;
  return {
    kind: 'project',
    project: {
      path: place.path,
      name: reading.manifest.name === '' ? basename(place.path) : reading.manifest.name,
      manifest: reading.manifest,
      lockfile: lock.name,
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

async function lockfileOf(path: string): Promise<Refused | { readonly kind: 'lock'; readonly name: string | null }> {
  const names = new Set(await readdir(path));
  const own = NPM_LOCKFILES.find((name) => names.has(name));
  if (own !== undefined) {
    const reading = readLockfile(await readFile(join(path, own), 'utf8'));
    if (reading.kind === 'unreadable') return refused(lockfileUnreadable(join(path, own), reading.reason));
    return { kind: 'lock', name: own };
  }
  for (const [name, tool] of FOREIGN_LOCKFILES) {
    if (names.has(name)) return refused(foreignLockfile(path, name, tool));
  }
  return { kind: 'lock', name: null };
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

async function fileSize(file: string): Promise<number | undefined> {
  try {
    const stat = await lstat(await realpath(file));
    return stat.isFile() ? stat.size : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
