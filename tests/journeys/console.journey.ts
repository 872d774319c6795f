// A person in a real browser: signs in by the link, starts a run, watches it, reloads, reads the result; then every
// route is looked at in light and dark, wide and at 390 px, for accessibility and for anything that overflows.
// With UPDATE_IMAGES=1 it also makes the pictures of the README.

import type { Page } from 'playwright-core';

import { minutes } from 'kernel/basics';

import { buildConsole, enter, examine, openBrowser, picture, WAIT_MS, WIDE } from './browser.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, serve, type Server } from './tandem.ts';

const SAMPLE = 'passport-jwt@4.0.0';

export const journey: Journey = {
  name: 'a newcomer signs in, starts a sample, watches it, and finds no accessibility fault on any screen',
  needs: ['chromium', 'registry', 'bubblewrap'],
  limitMs: minutes(15),
  async run(context) {
    await buildConsole(context);
    const server = await serve(context);
    const browser = await openBrowser(context);
    const { person, page, mistakes } = await enter(browser, server);
    await linkIsUsedUp(page, server);
    await picture(page, 'first-steps');
    const run = await startSample(page, context);
    await watch(page, { context, server, run });
    const trial = await readEvidence(page, { context, server, run });
    const scheduled = await schedule(page, { context, server, run });
    const routes = [
      '/',
      '/modernizer',
      '/modernizer/new',
      '/modernizer/projects',
      '/modernizer/schedules',
      `/modernizer/schedules?schedule=${scheduled}`,
      '/modernizer/compare',
      `/modernizer/runs/${run}`,
      `/modernizer/runs/${run}?upgrade=chai&trials=table`,
      `/modernizer/runs/${run}?trial=${trial}&part=lockfile`,
      `/modernizer/runs/${run}?trial=${trial}&part=environment`,
      '/decisions',
      '/machine',
      '/nowhere',
    ];
    for (const route of routes) await examine(person, server.url + route);
    context.log(`${routes.length} routes: 0 findings`);
    await pictures(page, server, run);
    must(mistakes.length === 0, 'No script failed.', mistakes);
  },
};

async function linkIsUsedUp(page: Page, server: Server): Promise<void> {
  must(!page.url().includes('welcome'), 'The link leads to the first page.', page.url());
  const again = await page.request.get(server.signIn, { maxRedirects: 0 });
  must(again.status() >= 400, 'A used link is used up.', again.status());
}

async function startSample(page: Page, context: JourneyContext): Promise<string> {
  await page.getByRole('link', { name: SAMPLE }).click();
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.waitForURL(/\/modernizer\/runs\/\w+/, { timeout: WAIT_MS });
  const run = /runs\/(\w+)/.exec(page.url())?.[1] ?? '';
  context.log(`run ${run} started from the page`);
  return run;
}

interface Watching {
  readonly context: JourneyContext;
  readonly server: Server;
  readonly run: string;
}

async function watch(page: Page, { context, server, run }: Watching): Promise<void> {
  await page.getByText('Planner').first().waitFor();
  await page.reload();
  await page.getByText('Planner').first().waitFor();
  await context.waitFor(
    'the run is done',
    async () => {
      const { json } = await server.ask(`/api/runs/${run}`);
      return (json as { readonly status: string }).status === 'done';
    },
    minutes(12),
  );
  await page.getByText(`tandem/${run}`).first().waitFor({ timeout: WAIT_MS });
  for (const name of ['jsonwebtoken', 'mocha', 'chai', 'chai-passport-strategy', 'sinon']) {
    await page.getByText(name).first().waitFor({ timeout: WAIT_MS });
  }
}

