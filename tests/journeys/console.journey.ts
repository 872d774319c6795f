// A person in a real browser: signs in by the link, starts a run, watches it, reloads, reads the result; then every
// route is looked at in light and dark, wide and at 390 px, for accessibility and for anything that overflows.
// With UPDATE_IMAGES=1 it also makes the pictures of the README.

import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type BrowserContext, type Page } from 'playwright-core';

import { minutes, seconds } from 'kernel/basics';

import type { Journey, JourneyContext } from './journey.ts';
import { must, serve, type Server } from './tandem.ts';

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const SAMPLE = 'passport-jwt@4.0.0';
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const journey: Journey = {
  name: 'a newcomer signs in, starts a sample, watches it, and finds no accessibility fault on any screen',
  needs: ['chromium', 'registry', 'bubblewrap'],
  limitMs: minutes(5),
  async run(context) {
    await buildConsole(context);
    const server = await serve(context);
    const executablePath = BROWSERS.find((path) => existsSync(path));
    const browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    context.atEnd(() => browser.close());
    const person = await browser.newContext({ viewport: WIDE, bypassCSP: true });
    const page = await person.newPage();
    const mistakes: string[] = [];
    page.on('pageerror', (error) => mistakes.push(error.message));
    await signIn(page, server);
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
    for (const route of routes) await examine(person, server.url + route, context);
    await pictures(page, server, run);
    must(mistakes.length === 0, 'No script failed.', mistakes);
  },
};

async function buildConsole(context: JourneyContext): Promise<void> {
  if (existsSync(join(context.root, '.build/console/index.html'))) return;
  const vite = join(context.root, 'node_modules/vite/bin/vite.js');
  const built = await context.run([context.node, vite, 'build', 'console'], { cwd: context.root });
  must(built.code === 0, 'The console is built.', built.output);
}

async function signIn(page: Page, server: Server): Promise<void> {
  await page.goto(server.signIn);
  await page.getByRole('heading', { level: 1 }).waitFor();
  must(!page.url().includes('welcome'), 'The link leads to the first page.', page.url());
  const again = await page.request.get(server.signIn, { maxRedirects: 0 });
  must(again.status() >= 400, 'A used link is used up.', again.status());
}

async function startSample(page: Page, context: JourneyContext): Promise<string> {
  await page.getByRole('link', { name: SAMPLE }).click();
  await page.getByRole('button', { name: 'Start the run' }).click();
  await page.waitForURL(/\/modernizer\/runs\/\w+/, { timeout: seconds(20) });
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
    minutes(3),
  );
  await page
    .getByText(`tandem/${run}`)
    .first()
    .waitFor({ timeout: seconds(20) });
  for (const name of ['jsonwebtoken', 'mocha', 'chai', 'chai-passport-strategy', 'sinon']) {
    await page
      .getByText(name)
      .first()
      .waitFor({ timeout: seconds(5) });
  }
}

/** Every route, light and dark, wide and narrow: no finding of axe, nothing that scrolls sideways. */
async function examine(person: BrowserContext, url: string, context: JourneyContext): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const viewport of [WIDE, NARROW]) {
      const page = await person.newPage();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      await page.goto(url);
      await page.getByRole('heading', { level: 1 }).waitFor({ timeout: seconds(15) });
      await page.waitForLoadState('load');
      const where = `${new URL(url).pathname}, ${colorScheme}, ${viewport.width} px`;
      const findings = await axeFindings(page);
      must(findings.length === 0, `axe finds nothing on ${where}.`, findings);
      const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
      must(width <= viewport.width, `Nothing scrolls sideways on ${where}.`, width);
      await page.close();
    }
  }
  context.log(`${new URL(url).pathname}: 0 findings`);
}

async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      readonly axe: {
        run(): Promise<{
          readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

async function pictures(page: Page, server: Server, run: string): Promise<void> {
  await page.goto(`${server.url}/modernizer/runs/${run}`);
  await page.getByText(`tandem/${run}`).first().waitFor();
  await page.locator('.react-flow__node').first().waitFor();
  await picture(page, 'finished-run', true);
  await page.goto(server.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.getByText(SAMPLE).first().waitFor();
  await picture(page, 'home');
}

async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  if (process.env['UPDATE_IMAGES'] !== '1') return;
  const folder = join(import.meta.dirname, '../../docs/images');
  mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage });
}
