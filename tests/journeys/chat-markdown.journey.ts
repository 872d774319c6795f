// Every hostile text is answered by a model in a real browser, whole and in pieces: none runs, none asks another host.

import { createServer } from 'node:http';

import { minutes } from 'kernel/basics';

import { EVIL, PAYLOADS } from '../../chat/thread/fixtures/payloads.ts';
import { openBrowser } from './browser.ts';
import { chatServer } from './chat-page.ts';
import type { Journey } from './journey.ts';
import { must } from './tandem.ts';

/** So many hostile answers in one conversation. */
const AT_ONCE = 25;

export const journey: Journey = {
  name: 'no text of a model runs in the page or asks another host, whole or in pieces',
  needs: ['chromium'],
  parallel: true,
  limitMs: minutes(8),
  async run(context) {
    const browser = await openBrowser(context);
    // Once with the policy of a careful page, and once without any: the first wall must hold alone.
    for (const hasPolicy of [false, true]) {
      const server = await chatServer(context);
      const start = server.pages.get('/');
      must(start !== undefined, 'There is a page.');
      if (!hasPolicy) server.pages.set('/', { type: start.type, body: start.body });
      const view = await browser.newContext({ viewport: { width: 900, height: 30_000 } });
      const asked: string[] = [];
      const violations: string[] = [];
      await view.route('**/*', (route) => {
        const url = route.request().url();
        if (new URL(url).origin !== server.url && !url.startsWith('blob:')) asked.push(url);
        return new URL(url).origin === server.url || url.startsWith('blob:') ? route.continue() : route.abort();
      });
      const page = await view.newPage();
      page.on('console', (message) => {
        if (/Content Security Policy|TrustedHTML/.test(message.text())) violations.push(message.text());
      });
      page.on('dialog', (dialog) => void dialog.dismiss());
      for (let from = 0; from < PAYLOADS.length; from += AT_ONCE) {
        const some = PAYLOADS.slice(from, from + AT_ONCE);
        server.rooms.delete('c1');
        server.room('c1');
        server.hold = true;
        await page.goto(`${server.url}/`);
        await page.locator('textarea').fill('Go');
        await page.keyboard.press('Control+Enter');
        await page.locator('article.bot').waitFor();
        const runId = [...server.runs.keys()].at(-1) ?? '';
        for (const payload of some) {
          const step = Math.max(1, Math.ceil(payload.length / 3));
          for (let at = 0; at < payload.length; at += step) {
            server.say(runId, payload.slice(at, at + step));
            await page.evaluate('new Promise(requestAnimationFrame)');
          }
          server.say(runId, '\n\n');
        }
        server.finish(runId);
        await page.locator('article.bot[aria-busy="false"]').waitFor();
        await page.mouse.move(300, 200);
        must((await page.evaluate('globalThis.pwned ?? null')) === null, 'Nothing ran.', some);
        must(page.url() === `${server.url}/`, 'The page is still the page.', page.url());
        // And once more as whole messages, as after a reload.
        await page.reload();
        await page.locator('article.bot').waitFor();
        must((await page.evaluate('globalThis.pwned ?? null')) === null, 'Nothing ran after a reload.', some);
      }
      must(asked.length === 0, `No other host was asked, ${EVIL} or any.`, asked);
      must(violations.length === 0, 'The policy had nothing to stop.', violations);
      context.log(`${PAYLOADS.length} texts, ${hasPolicy ? 'with' : 'without'} a policy: 0 ran, 0 asked another host`);
      await view.close();
    }
    await provesItself(browser, context);
  },
};

/** A page that does run a text is noticed: the trap works. */
async function provesItself(browser: Awaited<ReturnType<typeof openBrowser>>, context: Parameters<Journey['run']>[0]) {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<img src=x onerror="window.pwned=1">'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.atEnd(() => void server.close());
  const address = server.address();
  must(typeof address === 'object' && address !== null, 'It listens.');
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await page.waitForFunction('globalThis.pwned === 1');
  await page.close();
}
