import { expect, test } from 'vitest';

import { failuresIn } from './failures-in.ts';
import { lookInto, type Side } from './look-into.ts';
import type { PackageFiles } from './packages/package-files.ts';

const side = (files: Readonly<Record<string, string>>, manifest: object = {}): Side => {
  const texts = { 'package.json': JSON.stringify({ name: 'dep', version: '1.0.0', ...manifest }), ...files };
  const own: PackageFiles = { name: 'dep', version: '1.0.0', files: new Map(Object.entries(texts)), partial: false };
  return { package: own, types: null, seen: null };
};
interface Story {
  readonly project: Readonly<Record<string, string>>;
  readonly log: string;
  readonly before?: Side | null;
  readonly after?: Side | null;
}
const causeIn = ({ project, log, before = side({}), after = side({}) }: Story) =>
  lookInto({ name: 'dep', log, project: new Map(Object.entries(project)), before, after, unread: [] }).cause;

test('a call that is no function any more is named with its place, and the API says why', () => {
  const cause = causeIn({
    project: { 'a.js': "const dep = require('dep');\nmodule.exports = () => dep.sync('x');" },
    log: '$ npm test\nTypeError: dep.sync is not a function\n    at module.exports (/project/a.js:2:28)\n    at /project/test.js:1:1\n',
    before: side({ 'index.d.ts': 'export declare function sync(pattern: string): string[];' }),
    after: side({ 'index.d.ts': 'export declare function depSync(pattern: string): string[];' }),
  });
  expect(cause).toEqual({
    kind: 'named',
    symbol: 'sync',
    change: 'renamed',
    before: '(pattern: string) => string[]',
    after: '(pattern: string) => string[]',
    renamedTo: 'depSync',
    places: ['a.js:2:24'],
    proof: 'log-and-difference',
    printed: 'TypeError: dep.sync is not a function',
  });
});

test('without any API the log alone names the symbol and the place', () => {
  const cause = causeIn({
    project: { 'a.js': "const dep = require('dep');\ndep.all.use(1);" },
    log: "TypeError: Cannot read properties of undefined (reading 'use')\n    at Object.<anonymous> (a.js:2:9)\n",
    before: null,
    after: null,
  });
  expect(cause).toMatchObject({ symbol: 'all', change: 'removed', places: ['a.js:2:1'], proof: 'log' });
});

test('an error that is thrown inside the package is placed where the project calls it', () => {
  const cause = causeIn({
    project: { 'a.js': "const { run } = require('dep');\nrun(1);" },
    log: 'Error: options must be an object\n    at run (/project/node_modules/dep/index.js:9:3)\n    at Object.<anonymous> (/project/a.js:2:1)\n',
  });
  expect(cause).toMatchObject({ symbol: 'run', change: 'behaviour', places: ['a.js:2:1'], proof: 'log' });
});

test('a file of the package that is no longer exported is named with what imports it', () => {
  const cause = causeIn({
    project: { 'a.js': "\nconst v4 = require('dep/v4');" },
    log: `Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath './v4' is not defined by "exports" in /project/node_modules/dep/package.json\n    at Object.<anonymous> (/project/a.js:2:12)\n`,
    after: side({}, { exports: { '.': './index.js' } }),
  });
  expect(cause).toMatchObject({
    symbol: 'dep/v4',
    change: 'deep-import-blocked',
    places: ['a.js:2:12'],
    proof: 'log-and-difference',
  });
});

test('where the log names nothing, a break of what the project uses is named as a difference only', () => {
  const cause = causeIn({
    project: { 'a.js': "const dep = require('dep');\ndep('x', () => {});" },
    log: '1) works:\n     Error: Timeout of 2000ms exceeded. (/project/a.spec.js)\n',
    before: side({ 'index.d.ts': 'declare function dep(pattern: string, done: () => void): void; export = dep;' }),
    after: side({ 'index.d.ts': 'export declare function dep(pattern: string): Promise<string[]>;' }),
  });
  expect(cause).toMatchObject({ symbol: 'dep', change: 'module-form', places: ['a.js:2:1'], proof: 'difference' });
});

test('a rule of a linter is the symbol of what it complains about', () => {
  const cause = causeIn({
    project: { 'package.json': '{"scripts": {\n"test": "dep && tape"\n}}' },
    log: '  /project/a.js:3:1: Unexpected var, use let or const instead. (no-var) (warning)\n',
  });
  expect(cause).toMatchObject({ symbol: 'no-var', change: 'rule', places: ['a.js:3:1'] });
});

test('a command that is gone is named with the script that calls it', () => {
  const cause = causeIn({
    project: { 'package.json': '{"scripts": {\n"test": "cover _dep"\n}}' },
    log: '$ npm test\nUnable to resolve file [_dep]\n',
    before: side({}, { bin: { dep: 'a.js', _dep: 'b.js' } }),
    after: side({}, { bin: { dep: 'a.js' } }),
  });
  expect(cause).toMatchObject({ symbol: '_dep', change: 'command-gone', places: ['package.json:2:16'] });
});

test('a change that no use meets is blamed for nothing, and what was looked at is said', () => {
  const cause = causeIn({
    project: { 'a.js': "const dep = require('dep');\ndep.used(1);" },
    log: 'npm test ended with code 1\n',
    before: side({
      'index.d.ts': 'export declare function used(x: number): void; export declare function unused(): void;',
    }),
    after: side({ 'index.d.ts': 'export declare function used(x: number | string): void;' }),
  });
  expect(cause).toEqual({ kind: 'not-known', looked: ['The log names no error and no place.'] });
});

test('what could not be had is said', () => {
  const cause = lookInto({
    name: 'dep',
    log: '',
    project: new Map(),
    before: null,
    after: null,
    unread: ['It could not be had.'],
  });
  expect(cause.cause).toEqual({
    kind: 'not-known',
    looked: [
      'The log names no error and no place.',
      'No file of the project uses dep by name.',
      'It could not be had.',
    ],
  });
});

test.each([
  ['a frame', 'TypeError: x\n    at f (/project/a.js:2:3)', 'a.js:2:3'],
  ['a module', 'Error: x\n    at file:///project/lib/a.mjs:2:3', 'lib/a.mjs:2:3'],
  ['a short path', '     TypeError: x\n      at Context.<anonymous> (test/a.js:2:3)', 'test/a.js:2:3'],
  ['the compiler', 'a.ts(2,3): error TS2345: no', 'a.ts:2:3'],
  ['the compiler, pretty', 'a.ts:2:3 - error TS2345: no', 'a.ts:2:3'],
  ['a linter by file', '/project/a.js\n  2:3  error  no  no-var', 'a.js:2:3'],
  ['a thrown error', '/project/a.js:2\n  throw x\n  ^\n\nError: x', 'a.js:2:null'],
])('the place is read from %s', (_, log, place) => {
  const [frame] = failuresIn(log)[0]?.frames ?? [];
  expect(`${frame?.file}:${frame?.line}:${frame?.column}`).toBe(place);
});

test('frames of Node, and files outside the project, are no places', () => {
  const log = 'Error: x\n    at a (node:internal/modules:1:2)\n    at b (/etc/a.js:1:2)\n    at c (../a.js:1:2)\n';
  expect(failuresIn(log)[0]?.frames).toEqual([]);
});
