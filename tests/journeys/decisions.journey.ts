// A person in a real browser answers a question, stops a run that would never end, and reads why a red one was left.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { minutes } from 'kernel/basics';
import type { ModernizationResult } from 'modernizer/protocol';

import { PACKAGES, writeProject, type ProjectName } from '../fixture-projects/index.ts';
import { startLoopbackRegistry } from '../loopback-registry/index.ts';
import { enter, openBrowser, WAIT_MS } from './browser.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, sameNames, serve, type Server } from './tandem.ts';

const EVENTS_SHOWN = 6000;

export const journey: Journey = {
  name: 'a person answers a question in the browser, stops a run that would never end, and reads why a red one was left',
  needs: ['chromium', 'bubblewrap'],
  limitMs: minutes(8),
  async run(context) {
    const registry = await startLoopbackRegistry({ packages: PACKAGES });
    context.atEnd(() => registry.close());
    const server = await serve(context, { env: { TANDEM_REGISTRY: registry.url } });
    const { page } = await enter(await openBrowser(context), server);
    await answerQuestion(page, { context, server });
    await stopHanging(page, { context, server });
    await readRed(page, { context, server });
  },
};

interface Stage {
  readonly context: JourneyContext;
  readonly server: Server;
}

/** Starts a run from the form of the page, by path. */
async function start(page: Page, { context, server }: Stage, name: ProjectName): Promise<string> {
  const folder = join(context.folder, name);
  mkdirSync(folder);
  await page.goto(`${server.url}/modernizer/new`);
  await page.getByLabel('Path of the project').fill(writeProject(folder, name));
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.waitForURL(/\/modernizer\/runs\/\w+/, { timeout: WAIT_MS });
  return /runs\/(\w+)/.exec(page.url())?.[1] ?? '';
}

async function statusOf({ server }: Stage, run: string): Promise<string> {
  const { json } = await server.ask(`/api/runs/${run}`);
  return (json as { readonly status: string }).status;
}

/** Waits for it; a run that stays as it is tells its events. */
async function becomes(stage: Stage, run: string, status: string): Promise<void> {
  const isSo = async (): Promise<boolean> => (await statusOf(stage, run)) === status;
  await stage.context.waitFor(`run ${run} is ${status}`, isSo, minutes(2)).catch(async (thrown: unknown) => {
    const { json } = await stage.server.ask(`/api/runs/${run}/events`);
    stage.context.log(JSON.stringify(json).slice(-EVENTS_SHOWN));
    throw thrown;
  });
}

async function answerQuestion(page: Page, stage: Stage): Promise<void> {
  const run = await start(page, stage, 'conflict');
  await becomes(stage, run, 'needs-person');
  await page.goto(`${stage.server.url}/decisions`);
  await page.getByText('Which upgrade do you want: host, or plugin?').first().waitFor();
  await page
    .getByRole('radio', { name: /Take plugin/ })
    .first()
    .click();
  await page
    .getByRole('button', { name: /answer|decide|choose|confirm/i })
    .first()
    .click();
  await becomes(stage, run, 'done');
  const { json } = await stage.server.ask(`/api/modernizer/runs/${run}`);
  must(sameNames((json as ModernizationResult).kept, ['plugin']), 'The answer is carried out.', json);
  stage.context.log('a question was answered in the browser');
}

async function stopHanging(page: Page, stage: Stage): Promise<void> {
  const run = await start(page, stage, 'hanging');
  await page.getByText('As it is').first().waitFor({ timeout: WAIT_MS });
  await page.getByRole('button', { name: 'Stop' }).first().click();
  await page.getByRole('alertdialog').getByRole('button', { name: /stop/i }).click();
  await becomes(stage, run, 'stopped');
  await page.getByText('stopped by a person').first().waitFor({ timeout: WAIT_MS });
  stage.context.log('a run that would never end was stopped');
}

async function readRed(page: Page, stage: Stage): Promise<void> {
  const run = await start(page, stage, 'red');
  await becomes(stage, run, 'stopped');
  await page.getByText('was red before').first().waitFor({ timeout: WAIT_MS });
  const report = await page.request.get(`${stage.server.url}/api/modernizer/runs/${run}/report`);
  must(report.status() === 200 && (await report.text()).includes('was red before'), 'Its report says why.');
  stage.context.log('a red project says why it was left alone');
}
