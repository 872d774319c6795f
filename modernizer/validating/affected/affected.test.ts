import { describe, expect, test } from 'vitest';

import { affectedTests } from './affected-tests.ts';
import { narrowable } from './narrow-command.ts';
import { reaching } from './reach.ts';

const sources = (texts: Readonly<Record<string, string>>): ReadonlyMap<string, string> =>
  new Map(Object.entries(texts));

describe('the files that reach a package', () => {
  const project = sources({
    'index.js': "module.exports = require('./lib/one'); require('left');",
    'lib/one.js': "const x = require('@scope/right/deep');",
    'lib/two.ts': 'import type { A } from \'./three.js\';\nexport * from "up";',
    'lib/three.ts': "await import('deep');",
    'lib/circle.js': "require('./circle'); require('..');",
    'test/a.js': "require('../lib/one')",
    'test/b.ts': "import '../lib/two.js'",
    'test/c.js': "require('..')",
    'test/d.js': "require('../lib/circle')",
    'test/e.js': "require('left-pad'); // require('nothing",
  });
  const tests = ['test/a.js', 'test/b.ts', 'test/c.js', 'test/d.js', 'test/e.js'];

  test.each([
    ['left', ['test/c.js', 'test/d.js']],
    ['@scope/right', ['test/a.js', 'test/c.js', 'test/d.js']],
    ['up', ['test/b.ts']],
    ['deep', ['test/b.ts']],
    ['nobody', []],
  ])('%s is reached over the project’s own files, in a circle too', (name, expected) => {
    expect(reaching(project, tests, [name])).toEqual(expected);
  });
});

describe('a test command', () => {
  const files = ['test/a.js', 'test/b.js', 'test/deep/c.js', 'src/x.test.ts', 'src/y.test.ts', 'index.js', 'test.js'];
  const narrowed = (script: string, isConfigured = false) =>
    narrowable({ script, files, isConfigured: () => isConfigured });

  test.each([
    ['mocha', ['test/a.js', 'test/b.js'], 'mocha test/b.js'],
    [
      'mocha -r test/setup.js --reporter spec test/*.js',
      ['test/a.js', 'test/b.js'],
      'mocha -r test/setup.js --reporter spec test/b.js',
    ],
    [
      "./node_modules/.bin/mocha 'test/**/*.js'",
      ['test/a.js', 'test/b.js', 'test/deep/c.js'],
      './node_modules/.bin/mocha test/b.js',
    ],
    [
      'cross-env NODE_ENV=test nyc mocha test/',
      ['test/a.js', 'test/b.js'],
      'cross-env NODE_ENV=test nyc mocha test/b.js',
    ],
    ['jest --ci', ['src/x.test.ts', 'src/y.test.ts'], 'jest --ci --runTestsByPath test/b.js'],
    ['vitest run', ['src/x.test.ts', 'src/y.test.ts'], 'vitest run test/b.js'],
    ['tape test/*.js', ['test/a.js', 'test/b.js'], 'tape test/b.js'],
  ])('%s runs some of its files alone', (script, tests, command) => {
    const found = narrowed(script);
    expect(found?.tests).toEqual(tests);
    expect(found?.commandFor(['test/b.js'])).toBe(command);
  });

  test.each([
    'mocha && standard',
    'mocha | tap-spec',
    'mocha $(ls test)',
    'lerna run test',
    'node test.js',
    'jest src/x',
    'tape',
    'mocha other/*.js',
    'sudo mocha',
  ])('%s is left as it is', (script) => expect(narrowed(script)).toBeNull());

  test('a runner that is told its files elsewhere is left as it is, and odd names are quoted', () => {
    expect(narrowed('mocha', true)).toBeNull();
    expect(narrowed('mocha')?.commandFor(["test/it's; rm.js"])).toBe(String.raw`mocha 'test/it'\''s; rm.js'`);
  });
});

describe('the tests that come first', () => {
  const project = sources({
    'package.json': '{}',
    'index.js': "require('left')",
    'test/a.js': "require('..')",
    'test/b.js': '',
    'test/c.js': '',
    'test/d.js': "require('wide')",
    'test/e.js': "require('wide')",
    'test/f.js': "require('wide')",
  });
  const asked = {
    sources: project,
    others: ['package.json', 'readme.md'],
    manifest: { scripts: { test: 'mocha' }, text: '{}' },
    command: 'npm test',
    packages: ['left'],
  };

  test('are those that use what is upgraded', () => {
    expect(affectedTests(asked)).toEqual({ command: 'mocha test/a.js', files: 1, of: 6 });
    expect(affectedTests({ ...asked, command: 'mocha test/*.js' })).toMatchObject({ files: 1 });
  });

  test.each([
    ['nothing uses it', { packages: ['mocha'] }],
    ['most use it', { packages: ['left', 'wide'] }],
    ['something runs before', { manifest: { scripts: { test: 'mocha', pretest: 'tsc' }, text: '{}' } }],
    ['the manifest configures the runner', { manifest: { scripts: { test: 'mocha' }, text: '{"mocha":{}}' } }],
    ['a file configures it', { others: ['.mocharc.yml'] }],
    ['there is no script', { manifest: { scripts: {}, text: '{}' } }],
  ])('are none where %s', (_why, more) => {
    expect(affectedTests({ ...asked, ...more } as typeof asked)).toBeNull();
  });
});
