// The peer of the chat bench: deep-chat, as its documents show it, with a history and an answer that streams.
// Left out, and said so, where it does not install.

import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { ran, ROOT } from './programs.ts';
import { note, type Measured } from './report.ts';
import { fluency, heapOf, launch, textOf, tokens, watchOf, type Seen } from './thread-page.ts';

const FOLDER = join(ROOT, 'tests/bench/peers');
const BUNDLE = join(FOLDER, 'node_modules/deep-chat/dist/deepChat.bundle.js');
/** It is given up then: it shows what it shows. */
const LIMIT_MS = 120_000;

export interface Peer {
  readonly messages: number;
  readonly rate: number;
}

export async function measurePeer({ messages, rate }: Peer): Promise<readonly Measured[]> {
  if (!existsSync(BUNDLE))
    await ran(['npm', 'install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd: FOLDER });
  if (!existsSync(BUNDLE)) {
    note('deep-chat is left out, because it could not be installed.');
    return [];
  }
  note(`deep-chat with ${messages} messages …`);
  const history = Array.from({ length: messages }, (_, index) => ({
    role: index % 2 === 0 ? 'user' : 'ai',
    text: textOf(index),
  }));
  const files: Readonly<Record<string, string>> = {
    '/peer.js': readFileSync(BUNDLE, 'utf8'),
    '/': page(history, rate),
  };
  const server = createServer(({ url = '/' }, response) => {
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(files[url] === undefined ? 404 : 200, { 'content-type': type }).end(files[url] ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return await measured(`http://127.0.0.1:${port}/`, messages);
  } finally {
    server.close().closeAllConnections();
  }
}

async function measured(url: string, messages: number): Promise<readonly Measured[]> {
  const browser = await launch();
  try {
    const view = await browser.newPage({ viewport: { width: 900, height: 800 } });
    const cdp = await view.context().newCDPSession(view);
    await cdp.send('Performance.enable');
    await view.addInitScript(watchOf({ host: 'deep-chat', row: '.message-bubble', field: '#text-input' }));
    await view.goto(url);
    await view.waitForFunction('seen.usable > 0', null, { timeout: LIMIT_MS, polling: 50 });
    const usable = Number(await view.evaluate('seen.usable'));
    await wait(500);
    await view.evaluate('seen.frames.length = 0; seen.tasks.length = 0; begin()');
    await view.waitForFunction('globalThis.isOver === true', null, { timeout: LIMIT_MS, polling: 200 });
    const seen = (await view.evaluate('({ frames: seen.frames, tasks: seen.tasks, usable: 0 })')) as Seen;
    const { fps, longTasks, longest } = fluency(seen);
    const name = `deep-chat 2.4.2, ${messages} messages`;
    return [
      { what: `${name}: usable after`, value: usable, unit: 'ms' },
      { what: `${name}: frames a second while tokens stream`, value: fps, unit: '' },
      { what: `${name}: tasks over 50 ms`, value: longTasks, unit: '' },
      { what: `${name}: longest task`, value: longest, unit: 'ms' },
      { what: `${name}: JS heap after`, value: await heapOf(view, cdp), unit: 'bytes' },
    ];
  } finally {
    await browser.close();
  }
}

const page = (history: readonly unknown[], rate: number): string => `<!doctype html><html lang="en"><title>Peer</title>
<style>body{margin:0}deep-chat{display:block;width:100vw!important;height:100vh!important}</style>
<script type="module">
  import '/peer.js';
  const tokens = ${JSON.stringify(tokens()).replaceAll('<', '\\u003c')};
  const chat = document.createElement('deep-chat');
  chat.history = ${JSON.stringify(history).replaceAll('<', '\\u003c')};
  chat.connect = { stream: true, handler: (_, signals) => {
    signals.onOpen();
    const startedAt = performance.now();
    let sent = 0;
    const tick = () => {
      const due = Math.min(tokens.length, Math.floor(((performance.now() - startedAt) / 1000) * ${rate}));
      for (; sent < due; sent += 1) signals.onResponse({ text: tokens[sent] });
      if (sent < tokens.length) return setTimeout(tick, 5);
      signals.onClose();
      requestAnimationFrame(() => requestAnimationFrame(() => { globalThis.isOver = true; }));
    };
    tick();
  } };
  document.body.append(chat);
  globalThis.begin = () => chat.submitUserMessage({ text: 'Go on' });
</script>`;
