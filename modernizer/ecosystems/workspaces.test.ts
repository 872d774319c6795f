import { expect, test } from 'vitest';

import { readManifest } from './npm/manifest.ts';
import { CATALOG_FILE } from './pnpm/catalogs.ts';
import { circleAmong, manifestPath, withNodeEngines, withUpgrades, type WorkspaceManifest } from './workspaces.ts';

const workspace = (name: string, dependencies: readonly string[]): WorkspaceManifest => {
  const json = { name, dependencies: Object.fromEntries(dependencies.map((each) => [each, '1.0.0'])) };
  const reading = readManifest(JSON.stringify(json));
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return { place: `packages/${name}`, manifest: reading.manifest };
};

test('workspaces that need each other in a circle are named in order, the first again at the end', () => {
  expect(circleAmong([workspace('a', ['b']), workspace('b', ['c', 'x']), workspace('c', [])])).toBeNull();
  const circle = [workspace('z', ['a']), workspace('a', ['b']), workspace('b', ['c']), workspace('c', ['a'])];
  expect(circleAmong(circle)).toEqual(['a', 'b', 'c', 'a']);
  expect(circleAmong([workspace('a', ['a'])])).toEqual(['a', 'a']);
});

test('an upgrade changes the range of each workspace that declares it, each in its own style, and nothing else', () => {
  const files = [
    { place: '', text: '{"devDependencies":{"left":"^1.0.0"}}' },
    { place: 'a', text: '{"dependencies":{"left":"~1.2.0","right":"1.0.0"}}' },
    { place: 'b', text: '{"dependencies":{"right":"1.0.0"}}' },
  ];
  const places = [
    { place: '', kind: 'devDependencies', fromRange: '^1.0.0' },
    { place: 'a', kind: 'dependencies', fromRange: '~1.2.0' },
  ] as const;
  const upgrade = { name: 'left', kind: 'dependencies', fromRange: '^1.0.0', toRange: '^3.1.0', to: '3.1.0' } as const;
  expect(withUpgrades(files, [{ ...upgrade, places: [...places] }]).map(({ text }) => text)).toEqual([
    '{"devDependencies":{"left":"^3.1.0"}}',
    '{"dependencies":{"left":"~3.1.0","right":"1.0.0"}}',
    files[2]?.text,
  ]);
});

test('what stands in the catalog of pnpm is changed there, in its own file', () => {
  const files = [
    { place: '', text: '{"dependencies":{"left":"catalog:"}}' },
    { place: CATALOG_FILE, text: 'catalog:\n  left: ~1.0.0\n' },
  ];
  const places = [{ place: CATALOG_FILE, kind: 'dependencies', fromRange: '~1.0.0' }] as const;
  const upgrade = { name: 'left', kind: 'dependencies', fromRange: '~1.0.0', toRange: '~3.1.0', to: '3.1.0' } as const;
  expect(withUpgrades(files, [{ ...upgrade, places: [...places] }]).map(({ text }) => text)).toEqual([
    files[0]?.text,
    'catalog:\n  left: ~3.1.0\n',
  ]);
  expect(manifestPath(CATALOG_FILE)).toBe('pnpm-workspace.yaml');
});

test('a raised Node release is written where one is declared, and into the top where none is', () => {
  const top = { place: '', text: '{}' };
  const own = { place: 'a', text: '{"engines":{"node":">=10"}}' };
  expect(withNodeEngines([top, own], '>=22')).toEqual([top, { place: 'a', text: '{"engines":{"node":">=22"}}' }]);
  expect(withNodeEngines([top], '>=22')[0]?.text).toContain('>=22');
});
