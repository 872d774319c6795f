// @vitest-environment happy-dom
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { buildChat } from '../../scripts/build-chat.mjs';

const HOST = 'http://127.0.0.1:4600';
const html = readFileSync(join(import.meta.dirname, 'index.html'), 'utf8');
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-embed-'));
  await buildChat(folder);
  const script = document.createElement('script');
  script.setAttribute('src', `${HOST}/embed.js`);
  for (const [, name = '', value = ''] of html.matchAll(/(data-\w+)="([^"]+)"/g)) script.setAttribute(name, value);
  Object.defineProperty(document, 'currentScript', { value: script, configurable: true });
  document.body.innerHTML = /<main>.*<\/main>/s.exec(html)?.[0] ?? '';
  new Function(readFileSync(join(folder, 'embed.js'), 'utf8'))();
  new Function('Tandem', /addEventListener\('load', \(\) => \{(.*)\}\);\s*<\/script>/s.exec(html)?.[1] ?? '')(tandem());
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Tandem {
  open(): void;
  close(): void;
}
const tandem = (): Tandem => Reflect.get(globalThis, 'Tandem') as Tandem;
const frame = (): HTMLIFrameElement | null => document.querySelector('iframe');

/** What the chat's frame would post; from another window or another host it must not count. */
function arrives(name: string, more: { readonly origin?: string; readonly source?: unknown } = {}): void {
  const told = {
    data: { tandem: 1, event: { name, data: {} } },
    origin: HOST,
    source: frame()?.contentWindow,
    ports: [],
  };
  dispatchEvent(Object.assign(new Event('message'), told, more));
}

test('the button of the page opens the chat at the right address', () => {
  expect(frame()).toBeNull();
  document.querySelector<HTMLElement>('#ask')?.click();
  expect(frame()?.src).toBe(`${HOST}/embed/EMBED?origin=${encodeURIComponent(location.origin)}`);
});

test('an answer is counted, and only one that the frame told of', async () => {
  arrives('message:received');
  arrives('message:received', { origin: 'https://evil.example' });
  arrives('message:received', { source: globalThis });
  await Promise.resolve();
  expect(document.querySelector('output')?.value).toBe('1');
});

test('it closes', () => {
  tandem().close();
  expect(frame()?.style.display).toBe('none');
});
