import { expect, test } from 'vitest';

import type { NamedCause } from '../name-cause.ts';
import { withEdits } from './edits.ts';
import { filesTogether } from './files-together.ts';
import { rewriteFor, type RewriteProject } from './rewrite-for.ts';

type Named = NamedCause & { readonly kind: 'named' };
const cause = (parts: Partial<Named>): Named => ({
  kind: 'named',
  symbol: 'lru-cache',
  change: 'module-form',
  before: null,
  after: null,
  renamedTo: null,
  places: [],
  proof: 'log',
  printed: null,
  ...parts,
});
const project = (text: string, parts: Partial<RewriteProject> = {}): RewriteProject => ({
  name: 'lru-cache',
  texts: new Map([['a.ts', text]]),
  names: ['LRUCache', 'Other'],
  ...parts,
});
/** What the change makes of the text; the text itself when there is none. */
const mended = (why: Partial<Named>, text: string, parts: Partial<RewriteProject> = {}): string => {
  const change = rewriteFor(cause(why), project(text, parts));
  return change?.files[0]?.after ?? text;
};

test.each([
  ["const LRU = require('lru-cache');\nnew LRU(1);", "const LRU = require('lru-cache').LRUCache;\nnew LRU(1);"],
  ['import LRU from "lru-cache";\nnew LRU(1);', 'import { LRUCache as LRU } from "lru-cache";\nnew LRU(1);'],
  ["import * as LRU from 'lru-cache'\n", "import { LRUCache as LRU } from 'lru-cache'\n"],
  ["import LRUCache = require('lru-cache');", "import { LRUCache } from 'lru-cache';"],
  ["const cache = require('lru-cache')(5);", "const cache = require('lru-cache').LRUCache(5);"],
])('what was the module itself is taken by its name: %j', (before, after) => {
  expect(mended({}, before)).toBe(after);
});

test.each([
  ["const chalk = require('chalk');\nchalk.red('x');", "const chalk = require('chalk').default;\nchalk.red('x');"],
  ["import chalk from 'chalk';\nchalk('x');", "import chalk from 'chalk';\nchalk('x');"],
])('what is the default export now is taken as such: %j', (before, after) => {
  expect(
    mended({ symbol: 'chalk', change: 'es-module-only' }, before, { name: 'chalk', names: ['default', 'Chalk2'] }),
  ).toBe(after);
});

test.each([
  [
    "import glob from 'lru-cache'; glob.sync('a'); other.sync();",
    "import glob from 'lru-cache'; glob.globSync('a'); other.sync();",
  ],
  ["import { sync } from 'lru-cache'; sync('a');", "import { globSync as sync } from 'lru-cache'; sync('a');"],
  ["import { sync as s } from 'lru-cache';", "import { globSync as s } from 'lru-cache';"],
  ["const { sync, b } = require('lru-cache'); sync();", "const { globSync: sync, b } = require('lru-cache'); sync();"],
  ["export { sync } from 'lru-cache';", "export { globSync as sync } from 'lru-cache';"],
])('a renamed export is used by its name of now, and local names stay: %j', (before, after) => {
  expect(mended({ symbol: 'sync', change: 'renamed', renamedTo: 'globSync' }, before)).toBe(after);
});

test('of two exports that are named as the package the one that is spelt the same is taken', () => {
  const text = "const glob = require('glob');\nglob('a');";
  expect(mended({ symbol: 'glob' }, text, { name: 'glob', names: ['Glob', 'glob'] })).toBe(
    "const glob = require('glob').glob;\nglob('a');",
  );
  expect(mended({ symbol: 'glob' }, text, { name: 'glob', names: ['Glob', 'GLOB'] })).toBe(text);
});

test('a class that was called is made with new', () => {
  const text = "const { Cache } = require('lru-cache');\nconst a = Cache(1), b = new Cache(2);";
  expect(mended({ symbol: 'Cache', change: 'needs-new' }, text)).toBe(
    "const { Cache } = require('lru-cache');\nconst a = new Cache(1), b = new Cache(2);",
  );
});

test.each([
  ["const v4 = require('uuid/v4');\nv4();", "const v4 = require('uuid').v4;\nv4();"],
  ["import v4 from 'uuid/v4';", "import { v4 } from 'uuid';"],
])('a file that is blocked now is taken from the package itself: %j', (before, after) => {
  const why = { symbol: 'uuid/v4', change: 'deep-import-blocked' } as const;
  expect(mended(why, before, { name: 'uuid', names: ['v1', 'v4'] })).toBe(after);
});

test.each([
  [
    "import { format } from 'lru-cache'; export function f(x: string) { return format(x).trim(); }",
    "import { format } from 'lru-cache'; export async function f(x: string) { return (await format(x)).trim(); }",
  ],
  [
    "import { format } from 'lru-cache'; it('x', async () => { const y = format('a'); });",
    "import { format } from 'lru-cache'; it('x', async () => { const y = await format('a'); });",
  ],
])('what gives a promise now is awaited where it is called once: %j', (before, after) => {
  expect(mended({ symbol: 'format', change: 'became-async' }, before)).toBe(after);
});

test('two calls of what became async are left to a person', () => {
  const text = "import { format } from 'lru-cache'; function f() { format('a'); format('b'); }";
  expect(rewriteFor(cause({ symbol: 'format', change: 'became-async' }), project(text))).toBeNull();
});

test('what it changes is told in a sentence with its places', () => {
  const change = rewriteFor(
    cause({ symbol: 'sync', change: 'renamed', renamedTo: 'globSync' }),
    project("import g from 'lru-cache'; g.sync();"),
  );
  expect(change?.sentence).toBe('Use globSync for sync, at a.ts:1:28.');
});

test('what is not known is not rewritten', () => {
  expect(rewriteFor({ kind: 'not-known', looked: [] }, project("require('lru-cache')()"))).toBeNull();
});

test('of two edits that overlap the first one is made', () => {
  expect(
    withEdits('abcdef', [
      { start: 3, end: 5, text: 'X' },
      { start: 1, end: 4, text: 'Y' },
    ]),
  ).toBe('aYef');
});

test('a change says which places of the text differ, so that another one of the file can go beside it', () => {
  const text = "const glob = require('glob');\nconst { sync } = require('glob');\nglob.sync(sync);\n";
  const why = { symbol: 'sync', change: 'renamed', renamedTo: 'globSync' } as const;
  const change = rewriteFor(cause(why), project(text, { name: 'glob' }));
  for (const { before, after, edits } of change?.files ?? []) expect(withEdits(before, edits)).toBe(after);
  expect(filesTogether([change?.files ?? []])).toMatchObject({
    kind: 'together',
    files: [{ after: text.replace('{ sync }', '{ globSync: sync }').replace('glob.sync', 'glob.globSync') }],
  });
});
