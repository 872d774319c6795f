import { expect, test } from 'vitest';

import { readTests } from './read-tests.ts';

const MOCHA = `
  Strategy
    \u001b[32m✓\u001b[0m accepts a token
    1) refuses an expired one

  1 passing (15ms)
  2 pending
  1 failing

  1) Strategy
       handling request
         refuses an expired one:
     AssertionError: expected 1 to equal 2
      at Context.<anonymous> (test/a.js:10:5)
`;

const MOCHA_OLD = `
  ․․․․

  ✖ 1 of 3 tests failed:

  1) jwt should sign:
     Error: Timeout of 2000ms exceeded.
`;

const MOCHA_HOOK = `
  0 passing (2s)
  1 failing

  1) Strategy "before all" hook for "verifies":
     Error: Timeout of 2000ms exceeded.
`;

const TAPE = `TAP version 13
# first
ok 1 should be equal
# second
not ok 2 should be truthy
  ---
    operator: ok
  ...
ok 3 later # SKIP
1..3
# tests 3
# pass  2
# fail  1
`;

const NODE_SPEC = `✔ adds (0.5ms)
✖ subtracts (0.7ms)
ℹ tests 2
ℹ suites 0
ℹ pass 1
ℹ fail 1
ℹ cancelled 0
ℹ skipped 0

✖ failing tests:

test at test.js:1:1
✖ subtracts (0.7ms)
  AssertionError
`;

const JEST = `FAIL ./sum.test.js
  ● sum › adds

    expect(received).toBe(expected)

Tests:       1 failed, 1 skipped, 3 passed, 5 total
Time:        1.2 s
`;

const VITEST = ` FAIL  src/a.test.ts > sum > adds
 Test Files  1 failed (1)
      Tests  1 failed | 3 passed | 1 skipped (5)
`;

const AVA = `  ✔ adds
  ✘ [fail]: subtracts Error thrown in test
  ─

  1 test failed
  1 test passed
`;

const JASMINE = `Started
.F
Failures:
1) Sum adds
  Message:
    Expected 1 to be 2.

2 specs, 1 failure
`;

const TAP_SPEC = `
  ✔ should be equal
  ✖ should parse

  total:     2
  passing:   1
  failing:   1
  duration:  1.2s
`;

test.each([
  [
    'mocha',
    MOCHA,
    1,
    {
      passed: 1,
      failed: 1,
      skipped: 2,
      failing: ['Strategy handling request refuses an expired one'],
      runner: 'mocha',
    },
  ],
  ['an old mocha', MOCHA_OLD, 1, { passed: 2, failed: 1, skipped: 0, failing: ['jwt should sign'], runner: 'mocha' }],
  [
    'mocha with a failing hook',
    MOCHA_HOOK,
    1,
    { passed: 0, failed: 1, skipped: 0, failing: ['Strategy "before all" hook for "verifies"'], runner: 'mocha' },
  ],
  ['tape', TAPE, 1, { passed: 1, failed: 1, skipped: 1, failing: ['should be truthy'], runner: 'tap' }],
  ['node:test', NODE_SPEC, 1, { passed: 1, failed: 1, skipped: 0, failing: ['subtracts'], runner: 'node:test' }],
  ['jest', JEST, 1, { passed: 3, failed: 1, skipped: 1, failing: ['sum › adds'], runner: 'jest' }],
  [
    'vitest',
    VITEST,
    1,
    { passed: 3, failed: 1, skipped: 1, failing: ['src/a.test.ts > sum > adds'], runner: 'vitest' },
  ],
  ['ava', AVA, 1, { passed: 1, failed: 1, skipped: 0, failing: ['subtracts'], runner: 'ava' }],
  ['jasmine', JASMINE, 1, { passed: 1, failed: 1, skipped: 0, failing: ['Sum adds'], runner: 'jasmine' }],
  ['tap-spec', TAP_SPEC, 1, { passed: 1, failed: 1, skipped: 0, failing: ['should parse'], runner: 'tap-spec' }],
])('the output of %s is read with its counts and the names of what failed', (_name, output, code, counts) => {
  expect(readTests(output, code)).toEqual(counts);
});

