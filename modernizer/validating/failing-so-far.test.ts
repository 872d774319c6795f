import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { failingSoFar, marksIn } from './failing-so-far.ts';
import { readTests } from './read-tests.ts';

test.each([
  [
    'mocha',
    '  Array\n    ✓ is one\n    1) is empty\n    2) "before all" hook for "x"\n',
    ['is empty', '"before all" hook for "x"'],
  ],
  ['TAP', 'ok 1 - a\nnot ok 2 - b\nnot ok 3 c\nnot ok 4 - d # TODO later\nnot ok 5 - e # skip\n', ['b', 'c']],
  ['jest', '  ✓ a (2 ms)\n  ✕ b (5 ms)\n', ['b']],
  ['vitest', ' × a > b 12ms\n', ['a > b']],
  ['ava', '  ✘ [fail]: a › b\n', ['a › b']],
  ['node:test', '▶ s\n  ✔ a (0.5ms)\n  ✖ b (1.234ms)\n✖ s (2ms)\n', ['b']],
  ['colours', '    \u001B[31m  1) is empty\u001B[0m\n', ['is empty']],
])('the marks of %s are read as they come', (_runner, output, names) => {
  expect(marksIn(output)).toEqual(names);
});

test('a list, a line of a program and a diff are no marks', () => {
  expect(marksIn('1) first\n  done 2) second\nnot ok\nnot okay 3 - x\n- ✖ inside\n✖\n')).toEqual([]);
});

test('however the output is cut, the same tests have failed', () => {
  const output = '  1) one\nnot ok 2 - two\n  ✕ three (5 ms)\nok 4 - four\n';
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: output.length }), { maxLength: 8 }), (cuts) => {
      const failing = failingSoFar();
      const places = [0, ...cuts.toSorted((a, b) => a - b), output.length];
      for (const [index, place] of places.entries()) failing.hear(output.slice(places[index - 1] ?? 0, place));
      expect(failing.names()).toEqual(['one', 'two', 'three']);
    }),
  );
});

test.each(['ava-5.3.1', 'jest-29.7.0-verbose', 'tap-16.3.10', 'tape-5.10.2', 'vitest-3.2.4', 'mocha-12.0.3-tap'])(
  'what %s was recorded to print has no more marks than tests that failed',
  (runner) => {
    const output = readFileSync(join(import.meta.dirname, 'fixtures', 'runners', `${runner}.txt`), 'utf8');
    const { failed } = readTests(output, 1);
    expect(marksIn(output).length).toBeGreaterThan(0);
    expect(marksIn(output).length).toBeLessThanOrEqual(failed);
  },
);
