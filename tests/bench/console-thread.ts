// A conversation of 10,000 messages in the console, as a person opens it: the real server, the production bundle, a
// headless Chromium, and an OpenAI-compatible server that streams 2,000 tokens at 200 a second. Until it can be used, how
// smooth it is while the answer comes, and while somebody scrolls back through all of it.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';

import { startWireFake } from 'kernel/wire-fakes';
import type { CDPSession, Page } from 'playwright-core';

import { buildConsole } from '../../scripts/build-console.mjs';
import { inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { note, quantile, report, rounds } from './measuring/report.ts';
import { fluency, heapOf, launch, textOf, tokens, TOKENS, watchOf, type Seen } from './measuring/thread-page.ts';

const MESSAGES = 10_000;
const TOKEN_MS = 5;
const RUNS = rounds(3);
const WATCH = watchOf({ host: 'body', row: '[role=log] article', field: 'textarea' });

async function started(home: Readonly<Record<string, string>>) {
  const argv = ['--max-semi-space-size=32', join(ROOT, 'workbench/main.ts'), 'serve'];
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...home }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  for (;;) {
    const [, url, signIn] = /ready at (\S+) {2}\(sign in: (\S+)\)/.exec(said) ?? [];
    if (url !== undefined && signIn !== undefined) return { child, url, signIn };
    if (child.exitCode !== null) throw new Error(`it ended: ${said.slice(-500)}`);
    await wait(20);
  }
}

/** Begins a chat from the page, and puts the messages into its table as if they had been said. */
async function longChat(folder: string, signIn: string): Promise<string> {
  const browser = await launch();
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(signIn);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const chatId = String(
    await page.evaluate(`fetch('/api/chat', { method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ chatId: 'assistant' }) }).then((answer) => answer.json()).then((state) => state.userChatId)`),
  );
  await browser.close();
  const db = new DatabaseSync(join(folder, 'home', 'tandem.db'));
  db.exec('begin immediate');
  db.prepare('delete from chat_messages where chat = ?').run(chatId);
  const message = db.prepare(
    `insert into chat_messages values (?, ?, ?, ?, ?, ?, ?, 'complete', null, null, null, null, null, null, null, ?, null)`,
  );
  for (let seq = 1; seq <= MESSAGES; seq += 1) {
    const parent = seq === 1 ? null : `${chatId}-${seq - 1}`;
    const sender = seq % 2 === 0 ? 'bot' : 'user';
    message.run(chatId, seq, `${chatId}-${seq}`, parent, seq, sender, textOf(seq - 1), Date.now() + seq);
  }
  db.prepare('update chats set head = ?, message_count = ?, next_seq = ? where id = ?').run(
    `${chatId}-${MESSAGES}`,
    MESSAGES,
    MESSAGES + 1,
    chatId,
  );
  db.exec('commit');
  db.close();
  return chatId;
}

const LOG = "document.querySelector('[role=log]')";

/** Scrolls up until the first message is there; how smooth that was. */
async function scrollBack(page: Page) {
  await page.evaluate('seen.frames.length = 0; seen.tasks.length = 0');
  await page.evaluate(`new Promise((done) => {
    const log = ${LOG};
    let still = 0;
    const up = () => {
      still = log.scrollTop === 0 ? still + 1 : 0;
      if (still > 60) return done();
      log.scrollTop -= 600;
      requestAnimationFrame(up);
    };
    up();
  })`);
  return fluency((await page.evaluate('({ frames: seen.frames, tasks: seen.tasks, usable: 0 })')) as Seen);
}

async function measureOnce(signIn: string, chat: string) {
  const browser = await launch();
  try {
    // The page's policy forbids scripts from text, which is how it is watched.
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
    const cdp: CDPSession = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    // Signed in as a person is who opens a chat: the page has been seen before, its files are in the cache.
    await page.goto(signIn);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.addInitScript(WATCH);
    await page.goto(chat);
    await page.waitForFunction('seen.usable > 0', null, { timeout: 60_000, polling: 50 });
    const usable = Number(await page.evaluate('seen.usable'));
    await wait(500);
    const heapBefore = await heapOf(page, cdp);
    await page.locator('textarea').fill('Go on');
    await page.keyboard.press('Control+Enter');
    await page.waitForTimeout(300);
    await page.evaluate('seen.frames.length = 0; seen.tasks.length = 0');
    await page.waitForTimeout(TOKENS * TOKEN_MS);
    const seen = (await page.evaluate('({ frames: seen.frames, tasks: seen.tasks, usable: seen.usable })')) as Seen;
    const heapAfter = await heapOf(page, cdp);
    const back = await scrollBack(page);
    return { usable, heapBefore, heapAfter, heapAtEnd: await heapOf(page, cdp), back, ...fluency(seen) };
  } finally {
    await browser.close();
  }
}

await inFolder(async (folder) => {
  await buildConsole();
  const fake = await startWireFake(
    () => ({ kind: 'answer', pieces: [...tokens()], pieceDelayMs: TOKEN_MS }),
    ['house-model'],
  );
  const home = {
    TANDEM_HOME: join(folder, 'home'),
    TANDEM_PORT: '0',
    OPENAI_COMPATIBLE_BASE_URL: fake.url,
    OPENAI_COMPATIBLE_API_KEY: 'sk-of-the-bench',
    OPENAI_COMPATIBLE_MODEL: 'house-model',
  };
  const server = await started(home);
  const main = join(ROOT, 'workbench/main.ts');
  const chat = `${server.url}/chat/${await longChat(folder, server.signIn)}`;
  const all: Awaited<ReturnType<typeof measureOnce>>[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    note(`${MESSAGES} messages, ${TOKENS} tokens …`);
    // A link is used once.
    const link = await outputOf([process.execPath, main, 'link'], { env: home });
    all.push(await measureOnce(/\S+\/welcome\/\S+/.exec(link)?.[0] ?? '', chat));
  }
  server.child.kill();
  await fake.close();
  const middle = (of: (each: (typeof all)[number]) => number): number => quantile(all.map(of));
  const row = (what: string, of: (each: (typeof all)[number]) => number, unit: '' | 'ms' | 'bytes') => ({
    what,
    value: middle(of),
    unit,
  });
  report('console-thread', [
    row(`${MESSAGES} messages: usable after`, ({ usable }) => usable, 'ms'),
    row('frames a second while tokens stream', ({ fps }) => fps, ''),
    row('frame p95 while tokens stream', ({ frameP95 }) => frameP95, 'ms'),
    row('longest task while tokens stream', ({ longest }) => longest, 'ms'),
    row('frames a second while scrolling back to the beginning', ({ back }) => back.fps, ''),
    row('longest task while scrolling back', ({ back }) => back.longest, 'ms'),
    row('JS heap before', ({ heapBefore }) => heapBefore, 'bytes'),
    row('JS heap after the answer', ({ heapAfter }) => heapAfter, 'bytes'),
    row('JS heap once all of it was scrolled through', ({ heapAtEnd }) => heapAtEnd, 'bytes'),
  ]);
});
