import { expect, test } from 'vitest';

import { readNpmLockfile } from '../ecosystems/npm/lockfile.ts';
import { mendsBy, scriptsBrought } from './wanting-scripts.ts';

const treeOf = (packages: Record<string, { version: string; hasInstallScript?: boolean }>) => {
  const reading = readNpmLockfile(JSON.stringify({ lockfileVersion: 3, packages }));
  if (reading.kind !== 'tree') throw new Error(reading.reason);
  return reading.tree;
};

test('an upgrade brings the install scripts of versions that were not there before, wherever in the tree they lie', () => {
  const before = treeOf({
    'node_modules/old': { version: '1.0.0', hasInstallScript: true },
    'node_modules/raised': { version: '1.0.0', hasInstallScript: true },
    'node_modules/quiet': { version: '1.0.0' },
  });
  const after = treeOf({
    'node_modules/x/node_modules/old': { version: '1.0.0', hasInstallScript: true },
    'node_modules/raised': { version: '2.0.0', hasInstallScript: true },
    'node_modules/x/node_modules/deep': { version: '1.0.0', hasInstallScript: true },
    'node_modules/quiet': { version: '2.0.0' },
  });
  expect(scriptsBrought([before], after)).toEqual(['deep', 'raised']);
  const kept = treeOf({ 'node_modules/deep': { version: '1.0.0', hasInstallScript: true } });
  expect(scriptsBrought([before, kept], after)).toEqual(['raised']);
});

test('only upgrades that want one of the allowed scripts are tried again', () => {
  const wanting = (name: string, ...scripts: string[]) => ({ name, to: '2.0.0', trial: 't', scripts });
  expect(mendsBy([wanting('a', 'x', 'y'), wanting('b', 'y')], ['x'])).toMatchObject([
    { name: 'a', sentence: 'The install scripts of x run, as a person allowed.', files: [], answer: null },
  ]);
  expect(mendsBy([wanting('a', 'x')], [])).toEqual([]);
});
