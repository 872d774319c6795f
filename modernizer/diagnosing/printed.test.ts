import { expect, test } from 'vitest';

import type { TestCounts } from '../protocol/index.ts';
import { printedReason } from './printed.ts';

const tests = (runner: string, failed = 1): TestCounts => ({ passed: 1, failed, skipped: 0, failing: [], runner });

test('a suite that asks for another machine is told to have no network', () => {
  const output = 'TypeError: fetch failed\n  [cause]: Error: getaddrinfo ENOTFOUND registry.npmjs.org\n';
  expect(printedReason(output, tests('exit-code'))).toBe(
    'It asks for registry.npmjs.org (ENOTFOUND), and no trial has a network.',
  );
  expect(printedReason('Error: getaddrinfo EAI_AGAIN localhost\n', tests('exit-code'))).toContain('It printed: Error');
});

test('the error of a red project is told as it was printed', () => {
  const output = '\u001b[31mError: No such module: http_parser\u001b[0m\n    at node:internal/x:1:1\n';
  expect(printedReason(output, tests('exit-code'))).toBe('It printed: Error: No such module: http_parser.');
  expect(printedReason('All fine.\n', tests('exit-code'))).toBe(undefined);
});

test('what follows green tests is heard, and not what they printed', () => {
  const output = 'Error: planned by a test\n# pass 2\n\nstandard: Unexpected var\n';
  expect(printedReason(output, tests('tap', 0))).toBe('It printed: standard: Unexpected var.');
});

test('the brace that opens the fields of an error is not told', () => {
  const output = "Error: EXDEV: cross-device link not permitted, rename 'a' -> 'b' {\n  errno: -18\n}\n";
  expect(printedReason(output, tests('exit-code'))).toBe(
    "It printed: Error: EXDEV: cross-device link not permitted, rename 'a' -> 'b'.",
  );
});
