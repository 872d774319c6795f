// The files of one trial: a clean tree with the ranges in question, and the evidence that stays.
// Rule: evidence is a log, the manifest, the lockfile that was resolved and the verdict; the tree itself goes.

import { execFile } from 'node:child_process';
import { appendFile, lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { scrub } from 'kernel/basics';
import { removeTree, type Layer } from 'kernel/sandbox';

import type { Installer } from '../ecosystems/installer.ts';
import { INSTALLERS } from '../ecosystems/installers.ts';
import { manifestPath, questionText, type ManifestFile } from '../ecosystems/workspaces.ts';
import { readOwnFile } from '../ecosystems/read-own-file.ts';
import { writeOwnFile } from '../ecosystems/write-own-file.ts';
import { copyFolder, NEVER_COPIED } from '../workflow/copy-project.ts';
import { confineSettings } from './confine-settings.ts';
import type { TreeWanted } from './trees/make-tree.ts';

export interface TrialFolder {
  /** The tree, mounted into the sandbox. */
  readonly project: string;
  /** Our probes on the host, and where they are seen inside. */
  readonly probes: { readonly from: string; readonly at: string };
  /** Hears output as it comes; written to the log in order. */
  hear(text: string): void;
  log(text: string): Promise<void>;
  readonly installer: Installer;
  readonly allowedScripts: readonly string[];
  readonly manifests: readonly ManifestFile[];
  /** What the package manager resolved, read before any code of the project has run; kept as evidence. */
  takeLockfile(): Promise<string | null>;
  /** Takes a lockfile that was resolved from these manifests before. */
  useLockfile(text: string): Promise<void>;
  /** What `takeLockfile` read, with the manifest of the top that it was resolved from; null before. */
  resolved(): TreeWanted | null;
  /** Puts the tree that is kept elsewhere under the project: through a layer, or as a copy. It is never written. */
  standOn(modules: string, layered: boolean): Promise<void>;
  /** What jobs are given so that they see the tree. */
  layers(): readonly Layer[];
  /** Files of the project that were there at the beginning and are gone now; a few of them. */
  missing(): Promise<readonly string[]>;
  /** Removes the lockfile; false when there was none. */
  dropLockfile(): Promise<boolean>;
  /**
   * A folder as this one was before anything was installed or run, with the lockfile that was resolved. What it logs is
   * written when it is closed, so that two of them do not mix their words. It goes with the trial's own: a file system
   * that has just removed thousands of files is slow to make others, and the next tree would pay for that.
   */
  fresh(name: string): Promise<FreshFolder>;
  /** Keeps the verdict and the lockfile as evidence and removes the tree. */
  finish(verdict: unknown): Promise<void>;
}

interface FreshFolder {
  readonly folder: TrialFolder;
  close(): Promise<void>;
}

export interface TrialFiles {
  /** The project inside the run's repository. */
  readonly source: string;
  readonly trials: string;
  readonly evidence: string;
  readonly installer: Installer;
  /** Packages whose install scripts a person allowed. */
  readonly allowedScripts: readonly string[];
  /** The registry that a lockfile names. */
  readonly registry: string;
  /** The top's, then those of the workspaces. */
  readonly manifests: readonly ManifestFile[];
  /** The lockfile to begin with, or null for none. */
  readonly lockText: string | null;
  /** Without confinement nothing is mounted: the probes are where they are. */
  readonly confined: boolean;
  /** Files of the project that are changed for this trial, by path from its folder. */
  readonly rewrites: readonly { readonly path: string; readonly after: string }[];
}

const PROBES = fileURLToPath(new URL('./probes', import.meta.url));
const PROBES_INSIDE = '/tandem-probes';
export const LOG_NAME = 'log.txt';
/** As much as a person will ever read of one trial; the sandbox bounds each step besides. */
const LOG_BYTES_MAX = 32 * 1024 * 1024;

export async function openTrialFolder(trial: string, files: TrialFiles): Promise<TrialFolder> {
  const place = join(files.trials, trial);
  const evidence = join(files.evidence, trial);
  await removeTree(place);
  await rm(evidence, { recursive: true, force: true });
  await mkdir(evidence, { recursive: true });
  const project = join(place, 'project');
  const { installer, manifests, registry, lockText } = files;
  await copyProject(project, files, lockText);
  await keepManifests(evidence, manifests);
  const lock = join(project, installer.lockfile);
  let resolved: string | null = null;
  const log = orderedLog(join(evidence, LOG_NAME));
  const tree = treeUnder(place, project);
  const own: TrialFolder = {
    ...tree,
    project,
    installer,
    allowedScripts: files.allowedScripts,
    manifests,
    probes: { from: PROBES, at: files.confined ? PROBES_INSIDE : PROBES },
    hear: (text) => void log.write(text),
    log: log.write,
    async takeLockfile() {
      const made = await readOwnFile(lock);
      resolved = made === null ? null : installer.fromSandbox(made, registry, lockText);
      return resolved;
    },
    async useLockfile(text) {
      resolved = text;
      await writeFile(lock, installer.toSandbox(text, registry));
    },
    resolved: () => (resolved === null ? null : { manifestText: manifests[0]?.text ?? '', lockText: resolved }),
    missing: () => missingFrom(files.source, project),
    async dropLockfile() {
      const there = (await readOwnFile(lock)) !== null;
      await rm(lock, { force: true });
      for (const { place } of manifests) await removeTree(join(project, place, 'node_modules'));
      return there;
    },
    async fresh(name) {
      await copyProject(join(place, name, 'project'), files, resolved);
      return freshFolder(own, join(place, name), log.write);
    },
    async finish(verdict) {
      // Not read here: by now the project's code could have put a link in its place.
      if (resolved !== null) await writeFile(join(evidence, installer.lockfile), resolved);
      await writeFile(join(evidence, 'verdict.json'), `${JSON.stringify(verdict, null, 2)}\n`);
      await log.write('');
      await removeTree(place);
    },
  };
  return own;
}

async function copyProject(project: string, files: TrialFiles, lockText: string | null): Promise<void> {
  const { installer, manifests, registry } = files;
  await mkdir(project, { recursive: true });
  await copyFolder(files.source, project, '', { bytes: 0, files: 0 });
  await confineSettings(installer, project);
  for (const name of installer.lockfiles) await rm(join(project, name), { force: true });
  for (const { path, after } of files.rewrites) await writeOwnFile(join(project, path), after);
  for (const { place, text } of manifests) await writeFile(join(project, manifestPath(place)), text);
  if (lockText !== null) await writeFile(join(project, installer.lockfile), installer.toSandbox(lockText, registry));
}

/** As many as a sentence shows. */
const MISSING_MAX = 3;

async function missingFrom(source: string, project: string, inside = ''): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const entry of await readdir(join(source, inside), { withFileTypes: true })) {
    if (missing.length >= MISSING_MAX) break;
    const place = join(inside, entry.name);
    if (NEVER_COPIED.has(entry.name) || LOCKFILES.has(entry.name)) continue;
    if (entry.isDirectory()) missing.push(...(await missingFrom(source, project, place)));
    else if (entry.isFile() && !(await isThere(join(project, place)))) missing.push(place);
  }
  return missing.slice(0, MISSING_MAX);
}

