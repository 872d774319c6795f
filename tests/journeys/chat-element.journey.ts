// A person uses <tandem-chat> in a real browser: writes, watches the answer come, reloads in the middle, acts by the
// keyboard; then the same chat stands in a foreign page, which hears what it may and nothing else.

import { createServer } from 'node:http';

import type { Browser, Page } from 'playwright-core';

import { minutes } from 'kernel/basics';

import type { ChatServer } from '../../chat/requests/fixtures/chat-server.ts';
import { becomes, clean, openBrowser, settled, WAIT_MS } from './browser.ts';
import { chatServer, serveFrame } from './chat-page.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must } from './tandem.ts';

const STEPS = [
  { key: 'goal', question: 'What would you like to do?', choices: ['Learn', 'Build'] },
  { key: 'time', question: 'How much time do you have?', choices: [] },
];

export const journey: Journey = {
  name: 'a chat in an element loses nothing over a reload, and stands in a foreign page without a leak',
  needs: ['chromium'],
  parallel: true,
  limitMs: minutes(6),
  async run(context) {
    const browser = await openBrowser(context);
    const server = await chatServer(context, { messages: 120 });
    server.room('c1');
    await talk(browser, server, context);
    await scrolls(browser, server, context);
    await accessible(browser, server, context);
    await setUp(browser, context);
    await embedded(browser, server, context);
  },
};

const lastAnswer = (page: Page) => page.locator('article.bot').last();

async function talk(browser: Browser, server: ChatServer, context: JourneyContext): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 390, height: 780 } });
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(`${server.url}/`);
  await page.locator('textarea').fill('A draft that is kept');
  await page.reload();
  await becomes('The draft is still there.', {
    look: () => page.locator('textarea').inputValue(),
    holds: (draft) => draft === 'A draft that is kept',
  });
  server.hold = true;
  await page.locator('textarea').fill('Hello');
  await page.keyboard.press('Enter');
  await page.locator('article.user', { hasText: 'Hello' }).waitFor();
  const runId = () => [...server.runs.keys()].at(-1) ?? '';
  await page.locator('article.bot[aria-busy="true"]').waitFor();
  server.say(runId(), 'One ');
  await lastAnswer(page).getByText('One').waitFor();
  server.cut();
  server.say(runId(), 'two ');
  await lastAnswer(page).getByText('One two').waitFor();
  await page.reload();
  server.say(runId(), '**three**');
  await lastAnswer(page).getByText('One two three').waitFor();
  server.finish(runId());
  await page.locator('[role=status]', { hasText: 'Answer complete, 3 words' }).waitFor({ state: 'attached' });
  server.hold = false;
  context.log('an answer is read over a cut and a reload, each word once');

  await lastAnswer(page).getByRole('button', { name: 'Answer again' }).click();
  await page.getByText('2/2').waitFor();
  await page.getByRole('button', { name: 'Previous version' }).click();
  await page.getByText('1/2').waitFor();
  await lastAnswer(page).getByText('One two three').waitFor();
  await lastAnswer(page).getByRole('button', { name: 'Good answer' }).click();
  await page.locator('[aria-pressed=true]').waitFor();
  const width = Number(await page.evaluate('document.documentElement.scrollWidth'));
  must(width <= 390, 'Nothing scrolls sideways at 390 px.', width);
  must(mistakes.length === 0, 'No script failed.', mistakes);
  await page.close();
}

const SCROLLER = "document.querySelector('tandem-chat').shadowRoot.querySelector('.scroller')";

async function scrolls(browser: Browser, server: ChatServer, context: JourneyContext): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 700, height: 700 } });
  await page.goto(`${server.url}/`);
  await page.locator('article').first().waitFor();
  const isAtEnd = {
    look: async () =>
      Number(await page.evaluate(`${SCROLLER}.scrollHeight - ${SCROLLER}.scrollTop - ${SCROLLER}.clientHeight`)),
    holds: (toEnd: number) => toEnd < 2,
  };
  await becomes('It begins at the end.', isAtEnd);
  await page.mouse.move(300, 300);
  await page.mouse.wheel(0, -900);
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  // Where one reads stays, while an answer comes and while earlier messages are put before.
  const placeOf = `(() => { const s = ${SCROLLER}; const top = s.getBoundingClientRect().top;
    const row = [...s.querySelectorAll('article')].find((each) => each.getBoundingClientRect().bottom > top + 40);
    return [row.dataset.messageId, Math.round(row.getBoundingClientRect().top)]; })()`;
  const before = JSON.stringify(await settled(() => page.evaluate(placeOf)));
  server.hold = true;
  await page.evaluate("void document.querySelector('tandem-chat').chat.thread.loadOlder()");
  await page.waitForFunction("document.querySelector('tandem-chat').chat.thread.store.getState().ids.length > 60");
  const after = JSON.stringify(await settled(() => page.evaluate(placeOf)));
  must(before === after, 'What one reads stays where it is.', { before, after });
  await page.getByRole('button', { name: 'Jump to latest' }).click();
  await becomes('One is at the end again.', isAtEnd);
  await page.locator('article.bot .text').last().click({ clickCount: 3 });
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  server.hold = false;
  context.log('the reader’s place holds while messages come before it');
  await page.close();
}

