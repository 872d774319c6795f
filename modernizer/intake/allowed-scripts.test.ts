import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { allowScripts } from './allowed-scripts.ts';

let home = '';
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'tandem-scripts-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

test('what a person allowed for a project is remembered for it, and for no other one', async () => {
  const shop = { kind: 'path', path: '/projects/shop' } as const;
  expect(await allowScripts(home, shop, [])).toEqual([]);
  expect(await allowScripts(home, shop, ['esbuild'])).toEqual(['esbuild']);
  expect(await allowScripts(home, shop, ['bcrypt', 'esbuild'])).toEqual(['bcrypt', 'esbuild']);
  expect(await allowScripts(home, shop, [])).toEqual(['bcrypt', 'esbuild']);
  expect(await allowScripts(home, { kind: 'path', path: '/projects/other' }, [])).toEqual([]);
  expect(await allowScripts(home, { kind: 'upload', upload: 'x' }, ['a'])).toEqual(['a']);
  expect(await allowScripts(home, { kind: 'upload', upload: 'x' }, [])).toEqual([]);
});
