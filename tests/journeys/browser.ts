// What journeys do with a real browser: start it, build the console for it, wait until a page is as it must be, and look
// at a page in light and dark, wide and at 390 px, for accessibility and for anything that overflows.
// Rule: a page is never judged at one moment. It gets the time that a person would give it.

import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

import { seconds } from 'kernel/basics';

import type { JourneyContext } from './journey.ts';
import { must, type Server } from './tandem.ts';

export const WIDE = { width: 1440, height: 900 };
export const NARROW = { width: 390, height: 844 };
/** Long enough for a busy machine; only what will never come waits so long. */
export const WAIT_MS = seconds(30);

const LOOK_EACH_MS = 50;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openBrowser(context: JourneyContext): Promise<Browser> {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  context.atEnd(() => browser.close());
  return browser;
}

export async function buildConsole(context: JourneyContext): Promise<void> {
  if (existsSync(join(context.root, '.build/console/index.html'))) return;
  const vite = join(context.root, 'node_modules/vite/bin/vite.js');
  const built = await context.run([context.node, vite, 'build', 'console'], { cwd: context.root });
  must(built.code === 0, 'The console is built.', built.output);
}

export interface Entered {
  readonly person: BrowserContext;
  readonly page: Page;
  /** What failed in a script of the page, in order. */
  readonly mistakes: readonly string[];
}

/** Signs in by the link that the server printed, and stands on the first page. */
export async function enter(browser: Browser, server: Server): Promise<Entered> {
  const person = await browser.newContext({ viewport: WIDE, bypassCSP: true });
  const page = await person.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(server.signIn);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return { person, page, mistakes };
}

interface Awaited<T> {
  readonly look: () => T | Promise<T>;
  readonly holds: (seen: T) => boolean;
}

/** Looks again and again until it holds, and gives back what was seen; else fails with the sentence and the last look. */
export async function becomes<T>(sentence: string, { look, holds }: Awaited<T>): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    const seen = await look();
    if (holds(seen)) return seen;
    must(performance.now() - startedAt < WAIT_MS, sentence, seen);
    await new Promise((next) => setTimeout(next, LOOK_EACH_MS));
  }
}

/** Waits until the page has been still for a while: two looks apart see the same. */
export async function settled<T>(look: () => Promise<T>): Promise<T> {
  const stillMs = 200;
  let before = JSON.stringify(await look());
  return becomes('It comes to rest.', {
    look: async () => {
      await new Promise((next) => setTimeout(next, stillMs));
      return look();
    },
    holds: (seen) => {
      const isStill = JSON.stringify(seen) === before;
      before = JSON.stringify(seen);
      return isStill;
    },
  });
}

/** One page in both widths and both colours: it follows the window and the system as it is. */
export async function examine(person: BrowserContext, url: string): Promise<void> {
  const page = await person.newPage();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).waitFor({ timeout: WAIT_MS });
  // A page that listens to a run is never idle.
  await page.waitForLoadState('networkidle', { timeout: seconds(3) }).catch(() => undefined);
  for (const viewport of [WIDE, NARROW]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.locator(`html[data-theme="${colorScheme}"]`).waitFor({ state: 'attached', timeout: WAIT_MS });
      const where = `${new URL(url).pathname}, ${colorScheme}, ${viewport.width} px`;
      await clean(page, where);
      await becomes(`Nothing scrolls sideways on ${where}.`, {
        look: async () => Number(await page.evaluate('document.documentElement.scrollWidth')),
        holds: (width) => width <= viewport.width,
      });
    }
  }
  await page.close();
}

/** axe finds nothing on this page; a list that was just being loaded gets its time. */
export const clean = (page: Page, where: string): Promise<unknown> =>
  becomes(`axe finds nothing on ${where}.`, {
    look: () => axeFindings(page),
    holds: (findings) => findings.length === 0,
  });

async function axeFindings(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(AXE);
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

/** With UPDATE_IMAGES=1: a picture for a page of docs/, in `docs/images/` or the folder below it. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_IMAGES'] !== '1') return;
  const file = join(import.meta.dirname, '../../docs/images', `${name}.png`);
  mkdirSync(join(file, '..'), { recursive: true });
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: file });
}
