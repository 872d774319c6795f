// A person in a real browser: signs in by the link, starts a run, watches it, reloads, reads the result; then every
// route is looked at in light and dark, wide and at 390 px, for accessibility and for anything that overflows.
// With UPDATE_IMAGES=1 it also makes the pictures of the README.

import type { Page } from 'playwright-core';

import { minutes } from 'kernel/basics';

import { buildConsole, enter, examine, openBrowser, picture, WAIT_MS } from './browser.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, serve, type Server } from './tandem.ts';

const SAMPLE = 'passport-jwt@4.0.0';

export const journey: Journey = {
  name: 'a newcomer signs in, starts a sample, watches it, and finds no accessibility fault on any screen',
  needs: ['chromium', 'registry', 'bubblewrap'],
  limitMs: minutes(10),
  async run(context) {
    await buildConsole(context);
    const server = await serve(context);
    const browser = await openBrowser(context);
    const { person, page, mistakes } = await enter(browser, server);
    await linkIsUsedUp(page, server);
    await picture(page, 'first-steps');
    const run = await startSample(page, context);
    await watch(page, { context, server, run });
    const routes = [
      '/',
      '/modernizer',
      '/modernizer/new',
      `/modernizer/runs/${run}`,
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
    minutes(6),
  );
  await page.getByText(`tandem/${run}`).first().waitFor({ timeout: WAIT_MS });
  for (const name of ['jsonwebtoken', 'mocha', 'chai', 'chai-passport-strategy', 'sinon']) {
    await page.getByText(name).first().waitFor({ timeout: WAIT_MS });
  }
}

async function pictures(page: Page, server: Server, run: string): Promise<void> {
  await page.goto(`${server.url}/modernizer/runs/${run}`);
  await page.getByText(`tandem/${run}`).first().waitFor();
  await page.locator('.react-flow__node').first().waitFor();
  await picture(page, 'finished-run', { fullPage: true });
  await page.goto(server.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText(SAMPLE).first().waitFor();
  await picture(page, 'home');
}
