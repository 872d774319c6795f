// The Modernizer over HTTP, under /api/modernizer. Shapes: protocol/.
// Rule: a request starts or asks; the run belongs to the server and outlives every request.
// Rule: a run is seen by its owner and by owners of the workbench; for everybody else it does not exist.

import { readFile } from 'node:fs/promises';

import type { ReadableStream as NodeStream } from 'node:stream/web';

import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import * as z from 'zod/mini';

import { validated } from 'kernel/http';

import { reportMissing } from './faults.ts';
import { archiveRefused } from './intake/faults.ts';
import {
  DecisionAnswer,
  ModernizationResult,
  ModernizationStarted,
  ModernizeOptions,
  NewModernization,
  Samples,
  TrialEvidence,
  TrialLog,
  Uploaded,
} from './protocol/index.ts';
import { answers, seenRun, type ModernizerRoutePorts } from './route-ports.ts';
import { SAMPLES } from './samples.ts';
import { addProjects, addSchedules } from './schedule-routes.ts';

const Accepted = z.object({ run: z.string() });
const LogQuery = z.object({ from: z._default(z.coerce.number().check(z.int(), z.minimum(0)), 0) });

export function modernizerRoutes(ports: ModernizerRoutePorts): Hono {
  const app = new Hono();
  addStarting(app, ports);
  addReading(app, ports);
  addEvidence(app, ports);
  addActing(app, ports);
  addProjects(app, ports);
  addSchedules(app, ports);
  return app;
}

function addStarting(app: Hono, { modernizer, launch, readerOf, mayAct, mayRead }: ModernizerRoutePorts): void {
  app.get(
    '/samples',
    describeRoute({ summary: 'Old projects that show the Modernizer at work', ...answers(200, 'Samples', Samples) }),
    mayRead,
    (context) => context.json({ samples: SAMPLES }),
  );
  app.post(
    '/uploads',
    describeRoute({
      summary: 'Send a project as a zip archive; the body is the archive',
      requestBody: { content: { 'application/zip': { schema: { type: 'string', format: 'binary' } } } },
      ...answers(201, 'The upload, to be named by a run', Uploaded),
    }),
    mayAct,
    async (context) => {
      const { body } = context.req.raw;
      if (body === null) throw archiveRefused('that was sent', 'It is empty');
      // One type of stream, declared twice: by Node and by the web.
      return context.json(await modernizer.keepUpload(body as NodeStream), 201);
    },
  );
  app.post(
    '/runs',
    describeRoute({ summary: 'Begin to upgrade a project', ...answers(202, 'The run', ModernizationStarted) }),
    mayAct,
    validated('json', NewModernization),
    async (context) => {
      const body = context.req.valid('json');
      const started = await modernizer.start({
        project: body.project,
        options: ModernizeOptions.parse({ ...body.options, unsafeHost: false }),
        owner: readerOf(context).id,
        startedBy: 'server',
      });
      if (started.kind === 'refused') throw started.fault;
      if (started.kind === 'started') launch(started.run);
      return context.json({ run: started.run, already: started.kind === 'already-running' }, 202);
    },
  );
}

function addReading(app: Hono, ports: ModernizerRoutePorts): void {
  const { modernizer, mayRead } = ports;
  app.get(
    '/runs/:run',
    describeRoute({ summary: 'The result of a run so far', ...answers(200, 'Result', ModernizationResult) }),
    mayRead,
    async (context) =>
      context.json(await modernizer.result((await seenRun(ports, context, context.req.param('run'))).id)),
  );
  app.get(
    '/runs/:run/report',
    describeRoute({
      summary: 'The report of a finished run',
      responses: { 200: { description: 'HTML', content: { 'text/html': { schema: { type: 'string' } } } } },
    }),
    mayRead,
    async (context) => {
      const run = await seenRun(ports, context, context.req.param('run'));
      const path = await modernizer.reportPath(run.id);
      if (path === undefined) throw reportMissing(run.id);
      // The report has no script; this makes sure that none is ever run from it.
      context.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
      return context.html(await readFile(path, 'utf8'));
    },
  );
}

function addEvidence(app: Hono, ports: ModernizerRoutePorts): void {
  const { modernizer, mayRead } = ports;
  app.get(
    '/runs/:run/trials/:trial/log',
    describeRoute({ summary: 'The log of a trial from a byte on', ...answers(200, 'Log', TrialLog) }),
    mayRead,
    validated('query', LogQuery),
    async (context) => {
      const run = await seenRun(ports, context, context.req.param('run'));
      return context.json(
        await modernizer.trialLog(run.id, context.req.param('trial'), context.req.valid('query').from),
      );
    },
  );
  app.get(
    '/runs/:run/trials/:trial/evidence',
    describeRoute({ summary: 'What a trial installed, and where it ran', ...answers(200, 'Evidence', TrialEvidence) }),
    mayRead,
    async (context) => {
      const run = await seenRun(ports, context, context.req.param('run'));
      return context.json(await modernizer.trialEvidence(run.id, context.req.param('trial')));
    },
  );
  app.get(
    '/runs/:run/trials/:trial/evidence/:file',
    describeRoute({
      summary: 'One file of the evidence, as it is',
      responses: { 200: { description: 'The file', content: { 'text/plain': { schema: { type: 'string' } } } } },
    }),
    mayRead,
    async (context) => {
      const run = await seenRun(ports, context, context.req.param('run'));
      const { trial, file } = context.req.param();
      const path = await modernizer.evidenceFile(run.id, trial, file);
      // Text of strangers: saved, never shown as a page.
      context.header('content-type', 'text/plain; charset=utf-8');
      context.header('content-disposition', `attachment; filename="${file}"`);
      return context.body(await readFile(path, 'utf8'));
    },
  );
}

function addActing(app: Hono, ports: ModernizerRoutePorts): void {
  const { modernizer, launch, readerOf, mayAct } = ports;
  app.post(
    '/runs/:run/decisions/:decision',
    describeRoute({ summary: 'Answer a decision', ...answers(202, 'The run goes on', Accepted) }),
    mayAct,
    validated('json', DecisionAnswer),
    async (context) => {
      const reader = readerOf(context);
      const run = await seenRun(ports, context, context.req.param('run'));
      await modernizer.answer(run.id, context.req.param('decision'), context.req.valid('json').option, reader.id);
      launch(run.id);
      return context.json({ run: run.id }, 202);
    },
  );
  app.post(
    '/runs/:run/resume',
    describeRoute({ summary: 'Go on with an interrupted run', ...answers(202, 'The run goes on', Accepted) }),
    mayAct,
    async (context) => {
      const run = await seenRun(ports, context, context.req.param('run'));
      await modernizer.mayResume(run.id);
      launch(run.id);
      return context.json({ run: run.id }, 202);
    },
  );
}
