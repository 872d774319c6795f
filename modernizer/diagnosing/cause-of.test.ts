import { expect, test } from 'vitest';

import type { LevelResult } from '../protocol/index.ts';
import { causeOf, type RefusalFacts } from './cause-of.ts';
import { placesIn } from './places-in.ts';
import { signatureIn } from './signatures.ts';

const level = (parts: Partial<LevelResult>): LevelResult => ({
  level: 4,
  command: 'npm test',
  ok: false,
  detail: 'npm test ended with code 1.',
  wallMs: 10,
  tests: null,
  health: [],
  ...parts,
});
const facts = (parts: Partial<RefusalFacts>): RefusalFacts => ({
  name: 'line-reader',
  to: '0.4.0',
  verdict: { kind: 'broken', passed: 0, of: 2 },
  resolver: null,
  levels: [level({})],
  tests: null,
  log: '',
  ...parts,
});

test('failing tests are named, with what the log shows and where in the project', () => {
  const tests = { passed: 1, failed: 5, skipped: 0, failing: ['a', 'b', 'c', 'd'], runner: 'mocha' };
  const log = `\n$ npm install\nError: of another command\n$ npm test\nTypeError: lineReader.eachLine(...).then is not a function\n    at parse (/project/index.js:46:5)\n    at Module._compile (node:internal/modules/cjs/loader:1:1)\n    at x (/project/node_modules/y/z.js:1:1)\n`;
  expect(causeOf(facts({ levels: [level({ tests })], log }))).toEqual({
    cause: '5 tests fail: “a”, “b”, “c” and 2 more. lineReader.eachLine(...).then is not a function any more.',
    where: ['index.js:46'],
  });
});

test('a failure that nothing in the log explains is said to be so', () => {
  expect(causeOf(facts({ log: '\n$ npm test\n' })).cause).toBe('npm test ended with code 1. The log does not say why.');
});

test('a command that fails after green tests is not told as failing tests, and the tool behind them is heard', () => {
  const tests = { passed: 89, failed: 0, skipped: 0, failing: [], runner: 'mocha' };
  const log =
    "\n$ npm test\n  ✓ TypeError: x is not a function is thrown\n\n  89 passing (1s)\n\nESLint: 10.15.0\n\nESLint couldn't find an eslint.config.* file.\n";
  expect(causeOf(facts({ levels: [level({ tests })], log })).cause).toBe(
    'npm test fails, although no test does (89 passed). ESLint finds no eslint.config file: from version 9 on it no longer reads .eslintrc.',
  );
});

test('where no error is printed, the last complaint of the tool is told', () => {
  const tests = { passed: 0, failed: 1, skipped: 0, failing: [], runner: 'exit-code' };
  const log =
    '\n$ npm test\n> istanbul cover _mocha\n\nUnable to resolve file [_mocha]\nTry "istanbul help" for usage\n# ended with code 1 after 4 ms\n';
  expect(causeOf(facts({ levels: [level({ tests })], log })).cause).toBe(
    'npm test ended with code 1. It printed: Unable to resolve file [_mocha].',
  );
});

test('what green tests printed is not taken for the cause', () => {
  const tests = { passed: 2, failed: 1, skipped: 0, failing: ['adds'], runner: 'mocha' };
  const log =
    '\n$ npm test\nTypeError: noise is not a function\n    at a (/project/index.js:1:1)\n  2 passing\n  1 failing\n\n  1) adds:\n     AssertionError: expected 1 to equal 2\n      at Context.<anonymous> (test/a.js:3:5)\n';
  expect(causeOf(facts({ levels: [level({ tests })], log }))).toEqual({
    cause: 'One test fails: “adds”. It printed: AssertionError: expected 1 to equal 2.',
    where: ['test/a.js:3'],
  });
});

test('an error that is printed before the failure is told, on the other stream, is found all the same', () => {
  const tests = { passed: 2, failed: 1, skipped: 0, failing: ['greets'], runner: 'tap' };
  const log =
    '\n$ npm test\nTypeError: greet is not a function\n    at x (/project/test.js:4:1)\nok 1 - a\nnot ok 2 - greets\n1..2\n';
  expect(causeOf(facts({ levels: [level({ tests })], log }))).toEqual({
    cause: 'One test fails: “greets”. greet is not a function any more.',
    where: ['test.js:4'],
  });
});

test('an upgrade that became an ES module is told as the likely reason of a wrong use', () => {
  const log = '\n$ npm test\nTypeError: fn is not a function\n    at x (/project/test/setup.js:14:6)\n';
  expect(causeOf(facts({ name: 'chai-as-promised', log, becomesModule: true }))).toEqual({
    cause:
      'npm test ended with code 1. fn is not a function any more. chai-as-promised became an ES module: require() gives a namespace of its exports.',
    where: ['test/setup.js:14'],
  });
  expect(causeOf(facts({ log, becomesModule: false })).cause).not.toContain('ES module');
});

test('what a linter prints first is told', () => {
  const { cause, where } = causeOf(
    facts({ log: '\n$ npm test\n  /project/bin/cli.js:3:1: Unexpected var, use let or const instead. (no-var)\n' }),
  );
  expect(cause).toContain('Unexpected var');
  expect(where).toEqual(['bin/cli.js:3']);
});

test('a limit is the cause when a limit ended it', () => {
  const stuck = facts({
    verdict: { kind: 'timed-out', passed: 0, of: 1 },
    levels: [level({ detail: 'npm test did not end within 60 s and was stopped.' })],
  });
  expect(causeOf(stuck).cause).toContain('did not end within 60 s');
});

test.each([
  ['Error [ERR_REQUIRE_ESM]: require() of ES Module /project/x.js', 'ES module'],
  ["Error: Cannot find module 'lodash/fp'", 'lodash/fp'],
  ["Error: Cannot find module '../lib/old'", '../lib/old'],
  ['TypeError: lruCache is not a constructor', 'lruCache is no constructor'],
  ["TypeError: Class constructor Strategy cannot be invoked without 'new'", 'Strategy is a class now'],
  ["TypeError: Cannot read properties of undefined (reading 'should')", 'should'],
  [
    "SyntaxError: The requested module 'glob' does not provide an export named 'default'",
    'glob no longer exports default',
  ],
  [
    'Error [ERR_PACKAGE_PATH_NOT_EXPORTED]: Package subpath \'./lib/x\' is not defined by "exports" in /project/node_modules/@a/b/package.json',
    './lib/x of @a/b',
  ],
])('%s is understood', (line, words) => {
  expect(signatureIn(line, 'x')).toContain(words);
});

test('no more than five places are told, and none of an installed package or of Node', () => {
  const frames = Array.from({ length: 9 }, (_, index) => `    at f (/project/src/a${index}.js:${index + 1}:2)`).join(
    '\n',
  );
  expect(placesIn(frames).length).toBe(5);
  expect(placesIn('    at g (/project/node_modules/x/i.js:1:2)\n    at node:internal/x:1:2')).toEqual([]);
  expect(placesIn('at Context.<anonymous> (test/a.spec.js:12:5)')).toEqual(['test/a.spec.js:12']);
});
