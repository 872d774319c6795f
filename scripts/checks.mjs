// `npm test`: format, lint, types, nothing unused, and the tests. Whole output of what fails, one line for what passes.
// Ends with one line, `N passed, N failed`: the tests, and each check as one.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BUILD, toolScript } from './places.mjs';
import { quietly } from './processes.mjs';

/** The smallest machine it must be quick on has two cores. */
const AT_ONCE = 2;
/** Far more than there are needs of the machine. */
const LEFT_OUT_LINES_MAX = 20;
const RESULTS = join(BUILD, 'tests.json');
/** What prettier found in order is not looked at again until it changes. */
const FORMATTED = join(BUILD, 'formatted.json');

/** The longest first, so that the short ones fill the other lane. */
const CHECKS = [
  {
    name: 'format',
    argv: () => [
      toolScript('prettier'),
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-location',
      FORMATTED,
      '.',
    ],
  },
  { name: 'types', argv: () => [toolScript('typescript', 'tsc'), '--noEmit', '-p', 'tsconfig.json'] },
  {
    name: 'types of the console',
    argv: () => [toolScript('typescript', 'tsc'), '--noEmit', '-p', 'console/tsconfig.json'],
  },
  { name: 'nothing unused', argv: () => [toolScript('knip'), '--no-config-hints', '--no-progress'] },
  { name: 'lint', argv: () => [toolScript('oxlint'), '--deny-warnings', '.'] },
];

const TESTS = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${RESULTS}`];

/** @param args Names of test files: then only those tests run, without the checks. */
export async function runChecks(args) {
  const startedAt = performance.now();
  const checks = args.length === 0 ? await inLanes(CHECKS, runCheck) : [];
  const tests = await runTests(args);
  const passed = tests.passed + checks.filter(Boolean).length;
  const failed = tests.failed + checks.filter((isGreen) => !isGreen).length;
  if (tests.skipped > 0) say(`${tests.skipped} tests were left out here; their names say why.`);
  say(`in ${secondsText(performance.now() - startedAt)}`);
  say(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

async function runCheck({ name, argv }) {
  const { code, output, wallMs } = await quietly(argv());
  report(name, code === 0, { output, wallMs });
  return code === 0;
}

async function runTests(args) {
  rmSync(RESULTS, { force: true });
  const { code, output, wallMs } = await quietly([toolScript('vitest'), ...TESTS, ...args]);
  const counts = countsOf(RESULTS);
  const isGreen = code === 0 && counts.failed === 0;
  report(`tests (${counts.passed})`, isGreen, { output, wallMs });
  if (isGreen) leftOutIn(output).forEach(say);
  // A file that does not load has no test that could fail.
  return { ...counts, failed: isGreen ? 0 : Math.max(1, counts.failed) };
}

/** What the tests themselves say they could not try here; it must be seen although they passed. */
function leftOutIn(output) {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim());
  return [...new Set(lines.filter((line) => /left out(?::|, because)/.test(line)))].slice(0, LEFT_OUT_LINES_MAX);
}

function countsOf(file) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(file, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests };
  } catch (thrown) {
    // Vitest ended before it wrote anything; its output says why.
    if (thrown.code !== 'ENOENT' && !(thrown instanceof SyntaxError)) throw thrown;
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

async function inLanes(items, work) {
  const queue = [...items.entries()];
  const results = [];
  const lane = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return results;
}

function report(name, isGreen, { output, wallMs }) {
  if (!isGreen) say(`\n${output.trimEnd()}\n`);
  say(`${isGreen ? '✓' : '✗'} ${name}  ${secondsText(wallMs)}`);
}

const secondsText = (lengthMs) => `${(lengthMs / 1000).toFixed(1)} s`;
const say = (line) => process.stdout.write(`${line}\n`);
