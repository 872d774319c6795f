// A person looks at a repository of Atomic in a real browser: registers it, reads its history, a patch and a file with who
// wrote each line, leaves an AI's work and takes it back; then every route is looked at in light and dark, wide and at
// 390 px, for accessibility and for anything that overflows. With UPDATE_IMAGES=1 it makes the pictures of docs/images/atomic.

import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { minutes, seconds } from 'kernel/basics';

import { shopStory, type Story } from '../../atomic/describe/story.samples.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, serve, type Server } from './tandem.ts';

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WAIT_MS = seconds(10);

export const journey: Journey = {
  name: 'a person reads in the console who wrote a repository, takes an AI’s work out of it and puts it back',
  needs: ['chromium'],
  limitMs: minutes(2),
  async run(context) {
    await buildConsole(context);
    const shop = shopStory();
    context.atEnd(() => shop[Symbol.dispose]());
    const [server, browser] = await Promise.all([serve(context), launch(context)]);
    const person = await browser.newContext({ viewport: WIDE, bypassCSP: true });
    const page = await person.newPage();
    page.setDefaultTimeout(WAIT_MS);
    const mistakes: string[] = [];
    page.on('pageerror', (error) => mistakes.push(error.message));
    await page.goto(server.signIn);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await register(page, server, shop);
    const name = await readHistory(page, server);
    await readPatch(page, shop);
    await readFile(page, server, name);
    await leaveAndTakeBack(page, { server, shop, name });
    context.log('registered, read, left and taken back');
    await examineAll(person, { context, server, shop, name });
    await pictures(page, { server, shop, name });
    must(mistakes.length === 0, 'No script failed.', mistakes);
  },
};

async function buildConsole(context: JourneyContext): Promise<void> {
  if (existsSync(join(context.root, '.build/console/index.html'))) return;
  const vite = join(context.root, 'node_modules/vite/bin/vite.js');
  const built = await context.run([context.node, vite, 'build', 'console'], { cwd: context.root });
  must(built.code === 0, 'The console is built.', built.output);
}

async function launch(context: JourneyContext): Promise<Browser> {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  context.atEnd(() => browser.close());
  return browser;
}

async function register(page: Page, server: Server, shop: Story): Promise<void> {
  await page.goto(`${server.url}/atomic`);
  await page.getByText('atomic git import .').waitFor();
  await page.getByLabel('Path').fill('/nowhere');
  await page.getByLabel('Path').press('Enter');
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Path').fill(shop.root);
  await page.getByLabel('Path').press('Enter');
  await page.getByRole('list', { name: 'Repositories' }).getByRole('link').first().waitFor();
}

/** By the keyboard alone. Gives back the repository's name, which is that of its folder. */
async function readHistory(page: Page, server: Server): Promise<string> {
  await page.getByRole('list', { name: 'Repositories' }).getByRole('link').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Patches', exact: true }).waitFor();
  const name = decodeURIComponent(new URL(page.url()).pathname.split('/')[2] ?? '');
  must(!page.url().includes('?'), 'The history of the current channel has a plain address.', page.url());
  const rows = page.getByRole('list', { name: 'Patches', exact: true }).getByRole('listitem');
  must((await rows.count()) === 5, 'Every patch is listed.', await rows.count());
  await page.getByRole('radio', { name: 'AI' }).click();
  await page.waitForURL(`${server.url}/atomic/${encodeURIComponent(name)}?actor=ai`);
  await rows.nth(2).waitFor({ state: 'detached' });
  must((await rows.count()) === 2, 'The filter leaves what an AI wrote.', await rows.count());
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Who wrote it' }).waitFor();
  return name;
}

/** The newest patch of an AI is open: `round`. */
async function readPatch(page: Page, shop: Story): Promise<void> {
  must(page.url().includes(shop.hash('round')), 'The row with the focus opens its patch.', page.url());
  await page.getByRole('region', { name: 'Lines of cart.js' }).getByText('return Math.round(sum(cart));').waitFor();
  await page.getByText('Whoever recorded it said so with a flag.').waitFor();
  await page.locator('.react-flow__node').nth(1).waitFor();
  await page.goBack();
  await page.getByRole('list', { name: 'Patches', exact: true }).waitFor();
  must(page.url().endsWith('?actor=ai'), 'Going back leads to the filtered history.', page.url());
}

