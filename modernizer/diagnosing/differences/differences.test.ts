import { expect, test } from 'vitest';

import type { PackageFiles } from '../packages/package-files.ts';
import { compareApis } from './compare-apis.ts';
import { declaredApi } from './declared-api.ts';
import { readShape } from './seen-api.ts';
import type { Api } from './api.ts';

const published = (version: string, files: Readonly<Record<string, string>>, manifest: object = {}): PackageFiles => ({
  name: 'lru',
  version,
  files: new Map(Object.entries({ 'package.json': JSON.stringify({ name: 'lru', version, ...manifest }), ...files })),
  partial: false,
});
const apiOf = (
  files: Readonly<Record<string, string>>,
  manifest: object = {},
  types: PackageFiles | null = null,
): Api => {
  const reading = declaredApi({ package: published('1.0.0', files, manifest), types });
  if (reading.kind !== 'api') throw new Error(reading.reason);
  return reading.api;
};
const changes = (before: string, after: string): readonly string[] =>
  compareApis(apiOf({ 'index.d.ts': before }), apiOf({ 'index.d.ts': after })).map(
    ({ symbol, change, renamedTo }) =>
      `${symbol === '' ? '(module)' : symbol} ${change}${renamedTo === null ? '' : ` ${renamedTo}`}`,
  );

test('an export that is gone is removed, and one that is the same but for its name is renamed', () => {
  expect(
    changes(
      'export declare function sync(pattern: string, options?: object): string[]; export declare const safeLoad: (text: string) => unknown;',
      'export declare function globSync(pattern: string, options?: object): string[]; export declare const other: number;',
    ),
  ).toEqual(['sync renamed globSync', 'safeLoad removed']);
});

test('a function that gives a promise now became async', () => {
  expect(
    changes(
      'export declare function format(source: string): string;',
      'export declare function format(source: string): Promise<string>;',
    ),
  ).toEqual(['format became-async']);
});

test('parameters that must be given, or no longer may, are told apart from other changes of a signature', () => {
  expect(
    changes(
      'export declare function a(x?: string): void; export declare function b(x: string, y?: string): void; export declare function c(x: string): void;',
      'export declare function a(x: string): void; export declare function b(x: string): void; export declare function c(x: number): void;',
    ),
  ).toEqual(['a parameter-required', 'b fewer-parameters', 'c signature']);
});

test('a function that became a class has to be made with new', () => {
  expect(
    changes(
      'export declare function Cache(max: number): object;',
      'export declare class Cache { constructor(max: number) }',
    ),
  ).toEqual(['Cache needs-new']);
});

test('export = that became names changes the form of the module', () => {
  expect(
    changes(
      'declare class LRU { constructor(max?: number); del(key: string): void } export = LRU;',
      'export declare class LRUCache { constructor(options: object); delete(key: string): void }',
    ),
  ).toEqual(['(module) module-form']);
});

test('members of classes are compared', () => {
  expect(
    changes(
      'export declare class LRU { del(key: string): void; get(key: string): string }',
      'export declare class LRU { delete(key: string): void; get(key: string): string }',
    ),
  ).toEqual(['LRU#del renamed LRU#delete']);
});

test('an object of members written as export = is used as names are', () => {
  const api = apiOf({ 'index.d.ts': 'declare const all: { use(plugin: object): void }; export = all;' });
  expect([api.form, api.offers.get('use')?.kind]).toEqual(['names', 'function']);
});

test.each([
  ['types', { types: 'lib/a.d.ts' }],
  ['a condition of exports', { exports: { '.': { types: './lib/a.d.ts', default: './a.js' } } }],
  [
    'a condition of import alone',
    { type: 'module', exports: { '.': { import: { types: './lib/a.d.ts', default: './a.js' } } } },
  ],
  ['typesVersions', { types: 'none.d.ts', typesVersions: { '*': { '*': ['lib/a.d.ts'] } } }],
])('the entry of the declarations is found by %s', (_, manifest) => {
  const api = apiOf({ 'lib/a.d.ts': 'export declare const found: number;', 'a.js': '' }, manifest);
  expect([...api.offers.keys()]).toEqual(['found']);
});

test('declarations may come from the package of types', () => {
  const types: PackageFiles = {
    name: '@types/lru',
    version: '1.0.0',
    files: new Map([
      ['package.json', '{"name":"@types/lru","version":"1.0.0","types":"index.d.ts"}'],
      ['index.d.ts', 'declare function lru(max: number): object; export = lru;'],
    ]),
    partial: false,
  };
  expect(apiOf({ 'index.js': '' }, {}, types).form).toBe('whole');
});

test('a package without declarations is not known', () => {
  expect(declaredApi({ package: published('1.0.0', { 'index.js': '' }), types: null })).toMatchObject({
    kind: 'not-known',
  });
});

test('names that lean on a package that is not at hand are not called removed', () => {
  const before = apiOf({ 'index.d.ts': 'export declare const a: number; export declare const b: number;' });
  const after = apiOf({ 'index.d.ts': 'export * from "elsewhere"; export declare const b: number;' });
  expect([after.partial, compareApis(before, after)]).toEqual([true, []]);
});

test('what is seen at run time is an API; the words of the probe are not trusted', () => {
  const line = (offers: unknown, namespace = false): string =>
    `noise\n${JSON.stringify({ tandem: 'shape', kind: 'seen', namespace, offers })}\n`;
  const lone = { path: '', type: 'function', arity: 1, isAsync: false };
  expect(readShape(line([lone]))).toMatchObject({ kind: 'api', api: { form: 'whole' } });
  expect(readShape(line([], true))).toMatchObject({ api: { form: 'namespace' } });
  expect(readShape(line([{ path: 3 }]))).toBeUndefined();
  expect(readShape('{"tandem":"shape"')).toBeUndefined();
});
