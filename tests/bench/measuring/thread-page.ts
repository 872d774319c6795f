// A page with a conversation under measurement, ours or another's: the texts, the tokens, and what is watched.

import { existsSync } from 'node:fs';

import { chromium, type CDPSession, type Page } from 'playwright-core';

import { quantile } from './report.ts';

export const TOKENS = 2000;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc'];

/** Where a page shows a conversation, by selectors. */
interface Places {
  readonly host: string;
  readonly row: string;
  readonly field: string;
}

/** Watches frames and long tasks from the page's first moment, and notes when it can be used. */
export const watchOf = ({ host, row, field }: Places): string => `
  globalThis.seen = { frames: [], tasks: [], usable: null };
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) seen.tasks.push(entry.duration); })
    .observe({ type: 'longtask', buffered: true });
  let last = performance.now();
  const frame = (now) => { seen.frames.push(now - last); last = now;
    const host = document.querySelector('${host}');
    const root = host?.shadowRoot ?? document;
    const scroller = root.querySelector('[role=log]');
    if (seen.usable === null && root.querySelector('${row}') !== null && root.querySelector('${field}') !== null
      && (scroller === null || scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 40)) {
      seen.usable = -1;
      // Usable when the frame that shows it is over.
      requestAnimationFrame(() => requestAnimationFrame(() => { seen.usable = performance.now(); }));
    }
    requestAnimationFrame(frame); };
  requestAnimationFrame(frame);`;

const PARTS = [
  'Virtualization keeps the page small by only mounting the **messages** near the viewport.',
  'Keep in mind:\n\n- only mount what is visible\n- measure real heights after mount\n- keep keys *stable*',
  '```ts\nconst rows = createRows({\n  count: turns.length,\n  estimate: () => 200,\n});\n```',
  '| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| 4 | 5 | 6 |',
  'Following works by observing sizes with a `ResizeObserver`, until the reader [scrolls away](https://example.com).',
];

/** What the message of this number says: questions, and answers of growing length. */
export const textOf = (index: number): string =>
  index % 2 === 0 ? `Question ${index / 2 + 1}: tell me more.` : PARTS.slice(0, (index % 5) + 1).join('\n\n');

/** Words, paragraphs, lists, code and tables. */
export function tokens(): readonly string[] {
  const all: string[] = [];
  const words = 'The reply is long enough to grow past a **single** viewport while it streams in . '.split(' ');
  for (let part = 0; all.length < TOKENS; part += 1) {
    if (part % 5 === 2) {
      all.push('\n```ts\n');
      for (let line = 0; line < 40; line += 1) all.push('const ', `x${line} `, '= ', `f(${line});\n`);
      all.push('\n```\n\n');
    } else if (part % 5 === 4) {
      all.push('\n| a | b |\n|---|---|\n');
      for (let row = 0; row < 10; row += 1) all.push(`| ${row} `, `| v${row} |\n`);
      all.push('\n');
    } else if (part % 5 === 3) {
      for (let item = 0; item < 6; item += 1) all.push('\n- ', ...words.slice(0, 10).map((word) => `${word} `));
      all.push('\n\n');
    } else {
      all.push(...words.map((word) => `${word} `), '\n\n');
    }
  }
  return all.slice(0, TOKENS);
}

export const heapOf = async (page: Page, cdp: CDPSession): Promise<number> => {
  await page.evaluate('globalThis.gc?.()');
  const { metrics } = await cdp.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0;
};

export interface Seen {
  readonly frames: readonly number[];
  readonly tasks: readonly number[];
  readonly usable: number;
}

export function launch() {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  return chromium.launch({ ...(executablePath === undefined ? {} : { executablePath }), args: FLAGS });
}

export function fluency({ frames, tasks }: Seen) {
  const totalMs = frames.reduce((sum, frame) => sum + frame, 0);
  return {
    fps: (1000 * frames.length) / totalMs,
    frameP95: quantile(frames, 0.95),
    longTasks: tasks.length,
    longest: Math.max(0, ...tasks),
  };
}
