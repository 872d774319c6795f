// The projects that were ever upgraded here, folded from their runs.
// Rule: of each project only the newest run's journal is read, and a journal that has not grown is not read again.

import { toIso, type RunId } from 'kernel/basics';
import type { Journal, RunRecord } from 'kernel/journal';

import {
  recurrenceText,
  openDecisions,
  type ModernizationView,
  type ProjectSummary,
  type Projects,
  type Schedule,
} from '../protocol/index.ts';
import type { RunInput } from './execution.ts';
import { readView } from './record.ts';

/** Runs looked at: those of a hundred projects that are upgraded every week for two months. */
const RUNS_MAX = 1000;
const PAGE = 100;
const PROJECTS_MAX = 200;
const HISTORY_MAX = 20;
/** As many as there are projects; each is a few hundred numbers. */
const KEPT_COUNTS_MAX = 400;

export interface ProjectsAsked {
  readonly product: string;
  /** Undefined: everybody's. */
  readonly owner: string | undefined;
  readonly schedules: readonly Schedule[];
}

type Counts = Pick<ProjectSummary['last'], 'kept' | 'refused' | 'open' | 'waits'>;

export function createProjects(journal: Journal): (asked: ProjectsAsked) => Promise<Projects> {
  const counted = new Map<RunId, { readonly seq: number; readonly counts: Counts }>();
  const countsOf = async (run: RunRecord): Promise<Counts> => {
    const before = counted.get(run.id);
    if (before?.seq === run.lastSeq) return before.counts;
    const counts = countsIn(await readView(journal, run.id));
    counted.delete(run.id);
    counted.set(run.id, { seq: run.lastSeq, counts });
    const [oldest] = counted.keys();
    if (counted.size > KEPT_COUNTS_MAX && oldest !== undefined) counted.delete(oldest);
    return counts;
  };
  return async ({ product, owner, schedules }) => {
    const { runs, cut } = await newestRuns(journal, product, owner);
    const groups = Map.groupBy(runs, (run) => keyOf(projectOf(run)));
    const projects: ProjectSummary[] = [];
    for (const [key, [last, ...earlier]] of [...groups].slice(0, PROJECTS_MAX)) {
      if (last === undefined) continue;
      projects.push({
        key,
        title: last.title,
        project: projectOf(last),
        options: optionsOf(last),
        last: { ...outcomeOf(last), ...(await countsOf(last)) },
        history: [last, ...earlier].slice(0, HISTORY_MAX).map(outcomeOf),
        schedule: scheduleFor(key, schedules),
      });
    }
    return { projects, cut: cut || groups.size > PROJECTS_MAX };
  };
}

async function newestRuns(
  journal: Journal,
  product: string,
  owner: string | undefined,
): Promise<{ readonly runs: readonly RunRecord[]; readonly cut: boolean }> {
  const runs: RunRecord[] = [];
  let cursor: string | null = null;
  while (runs.length < RUNS_MAX) {
    const page: Awaited<ReturnType<Journal['list']>> = await journal.list({
      product,
      limit: PAGE,
      ...(owner === undefined ? {} : { owner }),
      ...(cursor === null ? {} : { cursor }),
    });
    runs.push(...page.runs);
    cursor = page.nextCursor;
    if (cursor === null) return { runs, cut: false };
  }
  return { runs, cut: true };
}

const projectOf = (run: RunRecord): RunInput['project'] => (run.input as RunInput).project;

/** Running without a sandbox is asked for each time anew, and only at a terminal. */
function optionsOf(run: RunRecord): ProjectSummary['options'] {
  const { unsafeHost: _never, ...options } = (run.input as RunInput).options;
  return options;
}

/** The same project is asked for with the same words. */
const keyOf = (project: RunInput['project']): string => JSON.stringify(Object.entries(project).sort());

const outcomeOf = (run: RunRecord): ProjectSummary['history'][number] => ({
  run: run.id,
  status: run.status,
  reason: run.reason,
  startedAt: toIso(run.createdAt),
  completedAt: run.completedAt === null ? null : toIso(run.completedAt),
});

function countsIn(view: ModernizationView): Counts {
  const count = (state: 'kept' | 'refused'): number =>
    view.upgrades.filter((upgrade) => upgrade.state === state).length;
  const [kept, refused] = [count('kept'), count('refused')];
  return { kept, refused, open: view.upgrades.length - kept - refused, waits: openDecisions(view).length };
}

/** They come soonest first, paused ones last. */
function scheduleFor(key: string, schedules: readonly Schedule[]): ProjectSummary['schedule'] {
  const schedule = schedules.find(({ project }) => keyOf(project) === key);
  if (schedule === undefined) return null;
  const { id, recurrence, paused, nextTimes } = schedule;
  return { id, text: recurrenceText(recurrence), paused, nextAt: nextTimes[0] ?? null };
}
