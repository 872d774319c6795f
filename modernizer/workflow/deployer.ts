// The deployer: one commit for each kept upgrade on a branch of the copy, and the report.
// Rule: only the copy is written; bringing the result home is the person's own `git fetch`.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { applyEdits, modify } from 'jsonc-parser';

import { countText } from 'kernel/basics';

import { filesOf, questionText, type ManifestFile } from '../ecosystems/workspaces.ts';
import { MANIFESTS_NAME } from '../validating/trial-folder.ts';
import { planCommits, raisedFloor, type KeptUpgrade } from '../deploying/plan-commits.ts';
import { cloneLine, fetchLine, writeBranch } from '../deploying/write-branch.ts';
import { chosen } from './chosen.ts';
import { isKept } from '../protocol/index.ts';
import type { Execution } from './execution.ts';
import { installerOf, manifestsOf, resolveLock } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import { SOURCE } from './source.ts';
import type { MigrationState, ProjectRecord } from './state.ts';

export async function deployer(execution: Execution, state: MigrationState): Promise<Partial<MigrationState>> {
  const { project, plan, settlement } = state;
  if (project === null || plan === null || settlement === null) {
    throw new TypeError('The deployer was entered before anything was settled.');
  }
  await execution.record.emit('agent-started', { agent: 'deployer' });
  const kept = keptUpgrades(state);
  if (kept.length === 0) {
    await execution.record.emit('agent_completed', {
      agent: 'deployer',
      summary: 'Nothing was kept, so there is no branch.',
    });
    return {};
  }
  const branch = `tandem/${execution.run}`;
  // The base is what was planned on, whatever a killed run left in the working tree.
  await execution.git(['-C', project.copy.repository, 'checkout', '--quiet', '--force', project.copy.baseCommit]);
  const manifests = filesOf(await manifestsOf(project));
  const planned = planCommits({
    run: execution.run,
    source: SOURCE,
    manifests,
    declaredEngines: project.declaredEngines,
    kept,
  });
  const commits = await writeBranch(execution.git, project.copy, {
    branch,
    commits: planned,
    at: (await execution.ports.journal.get(execution.run))?.createdAt ?? execution.ports.clock.now(),
    lockfile: project.lockfile,
    lockFor: lockMaker(execution, project, kept),
  });
  await execution.record.emit('deployment_complete', {
    branch,
    repository: project.copy.repository,
    commits: [...commits],
    fetchLine: project.copy.fromGit
      ? fetchLine(project.path, project.copy.repository, branch)
      : cloneLine(project.name, project.copy.repository, branch),
    report: 'report.html',
  });
  const summary = `${countText(commits.length, 'commit')} on branch ${branch}.`;
  await execution.record.emit('agent_completed', { agent: 'deployer', summary });
  return {};
}

/** The kept upgrades in the plan's order, each with the verdict of the set it belongs to. */
function keptUpgrades({ plan, settlement, mends }: MigrationState): readonly KeptUpgrade[] {
  if (plan === null || settlement === null) return [];
  return chosen(plan, settlement.kept).flatMap((upgrade) => {
    const kept = settlement.kept.find(({ name }) => name === upgrade.name);
    if (kept === undefined) return [];
    const rewrite = mends.find(
      ({ name, to, answer }) => name === kept.name && to === kept.to && answer !== null && isKept(answer.verdict),
    );
    return [{ upgrade, verdict: kept.verdict, ...(rewrite === undefined ? {} : { rewrite }) }];
  });
}

/** The lockfile for each commit: the proven one where a trial made it, else resolved from the one before. */
function lockMaker(
  execution: Execution,
  project: ProjectRecord,
  kept: readonly KeptUpgrade[],
): (manifests: readonly ManifestFile[]) => Promise<string | null> {
  let before: string | null = null;
  const floor = raisedFloor(kept);
  return async (manifests) => {
    if (project.lockfile === null) return null;
    before ??= await readFile(execution.folder.baselineLock, 'utf8');
    const proven = await provenLock(execution, project, manifests);
    if (proven !== null) return (before = proven);
    if (floor !== null && manifests.some(({ text }) => text.includes(`>=${floor}`)) && before !== null) {
      // Only npm's lockfiles repeat what a manifest says of Node.
      if (project.lockfile.endsWith('.json') === false || manifests.length > 1) return before;
      const edits = modify(before, ['packages', '', 'engines', 'node'], `>=${floor}`, { formattingOptions: {} });
      return (before = applyEdits(before, edits));
    }
    const resolution = await resolveLock(execution, project, manifests, before);
    if (resolution.kind === 'resolved') before = resolution.lock;
    return before;
  };
}

async function provenLock(
  execution: Execution,
  project: ProjectRecord,
  manifests: readonly ManifestFile[],
): Promise<string | null> {
  const name = manifests.length > 1 ? MANIFESTS_NAME : 'package.json';
  for (const { id, state } of execution.record.view().trials.toReversed()) {
    if (state !== 'finished') continue;
    const evidence = join(execution.folder.root, evidenceOf(id));
    const tried = await readFile(join(evidence, name), 'utf8').catch(() => undefined);
    if (tried !== questionText(manifests)) continue;
    return readFile(join(evidence, installerOf(project).lockfile), 'utf8').catch(() => null);
  }
  return null;
}
