// Reads how many tests passed, failed and were skipped, and the names of those that failed, out of a runner's output.
// Rule: a count is only told where the runner printed one; whatever no format explains is judged by its exit code.
// Formats: mocha (1–12), TAP (read-tests-tap.ts), node:test spec, jest, vitest, ava, jasmine, uvu, tap-spec, vows.
// What each runner really prints is recorded in fixtures/runners.

import type { TestCounts } from '../protocol/index.ts';
import { readEarlyTap, readTap } from './read-tests-tap.ts';

/** More names than this say nothing that the first ones do not. */
const FAILING_NAMES_MAX = 200;
const NAME_LENGTH_MAX = 300;

/** Counts and names in the output of a test command that ended with `exitCode`. */
export function readTests(output: string, exitCode: number): TestCounts {
  const text = withoutAnsi(output);
  for (const counts of [together(text), readOne(text, exitCode)]) {
    if (counts !== undefined && believable(counts, exitCode)) return bounded(counts);
  }
  const failed = exitCode === 0 ? 0 : 1;
  return { passed: 1 - failed, failed, skipped: 0, failing: [], runner: 'exit-code' };
}

function readOne(text: string, exitCode: number): TestCounts | undefined {
  for (const read of FORMATS) {
    const counts = read(text);
    if (counts !== undefined && believable(counts, exitCode)) return counts;
  }
  return undefined;
}

/** What npm and pnpm print before a script (`> name@version script`), and Yarn 1 before its own. */
const SCRIPT_BEGINS = /^(?:> (?<name>\S+)@\S+ (?<script>\S+)(?: .*)?|yarn run v[\d.]+)$/gm;

/** Several suites in one output, of workspaces or of scripts that call others: their sum. Undefined for one alone. */
function together(text: string): TestCounts | undefined {
  const begins = [...text.matchAll(SCRIPT_BEGINS)];
  const parts = begins.flatMap(({ index, groups }, number) => {
    const counts = readOne(text.slice(index, begins[number + 1]?.index), 0);
    return counts === undefined ? [] : [{ counts, of: groups?.['name'], script: groups?.['script'] }];
  });
  const [first, second] = parts;
  if (first === undefined || second === undefined) return undefined;
  const sum = (count: 'passed' | 'failed' | 'skipped'): number =>
    parts.reduce((total, { counts }) => total + counts[count], 0);
  const failing = parts.flatMap(({ counts, of, script }) =>
    counts.failing.map((name) => (of === undefined ? name : `${of} ${script}: ${name}`)),
  );
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failing,
    runner: first.counts.runner,
  };
}

/** Output without colour and cursor codes, with line ends as they are on Linux. */
export const withoutAnsi = (text: string): string =>
  // The control character is the point: it begins every code.
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/\u001B\[[0-9;?]*[ -/]*[@-~]/g, '').replaceAll('\r\n', '\n');

/** A format that finds no failure in a run that failed has read something else. */
const believable = (counts: TestCounts, exitCode: number): boolean =>
  counts.passed + counts.failed > 0 && (exitCode === 0 || counts.failed > 0 || counts.passed > 0);

type Format = (text: string) => TestCounts | undefined;

const jest: Format = (text) => {
  const line = lastMatch(text, /^Tests:\s+(.*\d+ total.*)$/gm)?.[1];
  if (line === undefined) return undefined;
  return {
    passed: countIn(line, /(\d+) passed/),
    failed: countIn(line, /(\d+) failed/),
    skipped: countIn(line, /(\d+) (?:skipped|pending)/) + countIn(line, /(\d+) todo/),
    failing: [
      ...namesIn(text, /^\s*● (.+ › .+|.+)$/gm).filter((name) => !/^(Console|Test suite failed)/.test(name)),
      ...notRun(text, /^\s*FAIL\s+(\S+).*\n\s*● Test suite failed to run$/gm),
    ],
    runner: 'jest',
  };
};

/** Files that failed before any of their tests ran: a runner counts none of those. */
const notRun = (text: string, pattern: RegExp): string[] =>
  namesIn(text, pattern).map((file) => `${file} (could not be run)`);

const vitest: Format = (text) => {
  const line = lastMatch(text, /^\s*Tests\s+(.*\d+ (?:passed|failed|skipped).*\(\d+\))\s*$/gm)?.[1];
  if (line === undefined) return undefined;
  return {
    passed: countIn(line, /(\d+) passed/),
    failed: countIn(line, /(\d+) failed/),
    skipped: countIn(line, /(\d+) (?:skipped|todo)/),
    failing: [...namesIn(text, /^\s*FAIL\s+(.+ > .+)$/gm), ...notRun(text, /^\s*FAIL\s+(\S+) \[ \S+ \]$/gm)],
    runner: 'vitest',
  };
};

