// The projects that were ever upgraded here, each with how it stands.

import * as z from 'zod/mini';

import { RunStatus } from 'kernel/protocol';

import { ModernizeOptions, ProjectChoice } from './request.ts';

const RunOutcome = z.object({
  run: z.string(),
  status: RunStatus,
  reason: z.nullable(z.string()),
  startedAt: z.iso.datetime(),
  completedAt: z.nullable(z.iso.datetime()),
});

export const ProjectSummary = z.object({
  /** Equal for the same project. */
  key: z.string(),
  title: z.string(),
  project: ProjectChoice,
  /** As its newest run was asked, so that it can be started again alike. */
  options: z.omit(ModernizeOptions, { unsafeHost: true }),
  last: z.object({
    ...RunOutcome.shape,
    kept: z.number(),
    refused: z.number(),
    /** Planned and not settled yet. */
    open: z.number(),
    /** Questions that wait for a person. */
    waits: z.number(),
  }),
  /** Runs of it, newest first, the last one too; at most HISTORY_MAX. */
  history: z.array(RunOutcome),
  /** The soonest of its schedules that is not paused, else any of them. */
  schedule: z.nullable(
    z.object({ id: z.string(), text: z.string(), paused: z.boolean(), nextAt: z.nullable(z.iso.datetime()) }),
  ),
});
export type ProjectSummary = z.infer<typeof ProjectSummary>;

/** GET /api/modernizer/projects: by the newest run first. */
export const Projects = z.object({
  projects: z.array(ProjectSummary),
  /** True when there are older runs than were looked at. */
  cut: z.boolean(),
});
export type Projects = z.infer<typeof Projects>;
