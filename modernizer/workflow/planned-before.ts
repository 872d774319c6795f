// The plan of an equal project, made a moment ago: a run that asks what was just asked begins with its first trial.
// Rule: what a registry offers is believed as long as it lets its answers be kept, and only where it answered whole.

import { readFile, writeFile } from 'node:fs/promises';

import { minutes, toIso } from 'kernel/basics';

import { contentsOf, type Execution } from './execution.ts';
import { openKeptAnswers } from './kept-answers.ts';
import type { ProjectRecord } from './state.ts';
import { environmentOf } from './trial-question.ts';
import type { Warned } from './warnings.ts';

/** The public registry's own: max-age=300. */
const KEPT_MS = minutes(5);

interface Planned {
  readonly plan: Warned;
  readonly lock: string;
}

/** Also puts the lockfile of the baseline where the run expects it. */
export async function plannedBefore(execution: Execution, project: ProjectRecord): Promise<Warned | undefined> {
  const { ports, folder } = execution;
  const kept = await openKeptAnswers(ports.home, ports.clock).take(await questionOf(execution, project), KEPT_MS);
  if (kept === undefined) return undefined;
  // Written by `keepPlan` below, so its shape is known.
  const { plan, lock } = kept as Planned;
  await writeFile(folder.baselineLock, lock);
  return plan;
}

export async function keepPlan(execution: Execution, project: ProjectRecord, plan: Warned): Promise<void> {
  const { ports, folder } = execution;
  const planned: Planned = { plan, lock: await readFile(folder.baselineLock, 'utf8') };
  await openKeptAnswers(ports.home, ports.clock).keep(await questionOf(execution, project), planned);
}

async function questionOf(execution: Execution, project: ProjectRecord): Promise<string> {
  const { ports, input } = execution;
  // Which lines of Node are maintained changes from day to day.
  const today = toIso(ports.clock.now()).slice(0, 10);
  const contents = await contentsOf(execution, project.copy);
  return JSON.stringify(['plan', contents, input.options.engines, today, environmentOf(execution, project)]);
}
