// Finds why an upgrade was refused: from what its trial left, and from what the package itself changed (../diagnosing
// reads both). What was found is kept for as long as log, project and versions are the same.
// Rule: what cannot be looked into makes a cause shorter, never a run fail. Not here: telling it (analyzer.ts).

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { minutes, scrub } from 'kernel/basics';

import { causeOf, type Cause } from '../diagnosing/cause-of.ts';
import type { Diagnosis as LookedInto } from '../diagnosing/look-into.ts';
import { toldCause } from '../diagnosing/tell-cause.ts';
import { toldDiagnosis } from '../diagnosing/told-diagnosis.ts';
import type { InstallerName } from '../ecosystems/installer.ts';
import { BECOMES_MODULE } from '../planning/risk.ts';
import type { Diagnosis, PlannedUpgrade, Verdict } from '../protocol/index.ts';
import { LOG_NAME } from '../validating/trial-folder.ts';
import type { TrialResult } from '../validating/trial.ts';
import { recorded } from './conduct-trial.ts';
import { contentsOf, type Execution } from './execution.ts';
import { openKeptAnswers } from './kept-answers.ts';
import { cacheFolder } from './planner.ts';
import { evidenceOf } from './run-folder.ts';
import type { MigrationState, Settlement } from './state.ts';
import { environmentOf } from './trial-question.ts';

export interface Refusal {
  readonly upgrade: PlannedUpgrade;
  readonly refused: Settlement['refused'][number];
  /** The project as it is before any upgrade; null in a state that has none. */
  readonly project: string | null;
  /** The hash of its files. */
  readonly contents: string;
  /** Which package manager makes its trees. */
  readonly installer: InstallerName;
}

export interface Diagnosed extends Cause {
  /** Null where nothing of the package was looked into. */
  readonly diagnosis: Diagnosis | null;
  /** The change of code that follows from the cause by rule, if one does. */
  readonly rewrite: LookedInto['rewrite'];
}

const NOTHING_FOUND = { where: [], diagnosis: null, rewrite: null } as const;

export async function causeFor(execution: Execution, refusal: Refusal): Promise<Diagnosed> {
  const { upgrade, refused } = refusal;
  if (refused.trial === null) return { ...NOTHING_FOUND, cause: 'It was not tried.' };
  const result = await recorded<TrialResult>(execution, refused.trial);
  if (result === undefined) return { ...NOTHING_FOUND, cause: 'The evidence of its trial is missing.' };
  const logFile = join(execution.folder.root, evidenceOf(refused.trial), LOG_NAME);
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const becomesModule = upgrade.reasons.includes(BECOMES_MODULE);
  const { name, to } = upgrade;
  const told = causeOf({ ...result, name, to, verdict: refused.verdict, log, becomesModule });
  const found = await lookedInto(execution, { ...refusal, log }, told);
  if (refused.by !== 'unproven') return found;
  return {
    ...found,
    cause: `It was green when it was tried, but not when all that is kept was installed afresh. ${found.cause}`,
  };
}

/** The log, the project and both versions are the same: only we could look better. */
const LOOKED_MS = minutes(24 * 60);

/** Verdicts behind which a change of the package's API may stand. */
const LOOKED_INTO: ReadonlySet<Verdict['kind']> = new Set(['broken', 'timed-out']);

/** What was told, with the symbol and the place where it is used, when they can be found. */
async function lookedInto(
  execution: Execution,
  { upgrade, refused, project, contents, installer, log }: Refusal & { readonly log: string },
  told: Cause,
): Promise<Diagnosed> {
  const untouched = { ...told, diagnosis: null, rewrite: null };
  if (project === null || !LOOKED_INTO.has(refused.verdict.kind) || execution.signals.any.aborted) return untouched;
  const { name, from, to } = upgrade;
  const environment = environmentOf(execution, { installer });
  const answers = openKeptAnswers(execution.ports.home, execution.ports.clock);
  const question = JSON.stringify(['cause', name, from, to, log, told, contents, environment]);
  const before = (await answers.take(question, LOOKED_MS)) as Diagnosed | undefined;
  if (before !== undefined) return before;
  // The compiler is loaded when something was refused, not when the server starts.
  const { diagnose } = await import('../diagnosing/diagnose.ts');
  const { registry, sandbox, trees, signals } = execution;
  const scratch = join(execution.folder.trials, 'look');
  const seen = (await trees.canLayer()) ? { installedWith: trees.withPackage } : {};
  const ports = { registry, sandbox, cache: cacheFolder(execution), scratch, signal: signals.any, ...seen };
  const looked = await diagnose(ports, { name, from, to, log, project }).catch((error: unknown) => notLooked(error));
  if (looked === null) return untouched;
  const { cause, where } = toldCause(told, looked);
  const diagnosis = await toldDiagnosis({ found: looked, where: told.where, project });
  const rewrite = looked.kind === 'diagnosed' ? looked.diagnosis.rewrite : null;
  const places = [...new Set(where.map((place) => place.replace(/:(\d+):\d+$/, ':$1')))];
  const found: Diagnosed = { cause, where: places, diagnosis, rewrite };
  if (looked.kind === 'diagnosed') await answers.keep(question, found);
  return found;
}

const notLooked = (error: unknown) => ({
  kind: 'not-known' as const,
  reason: error instanceof Error ? scrub(error.message) : 'it could not be looked at',
});

export function projectFolder({ project }: Pick<MigrationState, 'project'>): string | null {
  return project === null ? null : join(project.copy.repository, project.copy.prefix);
}

/**
 * Finds the causes of what will be refused while what is kept is proven, so that they are known when they are told.
 * Whatever goes wrong here is found again, and told, by the analyzer.
 */
export async function findCausesAhead(
  execution: Execution,
  { plan, project }: Pick<MigrationState, 'plan' | 'project'>,
  refused: Settlement['refused'],
): Promise<void> {
  if (plan === null || project === null) return;
  try {
    const contents = await contentsOf(execution, project.copy);
    const installer = project.installer ?? 'npm';
    for (const each of refused) {
      const upgrade = plan.upgrades.find(({ name }) => name === each.name);
      if (upgrade === undefined || execution.signals.any.aborted) continue;
      await causeFor(execution, { upgrade, refused: each, project: projectFolder({ project }), contents, installer });
    }
  } catch {
    // The analyzer meets the same, and says so.
  }
}