test('a format nobody knows is judged by its exit code alone', () => {
  expect(readTests('all good', 0)).toEqual({ passed: 1, failed: 0, skipped: 0, failing: [], runner: 'exit-code' });
  expect(readTests('', 7)).toMatchObject({ passed: 0, failed: 1, runner: 'exit-code' });
});

test('a thousand failures are counted, and two hundred of them named', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `not ok ${index + 1} n${index}`);
  const counts = readTests(`TAP version 13\n${lines.join('\n')}\n1..1000\n`, 1);
  expect(counts.failed).toBe(1000);
  expect(counts.failing.length).toBe(200);
});

test('node:test: tests of one name are told apart by their suites, and a suite is not counted beside its tests', () => {
  const output = `▶ Remote
  ▶ update()
    ▶ No language
      ✖ passes (30.1ms)
    ✖ No language (32.3ms)
    ▶ One language
      ✔ fails (1ms)
      ✖ passes (11.6ms)
    ✖ One language (12.2ms)
  ✖ update() (87.3ms)
✖ Remote (87.6ms)
✖ network (58.2ms)
▶ prepared
✖ prepared (2ms)
ℹ tests 4
ℹ pass 1
ℹ fail 3

✖ failing tests:

test at test/remote.spec.js:48:15
✖ passes (30.1ms)
`;
  expect(readTests(output, 1)).toMatchObject({
    passed: 1,
    failed: 3,
    failing: [
      'Remote > update() > No language > passes',
      'Remote > update() > One language > passes',
      'network',
      'prepared',
    ],
  });
});

test('a file that could not be run is named although the runner counts none of its tests', () => {
  const jest = `FAIL tests/cron.test.js
  ● Test suite failed to run

    Cannot find module 'sinon' from 'tests/cron.test.js'

Test Suites: 1 failed, 1 passed, 2 total
Tests:       5 passed, 5 total
`;
  expect(readTests(jest, 1)).toMatchObject({
    passed: 5,
    failed: 0,
    failing: ['tests/cron.test.js (could not be run)'],
  });
  const vitest = ` FAIL  test/a.test.js [ test/a.test.js ]
Error: Cannot find package 'x'
 Test Files  1 failed | 1 passed (2)
      Tests  2 passed (2)
`;
  expect(readTests(vitest, 1)).toMatchObject({ passed: 2, failed: 0, failing: ['test/a.test.js (could not be run)'] });
});

test('vows: what is broken and what is errored is counted as failed', () => {
  const vows = `♢ nconf/provider
  When using nconf
    ✓ should be fine
    ✗ should use the argv
      » expected 1, got 2 (==) // provider-test.js:40

✗ Broken » 3 honored ∙ 1 broken ∙ 1 errored (0.035s)
`;
  expect(readTests(vows, 1)).toEqual({
    passed: 3,
    failed: 2,
    skipped: 0,
    failing: ['should use the argv'],
    runner: 'vows',
  });
  expect(readTests('✓ OK » 109 honored (0.3s)\n', 0)).toMatchObject({ passed: 109, failed: 0, runner: 'vows' });
});

test('suites of several workspaces or scripts in one output are summed, and their failures told apart', () => {
  const mocha = (failing: string): string =>
    failing === '' ? '\n  2 passing (5ms)\n' : `\n  1 passing (5ms)\n  1 failing\n\n  1) ${failing}:\n     Error\n`;
  const npm = `\n> a@1.0.0 test\n> mocha\n${mocha('sells')}\n> b@1.0.0 test\n> mocha\n${mocha('')}`;
  expect(readTests(npm, 1)).toEqual({ passed: 3, failed: 1, skipped: 0, failing: ['a test: sells'], runner: 'mocha' });
  const chained = `> a@1.0.0 test /project\n> pnpm lint && pnpm unit\n\n> a@1.0.0 unit /project\n> mocha\n${mocha('sells')}`;
  expect(readTests(chained, 1)).toMatchObject({ passed: 1, failed: 1, failing: ['sells'] });
  const yarn = `yarn run v1.22.22\n$ mocha\n${mocha('')}yarn run v1.22.22\n$ mocha\n${mocha('')}`;
  expect(readTests(yarn, 0)).toMatchObject({ passed: 4, failed: 0 });
});
