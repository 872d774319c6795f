import { expect, test } from 'vitest';

import { readManifest, withNodeEngine, withRanges } from './manifest.ts';

const TEXT = `{
\t"name": "a",
\t"dependencies": { "b": "^1.0.0",   "c": "~2.0.0" },
\t"devDependencies": {
\t\t"b": "^1.0.0"
\t}
}
`;

test('a change of a range touches nothing but that range', () => {
  const changed = withRanges(TEXT, [{ kind: 'dependencies', name: 'b', toRange: '^3.0.0' }]);
  expect(changed).toBe(TEXT.replace('"^1.0.0",   "c"', '"^3.0.0",   "c"'));
});

test('a raised Node release is added in the style of the file', () => {
  const changed = withNodeEngine(TEXT, '>=22');
  expect(changed).toContain('\t"engines": {\n\t\t"node": ">=22"\n\t}');
});

test.each([
  ['{ "name": "a", ', 'line 1'],
  ['{\n  "name": "a"\n  "version": "1.0.0"\n}', 'line 3'],
  ['[]', 'line 1'],
  ['', 'line 1'],
  ['{ // a comment\n}', 'line 1'],
])('the broken manifest %j is unreadable in %s', (text, line) => {
  const reading = readManifest(text);
  expect(reading.kind).toBe('unreadable');
  expect(reading.kind === 'unreadable' ? `line ${reading.line}` : '').toBe(line);
});

test('fields of the wrong shape count as absent, and a byte order mark is no mistake', () => {
  const reading = readManifest('\uFEFF{"name":1,"dependencies":[],"scripts":{"test":"x"},"engines":"old"}');
  expect(reading).toMatchObject({
    kind: 'manifest',
    manifest: { name: '', dependencies: {}, scripts: { test: 'x' }, engines: {} },
  });
});
