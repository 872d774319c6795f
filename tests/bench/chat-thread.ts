// A conversation of 10,000 messages in a headless Chromium, by the element's production bundle: until it can be used,
// and while 2,000 tokens stream into it at 200 a second. Over loopback, with a real stream.
// `-- --url=http://…` measures a thread that is served elsewhere instead (it must show `article` rows).
// Beside it deep-chat, with 500 messages, where it installs.
// `-- --messages=500 --rate=1000` change the size and the speed.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { buildChat, isChatFresh } from '../../scripts/build-chat.mjs';
import { startChatServer, type ChatServer } from '../../chat/requests/fixtures/chat-server.ts';
import { ROOT } from './measuring/programs.ts';
import { measurePeer } from './measuring/deep-chat-page.ts';
import { note, quantile, report, rounds } from './measuring/report.ts';
import { fluency, heapOf, launch, textOf, tokens, TOKENS, watchOf, type Seen } from './measuring/thread-page.ts';

const option = (name: string, otherwise: number): number => {
  const given = process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
  return given === undefined ? otherwise : Number(given);
};
const MESSAGES = option('messages', 10_000);
/** The peer keeps every message in the page; more takes it minutes. */
const PEER_MESSAGES = 500;
const RATE = option('rate', 200);
const RUNS = rounds(1);
const WATCH = watchOf({ host: 'tandem-chat', row: 'article', field: 'textarea' });

async function serve(statePage: number): Promise<{ readonly server: ChatServer; readonly url: string }> {
  const server = await startChatServer({ messages: MESSAGES, statePage, text: textOf });
  server.room('c1');
  server.hold = true;
  const body = readFileSync(join(ROOT, '.build/chat/element.js'), 'utf8');
  server.pages.set('/element.js', { type: 'text/javascript', body });
  server.pages.set('/', {
    type: 'text/html',
    body: `<!doctype html><html lang="en"><title>Chat</title><style>body{margin:0}tandem-chat{height:100vh}</style>
      <script type="module" src="/element.js"></script><tandem-chat chat-id="c1"></tandem-chat>`,
  });
  return { server, url: `${server.url}/` };
}

async function stream(server: ChatServer): Promise<void> {
  const runId = [...server.runs.keys()].at(-1) ?? '';
  const all = tokens();
  const startedAt = performance.now();
  for (let sent = 0; sent < all.length;) {
    const due = Math.min(all.length, Math.floor(((performance.now() - startedAt) / 1000) * RATE));
    for (; sent < due; sent += 1) server.say(runId, all[sent] ?? '');
    await wait(5);
  }
  server.finish(runId);
}

/** As a person opens it: the newest page, the rest when they scroll. */
async function usableByPage(): Promise<number> {
  const { server, url } = await serve(50);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 800 } });
    await page.addInitScript(WATCH);
    await page.goto(url);
    await page.waitForFunction('seen.usable > 0', null, { timeout: 60_000, polling: 50 });
    return Number(await page.evaluate('seen.usable'));
  } finally {
    await browser.close();
    await server.close();
  }
}

async function measureOnce() {
  const byPage = await usableByPage();
  const { server, url } = await serve(MESSAGES);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 900, height: 800 } });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    await page.addInitScript(WATCH);
    await page.goto(process.argv.find((word) => word.startsWith('--url='))?.slice(6) ?? url);
    await page.waitForFunction('seen.usable > 0', null, { timeout: 60_000, polling: 50 });
    const usable = Number(await page.evaluate('seen.usable'));
    const asked = "performance.getEntriesByType('resource').find(({ name }) => name.includes('/api/chat?'))";
    const answered = Number(await page.evaluate(`${asked}?.responseEnd ?? 0`));
    await wait(500);
    const heapBefore = await heapOf(page, cdp);
    await page.locator('textarea').fill('Go on');
    await page.keyboard.press('Control+Enter');
    await page.waitForTimeout(300);
    await page.evaluate('seen.frames.length = 0; seen.tasks.length = 0');
    await stream(server);
    const seen = (await page.evaluate('({ frames: seen.frames, tasks: seen.tasks, usable: seen.usable })')) as Seen;
    await wait(300);
    return { byPage, usable, answered, heapBefore, heapAfter: await heapOf(page, cdp), ...fluency(seen) };
  } finally {
    await browser.close();
    await server.close();
  }
}

if (!isChatFresh()) await buildChat();
const all: Awaited<ReturnType<typeof measureOnce>>[] = [];
for (let run = 0; run < RUNS; run += 1) {
  note(`${MESSAGES} messages, ${TOKENS} tokens at ${RATE}/s …`);
  all.push(await measureOnce());
}
const middle = (of: (each: (typeof all)[number]) => number): number => quantile(all.map(of));
const peer = await measurePeer({ messages: PEER_MESSAGES, rate: RATE });
report('chat-thread', [
  {
    what: `${MESSAGES} messages, the newest page first: usable after`,
    value: middle(({ byPage }) => byPage),
    unit: 'ms',
  },
  { what: `${MESSAGES} messages, all at once: usable after`, value: middle(({ usable }) => usable), unit: 'ms' },
  { what: 'the server had answered after', value: middle(({ answered }) => answered), unit: 'ms' },
  { what: 'frames a second while tokens stream', value: middle(({ fps }) => fps), unit: '' },
  { what: 'frame p95 while tokens stream', value: middle(({ frameP95 }) => frameP95), unit: 'ms' },
  { what: 'tasks over 50 ms while tokens stream', value: middle(({ longTasks }) => longTasks), unit: '' },
  { what: 'longest task while tokens stream', value: middle(({ longest }) => longest), unit: 'ms' },
  { what: 'JS heap before', value: middle(({ heapBefore }) => heapBefore), unit: 'bytes' },
  { what: 'JS heap after', value: middle(({ heapAfter }) => heapAfter), unit: 'bytes' },
  ...peer,
]);
