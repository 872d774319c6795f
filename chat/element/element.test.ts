// @vitest-environment happy-dom
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { manualClock } from 'kernel/basics';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildChat } from '../../scripts/build-chat.mjs';
import { memoryKeeping } from '../requests/index.ts';
import { openInlineField } from './inline-field.ts';
import { RowHeights } from './row-heights.ts';
import { costText, sourceLine } from './source-line.ts';
import { visitorOf } from './visitor.ts';
import { wordsFor } from './words.ts';

const KIB = 1024;

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-chat-'));
  await buildChat(folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundle = (name: string): string => readFileSync(join(folder, name), 'utf8');

test.each([
  ['embed.js', 3],
  ['sdk.js', 30],
  ['element.js', 60],
  ['frame.js', 62],
] as const)('%s has at most %i KiB', (name, kibMax) => {
  expect(gzipSync(bundle(name), { level: 9 }).length / KIB).toBeLessThanOrEqual(kibMax);
});

test.each(['embed.js', 'sdk.js', 'element.js', 'frame.js'])(
  '%s has no React, no Node, and loads nothing else',
  (name) => {
    const text = bundle(name);
    // Only what was found is printed: a bundle is one long line.
    const wrong = [
      /react-dom|react\.\w+element|__REACT|jsx-runtime|useState/i,
      /["'`]node:/,
      /\bimport\s*(?:\(|["'`{*])|\brequire\(/,
      /innerHTML|insertAdjacentHTML|document\.write|\beval\(/,
    ].flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
    expect(wrong).toEqual([]);
  },
);

test('the page in the frame loads only what the chat serves, and has no script or style inside', () => {
  const page = bundle('frame.html');
  expect(page).not.toMatch(/<style|<script>(?!<)|style=|https?:/);
  expect([...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1])).toEqual(['/embed/frame.js']);
});

test('rows are where their heights say, whatever is measured and added', () => {
  const steps = fc.array(fc.record({ at: fc.nat(50), height: fc.integer({ min: 1, max: 500 }), add: fc.nat(5) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(steps, (all) => {
      const heights = new RowHeights(100);
      let ids: readonly string[] = [];
      const known = new Map<string, number>();
      for (const { at, height, add } of all) {
        // Some before, some after.
        const fresh = Array.from({ length: add }, (_, index) => `${ids.length}-${index}`);
        ids = add % 2 === 0 ? [...fresh, ...ids] : [...ids, ...fresh];
        heights.setIds(ids);
        const id = ids[at];
        if (id !== undefined) {
          heights.measure(id, at, height);
          known.set(id, height);
        }
        let top = 0;
        for (const [index, each] of ids.entries()) {
          if (heights.topOf(index) !== top) return false;
          if (heights.indexAt(top) !== index) return false;
          top += known.get(each) ?? 100;
        }
        if (heights.total !== top) return false;
      }
      return true;
    }),
  );
});

test.each([
  [0, '$0'],
  [12, '$0.000012'],
  [1500, '$0.0015'],
  [25_000, '$0.03'],
  [1_234_567, '$1.23'],
])('%i millionths of a dollar are %s', (micro, text) => {
  if (micro > 0) expect(costText(micro)).toBe(text);
});

test('an answer says who made it, what it cost and what the guard said', () => {
  const line = sourceLine(
    {
      source: { provider: 'anthropic', model: 'm', text: 'anthropic m', attempts: 2 },
      costMicroUsd: 1500,
      usage: { inputTokens: 1, outputTokens: 1, isEstimated: true },
      verdict: { kind: 'changed', by: 'rules', reason: 'a number' },
    } as never,
    wordsFor('en'),
  );
  expect([...line.children].map(({ textContent }) => textContent)).toEqual([
    'anthropic m · 2 attempts',
    '~$0.0015',
    'changed by the guard',
  ]);
  const free = sourceLine({ source: null, costMicroUsd: 0, usage: null, verdict: null } as never, wordsFor('de'));
  expect(free.textContent).toBe('kostenlos');
});

test('a field in place gives its text once, or nothing', () => {
  const before = document.createElement('p');
  document.body.append(before);
  const answers: (string | null)[] = [];
  const open = (): HTMLElement => {
    openInlineField(before, {
      label: 'Edit',
      text: 'old',
      done: 'Send',
      cancel: 'Cancel',
      onEnd: (text) => answers.push(text),
    });
    return before.nextElementSibling as HTMLElement;
  };
  open().querySelector<HTMLButtonElement>('.main')?.click();
  const second = open();
  second.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
  expect(answers).toEqual(['old', null]);
  expect(before.hidden).toBe(false);
});

test('a visitor stays who they are, and is renewed before their time is over', async () => {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const asked: unknown[] = [];
  const visitor = async (_: string, token?: string) => {
    asked.push(token);
    return { token: `t${asked.length}`, userId: 'v', expiresAt: new Date(clock.now() + 3_600_000).toISOString() };
  };
  const ports = { embedId: 'e', keeping: memoryKeeping(), modules: { visitor }, clock };
  expect((await visitorOf(ports)).token).toBe('t1');
  expect((await visitorOf(ports)).token).toBe('t1');
  await clock.advance(3_300_000);
  expect((await visitorOf(ports)).token).toBe('t2');
  expect(asked).toEqual([undefined, 't1']);
  ports.keeping.set('tandem:visitor:e', '{"token":');
  expect((await visitorOf(ports)).token).toBe('t3');
});

test('every language says everything', () => {
  expect(Object.keys(wordsFor('de-CH'))).toEqual(Object.keys(wordsFor('en')));
  expect(wordsFor('xx')).toBe(wordsFor('en'));
});
