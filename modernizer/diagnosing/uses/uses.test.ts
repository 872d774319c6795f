import { expect, test } from 'vitest';

import { failingTests } from './failing-tests.ts';
import { projectUses } from './project-uses.ts';

const usesOf = (files: Readonly<Record<string, string>>, commands: readonly string[] = []): readonly string[] =>
  projectUses(new Map(Object.entries(files)), 'lru', commands).uses.map(
    ({ place, how, path, given }) =>
      `${place} ${how} ${path === '' ? '(module)' : path}${given === null ? '' : `/${given}`}`,
  );

test('require in all its shapes is followed to what is used', () => {
  const text = `const LRU = require('lru');
const { get, set: put } = require('lru');
const deep = require('lru').a.b;
LRU(1); new LRU(); get(); put.x; deep(1, 2);
class A extends LRU {}`;
  expect(usesOf({ 'a.js': text }).filter((use) => !use.includes('import'))).toEqual([
    'a.js:3:14 read a.b',
    'a.js:4:1 call (module)/1',
    'a.js:4:13 construct (module)/0',
    'a.js:4:20 call get/0',
    'a.js:4:27 read set.x',
    'a.js:4:34 call a.b/2',
    'a.js:5:17 extend (module)',
  ]);
});

test('import in all its shapes is followed, and re-exports are places too', () => {
  const text = `import D, { a as b } from 'lru';
import * as all from 'lru';
export { q } from 'lru';
D(); b(); all.c(); (await import('lru')).default.d();`;
  expect(usesOf({ 'a.ts': text }).filter((use) => !use.includes(' import '))).toEqual([
    'a.ts:3:10 re-export q',
    'a.ts:4:1 call default/0',
    'a.ts:4:6 call a/0',
    'a.ts:4:11 call c/0',
    'a.ts:4:20 call default.d/0',
  ]);
});

test('what is made and what is called is followed to its members', () => {
  const text = `const LRU = require('lru');
const made = new LRU(5); made.del('a'); LRU().peek(1);
class A { constructor() { this.cache = new LRU(1); } go() { return this.cache.has(2); } }`;
  expect(usesOf({ 'a.js': text })).toEqual(
    expect.arrayContaining(['a.js:2:26 call #del/1', 'a.js:2:41 call ().peek/1', 'a.js:3:68 call #has/1']),
  );
});

test('a parameter of the same name is no use, nor is any other function that is given the name', () => {
  const text = "const LRU = require('lru'); function f(LRU) { return LRU(); } describe('lru');";
  expect(usesOf({ 'a.js': text })).toEqual(['a.js:1:13 import (module)']);
});

test('scripts of the manifest that call a command of it are places', () => {
  const manifest = '{\n  "scripts": {\n    "test": "nyc _lru --flag",\n    "lint": "colru"\n  }\n}';
  expect(usesOf({ 'package.json': manifest }, ['_lru'])).toEqual(['package.json:3:18 script _lru']);
});

test('a failing test is found by its title, and by that of its suite when a hook fails', () => {
  const text = `describe('the cache', function () {
  before(function () {});
  it('keeps what is set', function () {
  });
  it('said twice', () => {}); it('said twice', () => {});
});`;
  const found = failingTests(new Map([['test/a.js', text]]), [
    'the cache keeps what is set',
    'the cache "before all" hook',
    'the cache said twice',
  ]);
  expect(found.map(({ lines }) => lines)).toEqual([
    [3, 4],
    [1, 6],
  ]);
});