/** A trial may be asked without one. */
const LOCKFILES: ReadonlySet<string> = new Set(INSTALLERS.flatMap(({ lockfiles }) => lockfiles));

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** The name under which evidence keeps all manifests of a project that has workspaces. */
export const MANIFESTS_NAME = 'manifests.json';

async function keepManifests(evidence: string, manifests: readonly ManifestFile[]): Promise<void> {
  await writeFile(join(evidence, 'package.json'), manifests[0]?.text ?? '');
  if (manifests.length > 1) await writeFile(join(evidence, MANIFESTS_NAME), questionText(manifests));
}

function treeUnder(place: string, project: string): Pick<TrialFolder, 'standOn' | 'layers'> {
  const modules = join(project, 'node_modules');
  let layers: readonly Layer[] = [];
  return {
    layers: () => layers,
    async standOn(from, layered) {
      await removeTree(modules);
      // By `cp`, which shares blocks where the file system can and is several times faster than file by file from here.
      if (!layered) return void (await run('cp', ['--archive', '--reflink=auto', from, modules]));
      await mkdir(modules);
      layers = [{ from, changes: join(place, 'changes'), at: '/project/node_modules' }];
    },
  };
}

/** @param place Holds the project in a folder of that name. */
function freshFolder(folder: TrialFolder, place: string, write: (text: string) => Promise<void>): FreshFolder {
  const project = join(place, 'project');
  let said = '';
  const keep = (text: string): void => {
    if (said.length < LOG_BYTES_MAX) said += text;
  };
  const log = (text: string): Promise<void> => Promise.resolve(keep(text));
  return {
    folder: {
      ...folder,
      ...treeUnder(place, project),
      takeLockfile: () => readOwnFile(join(project, 'package-lock.json')),
      project,
      hear: keep,
      log,
    },
    close: () => write(said),
  };
}

const run = promisify(execFile);

/** Appends in the order of asking, at most LOG_BYTES_MAX, without any secret. */
function orderedLog(file: string): { write(text: string): Promise<void> } {
  let written = 0;
  let last = Promise.resolve();
  return {
    write(text) {
      if (text === '' || written > LOG_BYTES_MAX) return last;
      const clean = scrub(text);
      written += clean.length;
      const cut = written > LOG_BYTES_MAX ? `${clean}\n# the log is cut here: it is too long\n` : clean;
      last = last.then(() => appendFile(file, cut));
      return last;
    },
  };
}
