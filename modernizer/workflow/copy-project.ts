// Makes the copy in which all work happens, as a git repository of ours with the person's history.
// Rule: the person's tree is only read, links are never followed, and their git configuration is never used.
// Rule: the copy appears whole or not at all (made beside its place, then renamed), so a killed run begins anew.

import { constants, type Dirent } from 'node:fs';
import {
  access,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';

import { bytesText, type Fault } from 'kernel/basics';

import type { Git } from '../ecosystems/git.ts';
import type { InspectedProject } from './inspect-project.ts';
import { dirtyTree, noCommits, tooLarge } from './refusals.ts';

export interface ProjectCopy {
  /** The top of the copy. */
  readonly repository: string;
  /** The project's folder inside it, '' for the top itself. */
  readonly prefix: string;
  /** What the branch of the run begins at. */
  readonly baseCommit: string;
  /** True when the person's project is a git repository that can fetch the result. */
  readonly fromGit: boolean;
}

export type Copying =
  { readonly kind: 'copied'; readonly copy: ProjectCopy } | { readonly kind: 'refused'; readonly fault: Fault };

/** Source code; a project above this holds something else. */
const PROJECT_BYTES_MAX = 2 * 1024 ** 3;
const PROJECT_FILES_MAX = 200_000;
export const NEVER_COPIED: ReadonlySet<string> = new Set(['node_modules', '.git', '.tandem']);

export async function copyProject(
  git: Git,
  project: InspectedProject,
  target: string,
  includeUncommitted: boolean,
): Promise<Copying> {
  const making = `${target}.making`;
  await rm(making, { recursive: true, force: true });
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const outcome =
    project.git === null
      ? await copied(git, project, making)
      : await cloned(git, project, { ...project.git, making, includeUncommitted });
  if (outcome.kind === 'refused') {
    await rm(making, { recursive: true, force: true });
    return outcome;
  }
  await rm(target, { recursive: true, force: true });
  await rename(making, target);
  return { kind: 'copied', copy: { ...outcome.copy, repository: target } };
}

interface Cloning {
  readonly top: string;
  readonly prefix: string;
  readonly making: string;
  readonly includeUncommitted: boolean;
}

async function cloned(git: Git, project: InspectedProject, from: Cloning): Promise<Copying> {
  // A clone reads the objects and the branches of the project, and none of its configuration or hooks.
  await git(['clone', '--quiet', '--no-hardlinks', '--no-checkout', '--', from.top, from.making]);
  const state = await stateOf(git, from);
  if (state === 'no-commits' && !from.includeUncommitted) return { kind: 'refused', fault: noCommits(project.path) };
  if (state !== 'tracked') {
    await rm(from.making, { recursive: true, force: true });
    return copied(git, project, from.making);
  }
  await ignoreInstalled(from.making);
  await git(['-C', from.making, 'read-tree', 'HEAD']);
  const changed = await changedFiles(git, from);
  if (changed.length > 0 && !from.includeUncommitted) {
    return { kind: 'refused', fault: dirtyTree(project.path, changed) };
  }
  await git(['-C', from.making, 'reset', '--hard', '--quiet', 'HEAD']);
  if (changed.length > 0) await takeAlong(git, from);
  const baseCommit = (await git(['-C', from.making, 'rev-parse', 'HEAD'])).trim();
  return {
    kind: 'copied',
    copy: { repository: from.making, prefix: from.prefix, baseCommit, fromGit: true },
  };
}

/** A home folder under git does not make every project in it a part of that repository: the manifest has to be known. */
async function stateOf(git: Git, from: Cloning): Promise<'tracked' | 'not-tracked' | 'no-commits'> {
  const heads = await git(['-C', from.making, 'branch', '--all', '--list']);
  if (heads.trim() === '') return from.prefix === '' ? 'no-commits' : 'not-tracked';
  if (from.prefix === '') return 'tracked';
  const listed = await git(['-C', from.making, 'ls-tree', 'HEAD', '--', `${from.prefix}/package.json`]);
  return listed.trim() === '' ? 'not-tracked' : 'tracked';
}

/** The person's tree against the last commit, asked by a git folder of ours. */
async function changedFiles(git: Git, from: Cloning): Promise<readonly string[]> {
  const status = await git(
    ['--git-dir', join(from.making, '.git'), '--work-tree', from.top, 'status', '--porcelain', '-z', '--no-renames'],
    { cwd: from.top },
  );
  return status
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => line.slice(3))
    .filter((file) => !file.split('/').some((part) => NEVER_COPIED.has(part)));
}

