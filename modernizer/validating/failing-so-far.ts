// Pure: which tests have failed while a suite still runs, by the marks that runners print as they go: TAP's `not ok`, mocha's
// `1) name`, and the crosses of jest, vitest, ava and node:test.
// Rule: marks are hints, counts come from the whole output (read-tests.ts). A suite that prints such marks while it is
// green, as the tests of a test runner do, is never judged by them.

import { withoutAnsi } from './read-tests.ts';

/** Beyond this no line is a mark. */
const LINE_LENGTH_MAX = 1000;
/** At one depth each, so that a test that fails does not count again as its suite and its file. */
const MARKS = [
  /^not ok \d+(?: - |\s+)(.+)$/,
  /^ {2,}\d+\) (\S.*)$/,
  /^\s*[✕✗×✘] (?:\[fail\]: )?(\S.*)$/,
  /^ {2}✖ (\S.*)$/,
];
/** TAP tells with it that a failure is known, and runners how long a test took. */
const KNOWN_FAILURE = /# (?:TODO|SKIP)\b/i;
const DURATION = /\s*\(?\d+(?:\.\d+)?\s?m?s\)?$/;

export interface FailingSoFar {
  /** Takes the next piece of the output, cut wherever it was cut. */
  hear(text: string): void;
  /** In the order in which they failed. */
  names(): readonly string[];
}

export function failingSoFar(): FailingSoFar {
  const failed = new Set<string>();
  let rest = '';
  return {
    hear(text) {
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(0, LINE_LENGTH_MAX);
      for (const line of lines) {
        const name = markIn(line);
        if (name !== undefined) failed.add(name);
      }
    },
    names: () => [...failed],
  };
}

function markIn(line: string): string | undefined {
  if (line.length > LINE_LENGTH_MAX || KNOWN_FAILURE.test(line)) return undefined;
  const plain = withoutAnsi(line).trimEnd();
  for (const mark of MARKS) {
    const name = mark.exec(plain)?.[1];
    if (name !== undefined) return name.replace(DURATION, '');
  }
  return undefined;
}

/** The marks in a whole output. */
export function marksIn(output: string): readonly string[] {
  const failing = failingSoFar();
  failing.hear(`${output}\n`);
  return failing.names();
}
