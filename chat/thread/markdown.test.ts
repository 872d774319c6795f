// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { BOMBS, EVIL, PAYLOADS } from './fixtures/payloads.ts';
import { BlockReader } from './markdown-blocks.ts';
import { linkPlace, picturePlace } from './markdown-links.ts';
import { createMarkdown } from './markdown.ts';

const ORIGIN = 'https://chat.example';
const markdown = createMarkdown({ document, origin: ORIGIN });

const ALLOWED = new Set(
  'P BR HR STRONG EM DEL CODE PRE BLOCKQUOTE UL OL LI H1 H2 H3 H4 H5 H6 TABLE THEAD TBODY TR TH TD A IMG SPAN DIV'.split(
    ' ',
  ),
);
const PLAIN_ATTRIBUTES = new Set(['title', 'alt', 'align', 'start', 'class', 'rel', 'target', 'loading', 'tabindex']);

/** What in these nodes could run or ask another host. */
function dangersIn(root: ParentNode): readonly string[] {
  return [...root.querySelectorAll('*')].flatMap((element) => [
    ...(ALLOWED.has(element.nodeName.toUpperCase()) ? [] : [element.nodeName]),
    ...[...element.attributes].flatMap(({ name, value }) => {
      if (PLAIN_ATTRIBUTES.has(name)) return [];
      if (name === 'href' && element.nodeName === 'A') {
        const isSafe = /^(?:https?|mailto):$/.test(new URL(value, ORIGIN).protocol);
        return isSafe && element.getAttribute('rel') === 'noopener noreferrer nofollow' ? [] : [`href ${value}`];
      }
      if (name === 'src' && element.nodeName === 'IMG') return new URL(value, ORIGIN).origin === ORIGIN ? [] : [value];
      return [`${element.nodeName} ${name}=${value}`];
    }),
  ]);
}

function shown(text: string): HTMLElement {
  const root = document.createElement('div');
  root.append(markdown.nodes(text));
  return root;
}

test('there are at least two hundred payloads', () => expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(200));

test('no payload leaves anything that runs or asks another host', () => {
  for (const payload of PAYLOADS) expect(dangersIn(shown(payload)), payload).toEqual([]);
});

test('nor does one that comes in pieces, at any moment', () => {
  for (const payload of PAYLOADS) {
    const root = document.createElement('div');
    const reader = markdown.open();
    const step = Math.max(1, Math.floor(payload.length / 12));
    for (let end = 0; end < payload.length; end += step) {
      reader.showIn(root, payload.slice(0, end), false);
      expect(dangersIn(root), payload.slice(0, end)).toEqual([]);
    }
    reader.showIn(root, payload, true);
    expect(dangersIn(root), payload).toEqual([]);
  }
});

test('the check finds what is dangerous', () => {
  const root = document.createElement('div');
  for (const html of [
    '<img src="https://evil.example/x">',
    '<a href="/x">x</a>',
    '<p onclick="x">x</p>',
    '<form></form>',
  ]) {
    root.innerHTML = html;
    expect(dangersIn(root), html).toHaveLength(1);
  }
});

test.each(Object.entries(BOMBS))('a bomb is shown in time: %s', (_, text) => {
  const startedAt = performance.now();
  const root = shown(text);
  expect(root.textContent?.length).toBeGreaterThanOrEqual(0);
  // Far below what a person would wait for; a busy machine is given its share.
  expect(performance.now() - startedAt).toBeLessThan(1500);
});

test('a bomb of emphasis is shown as it was written', () => {
  expect(shown('**a**'.repeat(15_600)).textContent).toBe('**a**'.repeat(15_600));
});