async function takeAlong(git: Git, from: Cloning): Promise<void> {
  const ours = ['--git-dir', join(from.making, '.git')];
  await git([...ours, '--work-tree', from.top, 'add', '--all', '--', '.', ':(exclude,glob)**/node_modules/**'], {
    cwd: from.top,
  });
  await git([...ours, 'commit', '--quiet', '--message', 'Changes that were not committed, taken along as asked'], {
    cwd: from.top,
    env: { GIT_WORK_TREE: from.top },
  });
  await git(['-C', from.making, 'reset', '--hard', '--quiet', 'HEAD']);
}

async function copied(git: Git, project: InspectedProject, making: string): Promise<Copying> {
  await mkdir(making, { recursive: true, mode: 0o700 });
  const budget = { bytes: 0, files: 0 };
  const fits = await copyFolder(project.path, making, '', budget);
  if (!fits) return { kind: 'refused', fault: tooLarge(project.path, bytesText(PROJECT_BYTES_MAX)) };
  await git(['-C', making, 'init', '--quiet']);
  await ignoreInstalled(making);
  await git(['-C', making, 'add', '--all', '--force', '--', '.', ':(exclude,glob)**/node_modules/**']);
  await git(['-C', making, 'commit', '--quiet', '--allow-empty', '--message', 'The project as it was']);
  const baseCommit = (await git(['-C', making, 'rev-parse', 'HEAD'])).trim();
  return { kind: 'copied', copy: { repository: making, prefix: '', baseCommit, fromGit: false } };
}

/** Copies regular files, folders and links that stay inside; everything else is left out. False when it is too much. */
export async function copyFolder(
  from: string,
  to: string,
  inside: string,
  budget: { bytes: number; files: number },
): Promise<boolean> {
  for (const entry of await readdir(join(from, inside), { withFileTypes: true })) {
    if (NEVER_COPIED.has(entry.name)) continue;
    const place = join(inside, entry.name);
    if (!(await copyEntry(entry, { from, to, place, budget }))) return false;
  }
  return true;
}

interface CopyingEntry {
  readonly from: string;
  readonly to: string;
  readonly place: string;
  readonly budget: { bytes: number; files: number };
}

async function copyEntry(entry: Dirent, { from, to, place, budget }: CopyingEntry): Promise<boolean> {
  const [source, target] = [join(from, place), join(to, place)];
  if (entry.isDirectory()) {
    await mkdir(target, { recursive: true });
    return copyFolder(from, to, place, budget);
  }
  if (entry.isSymbolicLink()) {
    const aim = await readlink(source);
    if (staysInside(place, aim)) await symlink(aim, target);
    return true;
  }
  if (!entry.isFile()) return true;
  budget.files += 1;
  budget.bytes += (await stat(source)).size;
  if (budget.files > PROJECT_FILES_MAX || budget.bytes > PROJECT_BYTES_MAX) return false;
  await copyFile(source, target, constants.COPYFILE_FICLONE);
  return true;
}

function staysInside(place: string, aim: string): boolean {
  if (isAbsolute(aim)) return false;
  const landing = normalize(join(dirname(place), aim));
  return landing !== '..' && !landing.startsWith(`..${sep}`);
}

/** Keeps installed packages out of every commit, whatever the project's own ignore rules say. */
async function ignoreInstalled(repository: string): Promise<void> {
  const file = join(repository, '.git', 'info', 'exclude');
  await mkdir(dirname(file), { recursive: true });
  const before = await readFile(file, 'utf8').catch(() => '');
  await writeFile(file, `${before}\nnode_modules/\n.tandem/\n`);
}

/** True when the copy is there already, from before a restart. */
export const isCopied = (target: string): Promise<boolean> =>
  access(join(target, '.git')).then(
    () => true,
    () => false,
  );
