// A person looks at a repository of Atomic in a real browser: registers it, reads its history, a patch and a file with who
// wrote each line, leaves an AI's work and takes it back; then every route is looked at in light and dark, wide and at
// 390 px, for accessibility and for anything that overflows. With UPDATE_IMAGES=1 it makes the pictures of docs/images/atomic.

import type { BrowserContext, Page } from 'playwright-core';

import { minutes } from 'kernel/basics';

import { shopStory, type Story } from '../../atomic/describe/story.samples.ts';
import { becomes, buildConsole, enter, examine, openBrowser, picture } from './browser.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, serve, type Server } from './tandem.ts';

export const journey: Journey = {
  name: 'a person reads in the console who wrote a repository, takes an AI’s work out of it and puts it back',
  needs: ['chromium'],
  limitMs: minutes(6),
  async run(context) {
    await buildConsole(context);
    const shop = shopStory();
    context.atEnd(() => shop[Symbol.dispose]());
    const [server, browser] = await Promise.all([serve(context), openBrowser(context)]);
    const { person, page, mistakes } = await enter(browser, server);
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
  await becomes('Every patch is listed.', { look: () => rows.count(), holds: (count) => count === 5 });
  await page.getByRole('radio', { name: 'AI' }).click();
  await page.waitForURL(`${server.url}/atomic/${encodeURIComponent(name)}?actor=ai`);
  await becomes('The filter leaves what an AI wrote.', { look: () => rows.count(), holds: (count) => count === 2 });
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Who wrote it' }).waitFor();
  return name;
}

/** The newest patch of an AI is open: `round`. */
async function readPatch(page: Page, shop: Story): Promise<void> {
  const hash = shop.hash('round');
  await becomes('The row with the focus opens its patch.', {
    look: () => page.url(),
    holds: (url) => url.includes(hash),
  });
  await page.getByRole('region', { name: 'Lines of cart.js' }).getByText('return Math.round(sum(cart));').waitFor();
  await page.getByText('Whoever recorded it said so with a flag.').waitFor();
  await page.locator('.react-flow__node').nth(1).waitFor();
  await page.goBack();
  await page.getByRole('list', { name: 'Patches', exact: true }).waitFor();
  await becomes('Going back leads to the filtered history.', {
    look: () => page.url(),
    holds: (url) => url.endsWith('?actor=ai'),
  });
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
  const cart = () => shop.read('cart.js');
  await becomes('The file on the disk follows.', { look: cart, holds: (text) => !text.includes('total') });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Taken back.').waitFor();
  await becomes('Undo brings the text back.', { look: cart, holds: (text) => text.includes('Math.round') });
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

async function pictures(page: Page, { server, shop, name }: At): Promise<void> {
  const routes = {
    'console-history': '',
    'console-patch': `/patches/${shop.hash('round')}`,
    'console-file': '/files?path=cart.js',
  };
  for (const [shown, route] of Object.entries(routes)) {
    await page.goto(`${server.url}/atomic/${name}${route}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await picture(page, `atomic/${shown}`);
  }
}
