// Projects, schedules and comparisons over HTTP, under /api/modernizer. Shapes: protocol/.
// Rule: a schedule is seen and changed by its owner and by owners of the workbench; for everybody else it does not exist.

import type { Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import * as z from 'zod/mini';

import { validated } from 'kernel/http';

import {
  compareRuns,
  Comparison,
  Projects,
  Recurrence,
  recurrenceText,
  Schedule,
  ScheduleChange,
  SchedulePreview,
  Schedules as ScheduleList,
  ScheduleWanted,
} from './protocol/index.ts';
import { answers, seenRun, type ModernizerRoutePorts } from './route-ports.ts';

const Compared = z.object({ a: z.string().check(z.minLength(1)), b: z.string().check(z.minLength(1)) });

/** Undefined for who sees everybody's. */
const ownerSeenBy = ({ readerOf }: ModernizerRoutePorts, context: Context): string | undefined => {
  const reader = readerOf(context);
  return reader.seesAll ? undefined : reader.id;
};

export function addProjects(app: Hono, ports: ModernizerRoutePorts): void {
  const { modernizer, schedules, mayRead } = ports;
  app.get(
    '/projects',
    describeRoute({ summary: 'Every project with how it stands', ...answers(200, 'Projects', Projects) }),
    mayRead,
    async (context) => {
      const owner = ownerSeenBy(ports, context);
      return context.json(await modernizer.projects({ owner, schedules: await schedules.list(owner) }));
    },
  );
  app.get(
    '/comparison',
    describeRoute({ summary: 'Two runs beside each other', ...answers(200, 'Comparison', Comparison) }),
    mayRead,
    validated('query', Compared),
    async (context) => {
      const { a, b } = context.req.valid('query');
      const [one, other] = await Promise.all([seenRun(ports, context, a), seenRun(ports, context, b)]);
      const [first, second] = await Promise.all([modernizer.result(one.id), modernizer.result(other.id)]);
      return context.json(compareRuns(first, second));
    },
  );
}

export function addSchedules(app: Hono, ports: ModernizerRoutePorts): void {
  const { schedules, mayRead, mayAct, readerOf } = ports;
  app.get(
    '/schedules',
    describeRoute({ summary: 'When which project is upgraded by itself', ...answers(200, 'Schedules', ScheduleList) }),
    mayRead,
    async (context) => context.json({ schedules: await schedules.list(ownerSeenBy(ports, context)) }),
  );
  app.post(
    '/schedules',
    describeRoute({ summary: 'Upgrade a project again and again', ...answers(201, 'The schedule', Schedule) }),
    mayAct,
    validated('json', ScheduleWanted),
    async (context) => context.json(await schedules.add(context.req.valid('json'), readerOf(context).id), 201),
  );
  app.post(
    '/schedules/preview',
    describeRoute({ summary: 'When a recurrence would be due', ...answers(200, 'Times', SchedulePreview) }),
    mayRead,
    validated('json', Recurrence),
    (context) => {
      const recurrence = context.req.valid('json');
      const nextTimes = [...schedules.preview(recurrence)];
      return context.json({ text: recurrenceText(recurrence), nextTimes });
    },
  );
  app.patch(
    '/schedules/:schedule',
    describeRoute({
      summary: 'Change a schedule, pause it, or let it go on',
      ...answers(200, 'The schedule', Schedule),
    }),
    mayAct,
    validated('json', ScheduleChange),
    async (context) => {
      const change = context.req.valid('json');
      return context.json(await schedules.change(context.req.param('schedule'), change, ownerSeenBy(ports, context)));
    },
  );
  app.delete(
    '/schedules/:schedule',
    describeRoute({ summary: 'Remove a schedule', responses: { 204: { description: 'It is gone' } } }),
    mayAct,
    async (context) => {
      await schedules.remove(context.req.param('schedule'), ownerSeenBy(ports, context));
      return context.body(null, 204);
    },
  );
}