/** With the keyboard alone: the refused upgrade, the lines that use it, and the evidence of the trial that refused it. */
async function readEvidence(page: Page, { server, run }: Watching): Promise<string> {
  await page.goto(`${server.url}/modernizer/runs/${run}?state=refused&find=chai`);
  const row = page.getByRole('button', { name: /^chai/ }).first();
  await row.waitFor();
  await page.keyboard.press('j');
  const focused = String(await page.evaluate('document.activeElement?.textContent'));
  must(focused.startsWith('chai'), 'The key j goes to the first row.', focused);
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: /^What changed in / }).waitFor();
  await page.getByRole('button', { name: 'Open its trial' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByRole('radio', { name: 'Lockfile' }).click();
  await drawer.getByRole('list', { name: 'Packages that differ' }).waitFor({ timeout: WAIT_MS });
  const trial = new URL(page.url()).searchParams.get('trial') ?? '';
  must(trial !== '', 'The address says which trial is open.', page.url());
  await page.reload();
  await page.getByRole('dialog').getByRole('list', { name: 'Packages that differ' }).waitFor({ timeout: WAIT_MS });
  await page.keyboard.press('Escape');
  return trial;
}

/** From the dashboard to a schedule, which is made, changed, paused and resumed. */
async function schedule(page: Page, { server }: Watching): Promise<string> {
  await page.goto(`${server.url}/modernizer/projects`);
  await page.getByRole('link', { name: 'Not scheduled' }).click();
  await page.getByRole('button', { name: 'Make the schedule' }).click();
  const list = page.getByRole('list', { name: 'Schedules' });
  await list.getByText(/every Monday at 06:00/i).waitFor({ timeout: WAIT_MS });
  await list.getByRole('link', { name: /^Change/ }).click();
  await page.getByRole('button', { name: 'Thursday' }).click();
  await page.getByRole('button', { name: 'Keep the change' }).click();
  await list.getByText(/every Monday and Thursday at 06:00/i).waitFor({ timeout: WAIT_MS });
  await list.getByRole('button', { name: /^Pause/ }).click();
  await list.getByText('Paused').waitFor({ timeout: WAIT_MS });
  const { json } = await server.ask('/api/modernizer/schedules');
  const { schedules } = json as { readonly schedules: readonly { readonly id: string; readonly paused: boolean }[] };
  must(schedules.length === 1 && schedules[0]?.paused === true, 'One schedule is kept, and it is paused.', schedules);
  await list.getByRole('button', { name: /^Resume/ }).click();
  await list.getByText('Active').waitFor({ timeout: WAIT_MS });
  return schedules[0].id;
}

async function pictures(page: Page, server: Server, run: string): Promise<void> {
  await page.goto(`${server.url}/modernizer/runs/${run}`);
  await page.getByText(`tandem/${run}`).first().waitFor();
  await page.locator('.react-flow__node').first().waitFor();
  // As far as the matrix: the tree of trials has a picture of its own.
  await page.setViewportSize({ width: WIDE.width, height: 1400 });
  await picture(page, 'finished-run');
  await page.setViewportSize(WIDE);
  await pictureOf(
    page,
    `${server.url}/modernizer/runs/${run}?upgrade=chai`,
    'What changed in chai',
    'modernizer/refused',
  );
  await pictureOf(page, `${server.url}/modernizer/runs/${run}`, 'The part that promises most', 'modernizer/trials');
  await page.goto(`${server.url}/modernizer/projects`);
  await page.getByRole('list', { name: 'Projects' }).waitFor();
  await picture(page, 'modernizer/projects');
  await page.goto(`${server.url}/modernizer/schedules`);
  await page.getByRole('list', { name: 'Schedules' }).waitFor();
  await picture(page, 'modernizer/schedules');
  await page.goto(server.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText(SAMPLE).first().waitFor();
  await picture(page, 'home');
}

/** Pixels below the top at which what is shown begins. */
const PICTURED_FROM = 260;

/** A part of a page: scrolled to what it shows. */
async function pictureOf(page: Page, url: string, what: string, name: string): Promise<void> {
  await page.goto(url);
  const shown = page
    .getByText(what)
    .or(page.getByRole('region', { name: what }))
    .first();
  await shown.waitFor({ timeout: WAIT_MS });
  await shown.scrollIntoViewIfNeeded();
  const { y = 0 } = (await shown.boundingBox()) ?? {};
  await page.mouse.wheel(0, y - PICTURED_FROM);
  await picture(page, name);
}
