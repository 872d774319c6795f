// Writes the planned commits on a branch of the run's own repository.
// Rule: the same plan gives the same commits (dates are the run's), so doing it again after a crash changes nothing.

import { join } from 'node:path';

import { toIso, type Instant } from 'kernel/basics';

import type { Git } from '../ecosystems/git.ts';
import { manifestPath, type ManifestFile } from '../ecosystems/workspaces.ts';
import { writeOwnFile } from '../ecosystems/write-own-file.ts';
import type { Commit } from '../protocol/index.ts';
import type { ProjectCopy } from '../workflow/copy-project.ts';
import type { PlannedCommit } from './plan-commits.ts';

export interface BranchPlan {
  readonly branch: string;
  readonly commits: readonly PlannedCommit[];
  readonly at: Instant;
  /** The lockfile that the project keeps in git, or null when it keeps none. */
  readonly lockfile: string | null;
  /** The lockfile that belongs to the manifests; null when it could not be made. */
  lockFor(manifests: readonly ManifestFile[]): Promise<string | null>;
}

export async function writeBranch(git: Git, copy: ProjectCopy, plan: BranchPlan): Promise<readonly Commit[]> {
  const at = (args: readonly string[], env: Record<string, string> = {}): Promise<string> =>
    git(['-C', copy.repository, ...args], { env });
  await at(['checkout', '--quiet', '--force', '-B', plan.branch, copy.baseCommit]);
  const folder = join(copy.repository, copy.prefix);
  const date = toIso(plan.at);
  const commits: Commit[] = [];
  for (const planned of plan.commits) {
    const files: string[] = [];
    for (const { place, text } of planned.manifests) {
      await writeOwnFile(join(folder, manifestPath(place)), text);
      files.push(join(copy.prefix, manifestPath(place)));
    }
    for (const { path, after } of planned.rewritten) {
      await writeOwnFile(join(folder, path), after);
      files.push(join(copy.prefix, path));
    }
    const lock = plan.lockfile === null ? null : await plan.lockFor(planned.manifests);
    if (plan.lockfile !== null && lock !== null) {
      await writeOwnFile(join(folder, plan.lockfile), lock);
      files.push(join(copy.prefix, plan.lockfile));
    }
    await at(['add', '--force', '--', ...files]);
    await at(['commit', '--quiet', '--allow-empty', '--no-verify', '--message', planned.message], {
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    });
    const hash = (await at(['rev-parse', 'HEAD'])).trim();
    commits.push({ hash, subject: planned.subject, upgrade: planned.upgrade });
  }
  return commits;
}

/** The line that brings the branch home. Quoted for a POSIX shell. */
export const fetchLine = (project: string, repository: string, branch: string): string =>
  `git -C ${quoted(project)} fetch ${quoted(repository)} ${branch}:${branch}`;

/** The line for a project that is no git repository: a copy of its own with the upgrades. */
export const cloneLine = (name: string, repository: string, branch: string): string =>
  `git clone --branch ${branch} ${quoted(repository)} ${quoted(`${name.replaceAll(/[^\w.-]/g, '-')}-upgraded`)}`;

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
