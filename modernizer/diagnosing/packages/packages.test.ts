import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { create } from 'tar';
import { expect, test } from 'vitest';

import { changelogBetween } from './changelog.ts';
import { typesVersionFor } from './fetch-package.ts';
import { isEsModuleOnly, manifestChanges } from './manifest-changes.ts';
import { readPackage } from './package-files.ts';

const archiveOf = (files: Readonly<Record<string, string>>): Uint8Array => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-archive-'));
  try {
    mkdirSync(join(folder, 'package'));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, 'package', path), text);
    create({ file: join(folder, 'a.tgz'), cwd: folder, gzip: true, sync: true }, ['package']);
    return readFileSync(join(folder, 'a.tgz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('an archive is read in memory: manifest, declarations, sources and changelog, nothing else', async () => {
  const manifest = '{"name":"a","version":"1.0.0"}';
  const files = { 'package.json': manifest, 'index.d.ts': 'x', 'CHANGELOG.md': 'y', 'image.png': 'z', 'index.js': 'w' };
  const reading = await readPackage(archiveOf(files));
  if (reading.kind !== 'package') throw new Error(reading.reason);
  expect([...reading.package.files.keys()].toSorted()).toEqual([
    'CHANGELOG.md',
    'index.d.ts',
    'index.js',
    'package.json',
  ]);
  expect(reading.package).toMatchObject({ name: 'a', version: '1.0.0', partial: false });
});

test('what is no archive, and an archive without a manifest, is unreadable with its reason', async () => {
  expect(await readPackage(Buffer.from('no archive'))).toMatchObject({ kind: 'unreadable' });
  expect(await readPackage(archiveOf({ 'index.js': '' }))).toMatchObject({ kind: 'unreadable' });
});

test('a file beyond the bound of one text is left out, and that is told', async () => {
  const reading = await readPackage(
    archiveOf({ 'package.json': '{"name":"a","version":"1.0.0"}', 'big.js': 'x'.repeat(2 * 1024 * 1024 + 1) }),
  );
  expect(reading).toMatchObject({ kind: 'package', package: { partial: true } });
});

test.each([
  [{ type: 'module' }, true],
  [{ type: 'module', main: 'a.cjs' }, false],
  [{ type: 'module', exports: './a.js' }, true],
  [{ exports: { import: './a.mjs', require: './a.cjs' } }, false],
  [
    { type: 'module', exports: { '.': { import: './a.js', require: { types: './a.d.cts', default: './a.cjs' } } } },
    false,
  ],
  [{ main: 'a.js' }, false],
  [{}, false],
])('%j is an ES module only: %s', (manifest, only) => {
  expect(isEsModuleOnly(manifest)).toBe(only);
});

test('a manifest tells what can no longer be imported, called or run', () => {
  const before = { name: 'a', bin: { a: 'x', _a: 'y' }, engines: { node: '>=6' } };
  const after = { name: 'a', bin: 'x', engines: { node: '>=20' }, exports: { '.': './i.js', './f/*': './f/*.js' } };
  const about = { specifiers: ['a', 'a/v4', 'a/f/g'], afterFiles: new Set<string>() };
  expect(manifestChanges(before, after, about)).toEqual([
    { kind: 'deep-import-blocked', specifier: 'a/v4' },
    { kind: 'node-raised', before: '>=6', after: '>=20' },
    { kind: 'command-gone', command: '_a' },
  ]);
});

test('a changelog tells of breaks between two versions, and of no others', () => {
  const text =
    '# 3.0.0\n- Drops Node 8\n## [2.0.0] - 2020-01-01\n* Removed `sync`\n* faster\n## 1.0.0\n- Removed all\n';
  const told = changelogBetween(new Map([['CHANGELOG.md', text]]), '1.0.0', '2.0.0');
  expect(told).toEqual({ kind: 'told', file: 'CHANGELOG.md', text: '2.0.0: Removed `sync`' });
  expect(changelogBetween(new Map(), '1.0.0', '2.0.0')).toMatchObject({ kind: 'none' });
});

test('declarations of others are those of the same major, not newer than the version', () => {
  expect(typesVersionFor(['4.2.0', '4.3.5', '4.4.1', '5.0.0'], '4.3.9')).toBe('4.3.5');
  expect(typesVersionFor(['4.5.0'], '4.3.9')).toBe('4.5.0');
  expect(typesVersionFor(['3.0.0'], '4.3.9')).toBeNull();
});
