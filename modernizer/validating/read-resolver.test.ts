import { expect, test } from 'vitest';

import { readResolver } from './read-resolver.ts';

const ERESOLVE = `npm warn ERESOLVE overriding peer dependency
npm error code ERESOLVE
npm error ERESOLVE unable to resolve dependency tree
npm error
npm error While resolving: replace-in-file@6.2.0
npm error Found: chai@4.5.0
npm error node_modules/chai
npm error   dev chai@"^4.2.0" from the root project
npm error
npm error Could not resolve dependency:
npm error peer chai@">= 6.2.0 < 7" from dirty-chai@3.0.0
npm error node_modules/dirty-chai
npm error   dev dirty-chai@"^3.0.0" from the root project
`;

test('a peer conflict names who wants what and what is in the tree', () => {
  expect(readResolver(ERESOLVE)).toEqual({
    kind: 'resolver-conflict',
    sentence: 'dirty-chai@3.0.0 wants as its peer chai >= 6.2.0 < 7, but chai@4.5.0 is in the tree.',
    chain: ['replace-in-file@6.2.0', 'chai@4.5.0', 'dirty-chai@3.0.0'],
  });
});

test.each([
  [
    'npm error code ETARGET\nnpm error notarget No matching version found for x@^9.0.0.',
    'registry-incomplete',
    'x@^9.0.0',
  ],
  ["npm error code E404\nnpm error 404  'x@^1.0.0' is not in this registry.", 'registry-incomplete', 'x@^1.0.0'],
  ['npm error code ENOSPC\nnpm error syscall write', 'disk-full', 'disk'],
  ['npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED', 'registry-down', 'ECONNREFUSED'],
  ['npm error code E503\nnpm error 503 Service Unavailable', 'registry-down', 'E503'],
  ['npm error code EUSAGE\nnpm error', 'lockfile-out-of-step', 'lockfile'],
  [
    'npm error code 128\nnpm error An unknown git error occurred\nnpm error command git --no-replace-objects ls-remote ssh://git@x/y.git',
    'outside-registry',
    'the git repository ssh://x/y.git,',
  ],
  ['npm error code EWEIRD\nnpm error It is odd.', 'other', 'It is odd.'],
  ['', 'other', 'no reason'],
])('%j is %s', (output, kind, word) => {
  const failure = readResolver(output);
  expect(failure.kind).toBe(kind);
  expect(failure.sentence).toContain(word);
});
