// What test runners really printed over one small suite, in their old and their present majors: fixtures/runners.

import { readdirSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { readTests } from './read-tests.ts';

const FOLDER = new URL('./fixtures/runners/', import.meta.url);
const files = readdirSync(FOLDER);
const readingOf = (file: string) => readTests(readFileSync(new URL(file, FOLDER), 'utf8'), 1);

const TOTAL = 'has a total of 0';
const THROWS = 'throws what is not an error';
const NESTED = `shop when it is empty ${TOTAL}`;
/** Of a file that holds an error at its top no test is run. */
const broken = (file: string): string => `${file} (could not be run)`;
const inFile = (file: string, ...names: string[]): string => [file, 'shop', ...names].join(' > ');

interface Expected {
  readonly runner: string;
  readonly counts: readonly [passed: number, failed: number, skipped: number];
  readonly failing: readonly string[];
}

const JASMINE: Expected = { runner: 'jasmine', counts: [3, 2, 1], failing: [NESTED, `shop ${THROWS}`] };
const MOCHA: Expected = { runner: 'mocha', counts: [3, 2, 1], failing: [`shop ${THROWS}`, NESTED] };
const JEST_NAMES = [`shop › when it is empty › ${TOTAL}`, `shop › ${THROWS}`];
const VITEST_FILE = 'test/shop.test.mjs';
const VITEST_NAMES = [inFile(VITEST_FILE, 'when it is empty', TOTAL), inFile(VITEST_FILE, THROWS)];
const TAP_NAMES = [inFile('test/shop.js', 'when it is empty', TOTAL)];
const NODE_NAMES = [`shop > when it is empty > ${TOTAL}`, `shop > ${THROWS}`];

/** The first that a file's name begins with. */
const EXPECTED: readonly (readonly [string, Expected])[] = [
  ['ava-0.25.0-tap', { runner: 'tap', counts: [2, 2, 2], failing: [TOTAL, THROWS] }],
  ['ava-5.3.1-tap', { runner: 'tap', counts: [2, 2, 2], failing: [TOTAL, THROWS] }],
  ['ava-', { runner: 'ava', counts: [2, 2, 2], failing: [TOTAL, THROWS] }],
  ['jasmine-', JASMINE],
  ['jest-29.7.0-verbose', { runner: 'jest', counts: [3, 2, 1], failing: JEST_NAMES }],
  ['jest-', { runner: 'jest', counts: [4, 2, 1], failing: [...JEST_NAMES, broken('test/broken.test.js')] }],
  ['mocha-12.0.3-tap', { ...MOCHA, runner: 'tap' }],
  ['mocha-', MOCHA],
  ['node-test-24.21.0-spec', { runner: 'node:test', counts: [3, 2, 1], failing: NODE_NAMES }],
  ['node-test-24.21.0-tap', { runner: 'tap', counts: [3, 2, 1], failing: NODE_NAMES }],
  ['tap-0.7.1', { runner: 'tap', counts: [5, 2, 1], failing: [`test/shop.js > ${TOTAL}`, 'test/shop.js'] }],
  ['tap-', { runner: 'tap', counts: [4, 1, 1], failing: TAP_NAMES }],
  ['tape-', { runner: 'tap', counts: [2, 1, 0], failing: [TOTAL] }],
  ['uvu-', { runner: 'uvu', counts: [2, 2, 1], failing: [TOTAL, 'shop > throws'] }],
  ['vitest-3.2.4-tap', { runner: 'tap', counts: [4, 3, 1], failing: ['test/broken.test.mjs', ...VITEST_NAMES] }],
  ['vitest-', { runner: 'vitest', counts: [4, 2, 1], failing: [...VITEST_NAMES, broken('test/broken.test.mjs')] }],
];

test.each(files)('%s is read with its counts and the names of what failed', (file) => {
  const expected = EXPECTED.find(([begin]) => file.startsWith(begin))?.[1];
  const [passed, failed, skipped] = expected?.counts ?? [];
  expect(readingOf(file)).toEqual({ passed, failed, skipped, failing: expected?.failing, runner: expected?.runner });
});

test('a group of tests that fails as a whole, although none of its tests does, is a failure of its own', () => {
  const tap = `TAP version 13
# Subtest: test/shop.js
    ok 1 - adds
    1..1
not ok 1 - test/shop.js
  ---
  exitCode: 1
  stack: |
    not ok 7 - is only a line of the details
  ...
1..1
`;
  expect(readTests(tap, 1)).toMatchObject({ passed: 1, failed: 1, failing: ['test/shop.js'] });
});