async function readFile(page: Page, server: Server, name: string): Promise<void> {
  await page.goto(`${server.url}/atomic/${name}/files?path=cart.js`);
  const lines = page.getByRole('region', { name: 'Lines of cart.js' });
  await lines.getByRole('link', { name: /^AI: gpt-5/ }).waitFor();
  await page.getByRole('combobox', { name: 'Show the files' }).selectOption({ label: 'Without claude-sonnet-4-5' });
  await page.getByText('Nothing is changed.').waitFor();
  await lines.getByText('Math.round').waitFor({ state: 'detached' });
}

interface At {
  readonly server: Server;
  readonly shop: Story;
  readonly name: string;
}

async function leaveAndTakeBack(page: Page, { server, shop, name }: At): Promise<void> {
  await page.goto(`${server.url}/atomic/${name}/take`);
  await page.getByRole('combobox', { name: 'Many at once' }).selectOption({ label: 'All by claude-sonnet-4-5' });
  await page.getByRole('button', { name: 'Leave them…' }).click();
  const drawer = page.getByRole('dialog');
  await drawer.getByText('Also leaves: 1 patch that builds on it').waitFor();
  must(shop.read('cart.js').includes('total'), 'Looking changes nothing.');
  await drawer.getByRole('button', { name: 'Leave 2 patches' }).click();
  await page.getByText('2 patches left out of main.').waitFor();
  must(!shop.read('cart.js').includes('total'), 'The file on the disk follows.');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back.').waitFor();
  must(shop.read('cart.js').includes('Math.round'), 'Undo brings the text back.');
}

/** Every route of Atomic: no finding of axe, nothing that scrolls sideways. */
async function examineAll(person: BrowserContext, at: At & { readonly context: JourneyContext }): Promise<void> {
  const { context, server, shop, name } = at;
  const base = `/atomic/${name}`;
  const routes = [
    '/atomic',
    base,
    `${base}?expr=wrong`,
    `${base}/patches/${shop.hash('round')}`,
    `${base}/files?path=cart.js&without=author%3Dben`,
    `${base}/graph`,
    `${base}/take`,
  ];
  for (const route of routes) await examine(person, server.url + route);
  context.log(`${routes.length} routes: 0 findings`);
}

/** One page in both widths and both colours: it follows the window and the system as it is. */
async function examine(person: BrowserContext, url: string): Promise<void> {
  const page = await person.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: WAIT_MS });
  await page.waitForLoadState('networkidle');
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme="${colorScheme}"]`).waitFor({ state: 'attached' });
      const where = `${new URL(url).pathname}, ${colorScheme}, ${viewport.width} px`;
      const findings = await axeFindings(page);
      must(findings.length === 0, `axe finds nothing on ${where}.`, findings);
      const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
      must(width <= viewport.width, `Nothing scrolls sideways on ${where}.`, width);
    }
  }
  await page.close();
}

async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      readonly axe: {
        run(options: object): Promise<{
          readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run({ resultTypes: ['violations'] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  });
}

async function pictures(page: Page, { server, shop, name }: At): Promise<void> {
  if (process.env['UPDATE_IMAGES'] !== '1') return;
  const folder = join(import.meta.dirname, '../../docs/images/atomic');
  mkdirSync(folder, { recursive: true });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const routes = {
    'console-history': '',
    'console-patch': `/patches/${shop.hash('round')}`,
    'console-file': '/files?path=cart.js',
  };
  for (const [picture, route] of Object.entries(routes)) {
    const path = join(folder, `${picture}.png`);
    rmSync(path, { force: true });
    await page.goto(`${server.url}/atomic/${name}${route}`);
    await page.waitForLoadState('networkidle');
    await page.screenshot({ path });
  }
}
