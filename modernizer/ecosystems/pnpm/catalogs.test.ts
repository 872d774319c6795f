import { expect, test } from 'vitest';

import { readManifest, type Manifest } from '../npm/manifest.ts';
import { catalogManifest, withCatalogRanges } from './catalogs.ts';

const TEXT = `packages:
  - packages/*

# What all of them use.
catalog:
  left: ^1.2.0   # not newer, see the notes
  "@scope/right": '~2.0.0'
  unused: 1.0.0
  number: 3
catalogs:
  old:
    left: ^0.9.0
`;
const manifest = (json: object): Manifest => {
  const reading = readManifest(JSON.stringify(json));
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return reading.manifest;
};
const WORKSPACES = [
  manifest({ devDependencies: { left: 'catalog:', '@scope/right': 'catalog:default', number: 'catalog:' } }),
  manifest({
    dependencies: { left: 'catalog:', unused: '^1.0.0' },
    devDependencies: { named: 'catalog:old', unused: 'catalog:old' },
  }),
];

test('the catalog holds what workspaces take from it, of the kind that needs it most', () => {
  const { dependencies, devDependencies, text } = catalogManifest(TEXT, WORKSPACES) ?? manifest({});
  expect(dependencies).toEqual({ left: '^1.2.0' });
  expect(devDependencies).toEqual({ '@scope/right': '~2.0.0' });
  expect(text).toBe(TEXT);
});

test('a catalog that nobody takes from, and a file that is no YAML, are none', () => {
  expect(catalogManifest(TEXT, [manifest({ dependencies: { left: '^1.0.0' } })])).toBeUndefined();
  expect(catalogManifest('catalog: {', WORKSPACES)).toBeUndefined();
  expect(catalogManifest('catalog: none', WORKSPACES)).toBeUndefined();
});

test('a raised range changes the one value, in its quotes, and nothing else of the file', () => {
  const changes = [
    { name: 'left', toRange: '^3.0.0' },
    { name: '@scope/right', toRange: '~4.1.0' },
    { name: 'missing', toRange: '^1.0.0' },
  ];
  const raised = TEXT.replace('left: ^1.2.0', 'left: ^3.0.0').replace("'~2.0.0'", "'~4.1.0'");
  expect(withCatalogRanges(TEXT, changes)).toBe(raised);
});

test('the default catalog is known by its other spelling, and a range that YAML would misread is quoted', () => {
  const text = 'catalogs: { default: { left: 1.0.0 }, old: { left: 0.9.0 } }\n';
  expect(withCatalogRanges(text, [{ name: 'left', toRange: '>=2.0.0' }])).toBe(text.replace('1.0.0', "'>=2.0.0'"));
});
