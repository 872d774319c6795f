// The dashboard of projects: which are shown, what each line says, and what starts one again.

import type { NewModernization, ProjectChoice, ProjectSummary } from 'modernizer/protocol';

export const PROJECT_FILTERS = ['all', 'waiting', 'running', 'scheduled', 'unscheduled'] as const;
export type ProjectFilter = (typeof PROJECT_FILTERS)[number];

const RUNNING: ReadonlySet<string> = new Set(['queued', 'running']);

function isShown({ last, schedule }: ProjectSummary, filter: ProjectFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'waiting':
      return last.waits > 0 || last.status === 'interrupted';
    case 'running':
      return RUNNING.has(last.status);
    case 'scheduled':
      return schedule !== null && !schedule.paused;
    default:
      return schedule === null || schedule.paused;
  }
}

/** `find`: words that each have to stand in its title, its place, or what came of its newest run. */
export function shownProjects(
  projects: readonly ProjectSummary[],
  filter: ProjectFilter,
  find = '',
): readonly ProjectSummary[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return projects.filter((project) => {
    const text = `${project.title} ${placeText(project.project)} ${project.last.reason ?? ''}`.toLowerCase();
    return isShown(project, filter) && words.every((word) => text.includes(word));
  });
}

export const projectCount = (projects: readonly ProjectSummary[], filter: ProjectFilter): number =>
  shownProjects(projects, filter).length;

/** Where a project is, for people: its path, its spec, whatever names it. */
export function placeText(project: ProjectChoice): string {
  if (project.kind === 'path') return project.path;
  if (project.kind === 'sample') return project.spec;
  return Object.values<unknown>(project)
    .filter((part) => typeof part === 'string')
    .join(' ');
}

/** The run that starts a project again, asked as its newest one was. */
export const againOf = ({ project, options }: ProjectSummary): NewModernization => ({ project, options });

/** Of a run that is at work nothing new can be begun. */
export const canStartAgain = ({ last }: ProjectSummary): boolean =>
  last.status === 'done' || last.status === 'stopped' || last.status === 'failed';

/** The two newest runs, older first: what became of it since; null while there is only one. */
export function comparedOf({
  history,
}: Pick<ProjectSummary, 'history'>): { readonly a: string; readonly b: string } | null {
  const [newest, before] = history;
  return newest === undefined || before === undefined ? null : { a: before.run, b: newest.run };
}

export interface Share {
  readonly kind: 'kept' | 'refused' | 'open';
  readonly count: number;
  /** From 0 to 1. */
  readonly share: number;
}

/** How the upgrades of a run divide; empty where there are none. */
export function sharesOf({
  kept,
  refused,
  open,
}: Pick<ProjectSummary['last'], 'kept' | 'refused' | 'open'>): readonly Share[] {
  const all = kept + refused + open;
  const shares = [
    { kind: 'kept' as const, count: kept },
    { kind: 'refused' as const, count: refused },
    { kind: 'open' as const, count: open },
  ];
  return shares.filter(({ count }) => count > 0).map((share) => ({ ...share, share: share.count / all }));
}

export function sharesText({ kept, refused, open }: Pick<ProjectSummary['last'], 'kept' | 'refused' | 'open'>): string {
  if (kept + refused + open === 0) return 'no upgrade';
  const parts = [`${kept} kept`, `${refused} refused`];
  return (open === 0 ? parts : [...parts, `${open} open`]).join(', ');
}