const mocha: Format = (text) => {
  const passing = lastMatch(text, /^\s*(?:✔\s+)?(\d+) (?:passing|tests? complete)\b/gm);
  const failing = lastMatch(text, /^\s*(?:✖\s+)?(\d+)(?: of (\d+) tests?)? (?:failing|failed)\b/gm);
  if (passing === undefined && failing === undefined) return undefined;
  return {
    // Mocha 1 tells "1 of 3 tests failed" in place of how many passed.
    passed: Number(passing?.[1] ?? Number(failing?.[2] ?? failing?.[1]) - Number(failing?.[1])),
    failed: Number(failing?.[1] ?? 0),
    skipped: countIn(text, /^\s*(\d+) pending$/m),
    failing: mochaFailures(text),
    runner: 'mocha',
  };
};

/** Mocha numbers its failures after the totals: `1) suite`, deeper lines of the title, then `the test:`. */
function mochaFailures(text: string): string[] {
  const start = text.search(/^\s*(?:✖\s+)?\d+(?: of \d+ tests?)? (?:failing|failed)\b/m);
  if (start === -1) return [];
  const lines = text.slice(start).split('\n');
  const names: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const first = /^\s*\d+\)\s+(.*)$/.exec(lines[index] ?? '')?.[1];
    if (first === undefined) continue;
    const title = [first.trim()];
    // A title runs on in deeper lines until one ends in a colon; ten levels of `describe` are plenty.
    for (let next = index + 1; next < index + 10 && !(title.at(-1) ?? '').endsWith(':'); next += 1) {
      const line = (lines[next] ?? '').trim();
      if (line === '') break;
      title.push(line);
    }
    names.push(title.join(' ').replace(/:$/, ''));
  }
  return names;
}