test.each([
  ['# Title &amp; more', '<h3>Title &amp; more</h3>'],
  ['one **two** `three`', '<p>one <strong>two</strong> <code>three</code></p>'],
  ['- a\n- b', '<ul><li>a</li><li>b</li></ul>'],
  ['a<br>b', '<p>a<br>b</p>'],
  ['<b>a</b>', '<p>&lt;b&gt;a&lt;/b&gt;</p>'],
  ['```ts\nconst a = 1 < 2;\n```', '<pre tabindex="0"><code>const a = 1 &lt; 2;</code></pre>'],
  ['```\nopen', '<pre tabindex="0"><code>open</code></pre>'],
  ['2. a\n3. b', '<ol start="2"><li>a</li><li>b</li></ol>'],
  ['- [x] a', '<ul><li>☑ a</li></ul>'],
  ['a \\* &copy; &nosuch; &#65;', '<p>a * © &amp;nosuch; A</p>'],
  [
    '|a|b|\n|:-|-:|\n|1|2|',
    '<div class="table" tabindex="0"><table><thead><tr><th align="left">a</th><th align="right">b</th></tr></thead><tbody><tr><td align="left">1</td><td align="right">2</td></tr></tbody></table></div>',
  ],
  ['    indented', '<pre tabindex="0"><code>indented</code></pre>'],
])('%j', (text, html) => expect(shown(text).innerHTML.trim()).toBe(html));

test('a link names its host, and opens elsewhere without a word about where it came from', () => {
  const link = shown('[shop](https://shop.example/a?b=1)');
  expect(link.textContent?.trim()).toBe('shop (shop.example)');
  expect(link.querySelector('a')?.outerHTML).toContain('rel="noopener noreferrer nofollow"');
  expect(shown('[here](/docs)').textContent?.trim()).toBe('here');
});

test('a picture of this site is shown, and one of another is named', () => {
  expect(shown('![A dot](/api/chat/artifacts/a1)').querySelector('img')?.getAttribute('src')).toBe(
    `${ORIGIN}/api/chat/artifacts/a1`,
  );
  const foreign = shown(`![A cat](https://${EVIL}/cat.png?secret)`);
  expect(foreign.querySelector('img')).toBeNull();
  expect(foreign.textContent?.trim()).toBe(`A cat (${EVIL})`);
});

test('addresses are compared by what they resolve to', () => {
  for (const address of ['..//evil.example/x', '/\\evil.example/x', '//evil.example', 'https:evil.example']) {
    const place = linkPlace(address, ORIGIN);
    const url = new URL(address, `${ORIGIN}/`);
    expect(picturePlace(address, ORIGIN)).toBe(url.origin === ORIGIN ? url.href : null);
    if (place.kind === 'link') expect(place.host).toBe(url.origin === ORIGIN ? null : url.host);
  }
  expect(picturePlace(`blob:${ORIGIN}/1`, ORIGIN)).toBe(`blob:${ORIGIN}/1`);
  expect(picturePlace('blob:https://evil.example/1', ORIGIN)).toBeNull();
  expect(linkPlace('javascript:1', ORIGIN)).toEqual({ kind: 'none' });
});

const PIECES = [
  'a ',
  '**b** ',
  '\n',
  '\n\n',
  '- c',
  '```\n',
  '> ',
  '| d | e |\n|---|---|\n',
  '# ',
  '[x](/y)',
  '<b>',
  '1. ',
];

test('however a text is cut, its blocks together are the text, and settled ones stay', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
      const reader = new BlockReader();
      let text = '';
      let settled: readonly string[] = [];
      for (const piece of pieces) {
        text += piece;
        const blocks = reader.read(text, false);
        for (const { at, raw } of blocks) if (text.slice(at, at + raw.length) !== raw) return false;
        const now = blocks.filter(({ isSettled }) => isSettled).map(({ raw }) => raw);
        if (settled.some((raw, index) => now[index] !== raw)) return false;
        settled = now;
      }
      const left = reader
        .read(text, true)
        .map(({ raw }) => raw.replaceAll(/\s/g, ''))
        .join('');
      return left === text.replaceAll(/\s/g, '');
    }),
  );
});

test('what is settled keeps its elements while the rest comes', () => {
  const root = document.createElement('div');
  const reader = markdown.open();
  reader.showIn(root, 'One.\n\nTwo.\n\nThree.\n\nFo', false);
  const first = root.firstElementChild?.firstElementChild;
  reader.showIn(root, 'One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.', false);
  expect(root.firstElementChild?.firstElementChild).toBe(first);
  expect(root.children).toHaveLength(5);
  reader.showIn(root, 'Six.\n\nTwo.', true);
  expect(root.textContent).toBe('Six.Two.');
  reader.showIn(root, 'Other.', true);
  expect(root.textContent?.trim()).toBe('Other.');
});
