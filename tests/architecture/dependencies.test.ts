import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { ROOT } from './source.ts';

interface Manifest {
  readonly workspaces?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
const root = manifestOf('.');
const ours = new Set(['kernel', 'atomic', 'chat', 'modernizer', 'tandem', 'console']);
const declared = ['.', ...(root.workspaces ?? [])].flatMap((folder) => {
  const { dependencies, devDependencies, optionalDependencies } = manifestOf(folder);
  return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
});

test('every dependency is pinned to one exact version', () => {
  expect(declared.filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))).toEqual([]);
});

test('every dependency has its line in decision 0002, and no line is left over', () => {
  const text = readFileSync(join(ROOT, 'docs/decisions/0002-dependencies.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|')[1] ?? '');
  const listed = new Set(rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')));
  const names = new Set(declared.map(([name]) => name).filter((name) => !ours.has(name)));
  const isListed = (name: string): boolean =>
    listed.has(name) || (name.startsWith('@types/') && listed.has('@types/*'));
  expect([...names].filter((name) => !isListed(name)).sort()).toEqual([]);
  expect([...listed].filter((name) => name !== '@types/*' && !names.has(name)).sort()).toEqual([]);
});

test('one library has one version in the whole project', () => {
  const versions = new Map<string, Set<string>>();
  for (const [name, version] of declared) versions.set(name, new Set([...(versions.get(name) ?? []), version]));
  expect([...versions].filter(([, each]) => each.size > 1).map(([name]) => name)).toEqual([]);
});