const nodeSpec: Format = (text) => {
  const pass = lastMatch(text, /^(?:ℹ|#) pass (\d+)$/gm);
  const fail = lastMatch(text, /^(?:ℹ|#) fail (\d+)$/gm);
  if (pass === undefined || fail === undefined || !/^ℹ tests \d+$/m.test(text)) return undefined;
  return {
    passed: Number(pass[1]),
    failed: Number(fail[1]),
    skipped: countIn(text, /^ℹ skipped (\d+)$/m),
    failing: nodeFailures(text),
    runner: 'node:test',
  };
};

/** The tree that node:test prints names a test by its suites; a suite is only named when nothing inside it failed. */
function nodeFailures(text: string): string[] {
  const open: { readonly name: string; failed: boolean }[] = [];
  const names = new Set<string>();
  for (const line of text.split('\n')) {
    if (line.startsWith('✖ failing tests:')) break;
    const [, indent = '', mark = '', name = ''] = /^((?: {2})*)([▶✖]) (.+?)(?: \(\d[\d.]*ms\).*)?$/.exec(line) ?? [];
    const depth = indent.length / 2;
    if (mark === '▶') open.splice(depth, open.length, { name, failed: false });
    if (mark !== '✖') continue;
    const suite = open[depth]?.name === name ? open[depth] : undefined;
    const outer = open.slice(0, depth);
    if (suite?.failed !== true) names.add([...outer.map((each) => each.name), name].join(' > '));
    for (const each of outer) each.failed = true;
    open.splice(depth);
  }
  return [...names];
}

const ava: Format = (text) => {
  const failed = lastMatch(text, /^\s*(\d+) tests? failed/gm);
  const passed = lastMatch(text, /^\s*(\d+) tests? passed/gm);
  const errors = countIn(text, /^\s*(\d+) (?:uncaught exceptions?|unhandled rejections?)/m);
  if (failed === undefined && passed === undefined && errors === 0) return undefined;
  return {
    // Where something failed, its first four majors do not say how many passed.
    passed: Number(passed?.[1] ?? [...text.matchAll(/^ {2}✔ /gm)].length),
    failed: Number(failed?.[1] ?? 0) + errors,
    skipped: countIn(text, /^\s*(\d+) tests? skipped/m) + countIn(text, /^\s*(\d+) tests? todo/m),
    failing: avaFailures(text),
    runner: 'ava',
  };
};

/**
 * Each failure has a part of its own that begins with the name and its place. The marks above are only asked where
 * there is no such part: there the error's own words follow the name, and nothing tells where they begin.
 */
function avaFailures(text: string): string[] {
  const told = namesIn(text, /^ {2}(\S.*)\n\n {2}(?:file:\/\/)?\S+\.[cm]?[jt]sx?:\d+$/gm);
  const marked = namesIn(text, /^\s*(?:[✖✘] \[fail\]:|✖) (.+?)(?: \([\d.]+m?s\))?(?: Error.*| Rejected.*)?$/gm);
  const known = (name: string): boolean => told.some((each) => name === each || name.startsWith(`${each} `));
  return [...told, ...marked.filter((name) => !known(name) && !/^(?:\d+ |No tests found)/.test(name))];
}

const jasmine: Format = (text) => {
  const line = lastMatch(text, /^(\d+) specs?, (\d+) failures?(?:, (\d+) pending.*)?$/gm);
  if (line === undefined) return undefined;
  const failed = Number(line[2]);
  const failing = failed === 0 ? [] : namesIn(jasmineFailures(text), /^\d+\) (.+)$/gm);
  return {
    passed: Number(line[1]) - failed - Number(line[3] ?? 0),
    failed,
    skipped: Number(line[3] ?? 0),
    failing,
    runner: 'jasmine',
  };
};

/** What is pending is numbered like what failed, in a part of its own. */
const jasmineFailures = (text: string): string => text.slice(text.indexOf('Failures:')).split(/^Pending:$/m)[0] ?? '';

const tapSpec: Format = (text) => {
  const total = lastMatch(text, /^\s*total:\s+(\d+)$/gm);
  const passing = lastMatch(text, /^\s*passing:\s+(\d+)$/gm);
  if (total === undefined || passing === undefined) return undefined;
  const failing = lastMatch(text, /^\s*failing:\s+(\d+)$/gm);
  return {
    passed: Number(passing[1]),
    failed: Number(failing?.[1] ?? 0),
    skipped: 0,
    failing: namesIn(text, /^\s*✖ (.+)$/gm),
    runner: 'tap-spec',
  };
};

/** `✗ Broken » 3 honored ∙ 1 broken ∙ 1 errored (0.1s)`; what failed stands under its context, marked ✗. */
const vows: Format = (text) => {
  const line = lastMatch(text, /^\s*[✓✗] (?:OK|Broken|Errored) » (.*(?:honored|broken|errored).*)$/gm)?.[1];
  if (line === undefined) return undefined;
  return {
    passed: countIn(line, /(\d+) honored/),
    failed: countIn(line, /(\d+) broken/) + countIn(line, /(\d+) errored/),
    skipped: countIn(line, /(\d+) pending/),
    failing: namesIn(text, /^\s*✗ (?!Broken »|Errored »|OK »)(.+)$/gm),
    runner: 'vows',
  };
};

/** `  Total:     4`; what failed is told as `FAIL  suite  "name"`. */
const uvu: Format = (text) => {
  const total = lastMatch(text, /^\s*Total:\s+(\d+)$/gm);
  const passed = lastMatch(text, /^\s*Passed:\s+(\d+)$/gm);
  if (total === undefined || passed === undefined || !/^\s*Skipped:\s+\d+$/m.test(text)) return undefined;
  const failing = [...text.matchAll(/^\s*FAIL\s+(?:(\S.*?)\s+)?"(.+)"$/gm)];
  return {
    passed: Number(passed[1]),
    failed: Number(total[1]) - Number(passed[1]),
    skipped: countIn(text, /^\s*Skipped:\s+(\d+)$/m),
    failing: failing.map(([, suite, name]) => (suite === undefined ? (name ?? '') : `${suite} > ${name}`)),
    runner: 'uvu',
  };
};

const FORMATS: readonly Format[] = [
  jest,
  vitest,
  mocha,
  nodeSpec,
  ava,
  jasmine,
  tapSpec,
  vows,
  uvu,
  readEarlyTap,
  readTap,
];

const lastMatch = (text: string, pattern: RegExp): RegExpExecArray | undefined => [...text.matchAll(pattern)].at(-1);

const countIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

const namesIn = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => (match[1] ?? '').trim()).filter((name) => name !== '')),
];

const bounded = (counts: TestCounts): TestCounts => ({
  ...counts,
  failing: counts.failing.slice(0, FAILING_NAMES_MAX).map((name) => name.slice(0, NAME_LENGTH_MAX)),
});
