import { expect, test } from 'vitest';

import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import { NPM } from '../ecosystems/npm/npm.ts';
import { labelOf, NO_ENTRY, stepsOf, type Step } from './steps.ts';

const manifestOf = (json: object): Manifest => {
  const reading = readManifest(JSON.stringify(json));
  if (reading.kind !== 'manifest') throw new Error(reading.reason);
  return reading.manifest;
};
const none = { tests: null, start: null };
const load: Step = { name: 'load', level: 2, command: 'load the main entry' };
const build: Step = { name: 'build', level: 2, command: 'npm run build' };

test('a project that is a command only is judged by its command', () => {
  const commands = (json: object): readonly string[] =>
    stepsOf([{ place: '', manifest: manifestOf(json) }], none, NPM).map(({ command }) => command);
  expect(commands({ bin: { odd: './cli.js' } })).toEqual(['load the command with --help']);
  expect(commands({ bin: './cli.js', main: 'index.js' })).toEqual(['load the main entry']);
  expect(commands({ scripts: { test: 'echo "Error: no test specified" && exit 1' } })).toEqual(['load the main entry']);
});

test('without tests the label says only what was really done', () => {
  expect(labelOf([load], [])).toContain('kept when it loads.');
  expect(labelOf([build], [])).toContain('kept when it builds.');
  expect(labelOf([build, load], [])).toContain('kept when it builds and loads.');
  expect(labelOf([], [{ step: load, reason: NO_ENTRY }])).toBe(
    'It has no tests that can be judged by; an upgrade is kept when it installs. There is no main entry to load.',
  );
});