async function accessible(browser: Browser, server: ChatServer, context: JourneyContext): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [390, 1000]) {
      const view = await browser.newContext({
        viewport: { width, height: 800 },
        colorScheme,
        reducedMotion: 'reduce',
        bypassCSP: true,
      });
      const page = await view.newPage();
      await page.goto(`${server.url}/`);
      await page.locator('article').first().waitFor();
      await clean(page, `the element, ${colorScheme}, ${width} px`);
      await view.close();
    }
  }
  context.log('0 findings of axe, light and dark, 390 and 1000 px');
}

async function setUp(browser: Browser, context: JourneyContext): Promise<void> {
  const server = await chatServer(context, { steps: STEPS });
  const start = server.pages.get('/');
  must(start !== undefined, 'There is a page.');
  server.pages.set('/', { ...start, body: start.body.replace('chat-id="c1"', 'character="guide"') });
  const page = await browser.newPage();
  await page.goto(`${server.url}/`);
  await page.getByText('What would you like to do?').waitFor();
  await page.getByText('Step 1 of 2').waitFor();
  await page.getByRole('button', { name: 'Learn' }).click();
  await page.locator('article.user', { hasText: 'Learn' }).waitFor();
  context.log('the guided set-up asks and takes a choice');
  await page.close();
}

async function embedded(browser: Browser, server: ChatServer, context: JourneyContext): Promise<void> {
  const shop = createServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1><script src="${server.url}/embed.js" data-embed="e1" async></script>`,
      ),
  );
  await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
  context.atEnd(() => void shop.close());
  const address = shop.address();
  must(typeof address === 'object' && address !== null, 'The shop listens.');
  // Another origin by its name.
  const origin = `http://localhost:${address.port}`;
  serveFrame(server, context, 'e1', origin);
  const page = await browser.newPage();
  const mistakes: string[] = [];
  page.on('pageerror', (error) => mistakes.push(error.message));
  await page.goto(`${origin}/`);
  const before = await page.evaluate(
    "Object.keys(globalThis).filter((name) => /tandem/i.test(name)).length + ('Tandem' in globalThis ? 1 : 0)",
  );
  must(before === 1, 'The page has one global more.', before);
  await page.evaluate("globalThis.heard = []; Tandem.on('message:received', (data) => heard.push(data)); 0");
  await page.getByRole('button', { name: 'Chat' }).click();
  const frame = page.frameLocator('iframe');
  await frame.locator('textarea').fill('A secret of the visitor');
  await frame.locator('textarea').press('Enter');
  await frame.locator('article.bot', { hasText: 'You said' }).waitFor();
  await page.waitForFunction('heard.length === 1');
  const heard = JSON.stringify(await page.evaluate('heard'));
  must(heard.includes('chatId') && !heard.includes('secret'), 'The page hears that, not what.', heard);
  const token = server.asked.findLast(({ path }) => path.startsWith('/api/chat'))?.headers['authorization'];
  must(token === 'Bearer visitor-of-e1', 'The visitor is known by their token.', token);
  await page.evaluate("Tandem.send('display:message', { text: 'From the page' })");
  await context.waitFor(
    'the text of the page is in the field',
    async () => (await frame.locator('textarea').inputValue()) === 'From the page',
    WAIT_MS,
  );
  must(mistakes.length === 0, 'No script failed.', mistakes);
  await page.evaluate('Tandem.close()');
  await page.locator('iframe').waitFor({ state: 'hidden' });
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.getByRole('button', { name: 'Chat' }).click();
  await page.waitForTimeout(500);
  must((await page.frameLocator('iframe').locator('tandem-chat').count()) === 0, 'Another page may not hold it.');
  context.log('embedded: one global, ids only, the visitor’s own token, and no other page may hold it');
  await page.close();
}
