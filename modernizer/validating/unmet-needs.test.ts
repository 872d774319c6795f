import { expect, test } from 'vitest';

import { readTests } from './read-tests.ts';
import { needsSentence, unmetNeeds } from './unmet-needs.ts';

const needsOf = (output: string): readonly string[] => unmetNeeds(output, readTests(output, 1)).map(({ what }) => what);

const MOCHA = (said: string, more = ''): string =>
  `  shop\n    1) sells\n\n  3 passing (10ms)\n  1 failing\n\n  1) shop sells:\n     Error: ${said}\n      at x (a.js:1:1)\n${more}`;

test.each([
  ['connect ECONNREFUSED 127.0.0.1:5432', 'PostgreSQL at port 5432'],
  ['connect ECONNREFUSED ::1:6379', 'Redis at port 6379'],
  ['connect ECONNREFUSED 127.0.0.1:4711', 'a service at port 4711'],
  ['getaddrinfo EAI_AGAIN api.example.com', 'the network (api.example.com)'],
  ['getaddrinfo ENOTFOUND registry.npmjs.org registry.npmjs.org:443', 'the network (registry.npmjs.org)'],
  ['connect ENETUNREACH 1.1.1.1:443 - Local (0.0.0.0:0)', 'the network (1.1.1.1:443)'],
  ['Could not find a working container runtime strategy', 'containers'],
  ['Failed to launch the browser process!', 'a browser'],
])('a suite that fails with “%s” needs %s', (said, what) => expect(needsOf(MOCHA(said))).toEqual([what]));

test('a suite whose hook cannot reach its database needs it, however many tests never ran', () => {
  const jest = `FAIL test/shop.test.js
  ● Test suite failed to run

    connect ECONNREFUSED 127.0.0.1:27017

Tests:       0 total
`;
  expect(needsOf(jest)).toEqual(['MongoDB at port 27017']);
  expect(needsOf('npm start\nError: connect ECONNREFUSED 127.0.0.1:3306\n')).toEqual(['MySQL at port 3306']);
});

test('words that stand before the failures, or explain fewer than half of them, are no need', () => {
  const handled = `retrying after connect ECONNREFUSED 127.0.0.1:5432\n${MOCHA('expected 1 to equal 2')}`;
  expect(needsOf(handled)).toEqual([]);
  const failing = Array.from({ length: 5 }, (_, number) => `not ok ${number + 1} - test ${number}`).join('\n');
  expect(needsOf(`TAP version 13\n${failing}\nconnect ECONNREFUSED 127.0.0.1:5432\n1..5\n`)).toEqual([]);
});

test('the sentence names the command, what it needs, and what it printed', () => {
  const output = MOCHA('connect ECONNREFUSED 127.0.0.1:5432');
  expect(needsSentence('npm test', unmetNeeds(output, readTests(output, 1)))).toBe(
    'npm test needs PostgreSQL at port 5432, which no trial has: it printed “Error: connect ECONNREFUSED 127.0.0.1:5432”.',
  );
});
