import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Diagnosis } from '../protocol/index.ts';
import { callSites } from './call-sites.ts';
import type { CrossedChange } from './crossing.ts';
import type { Diagnosis as Looked } from './look-into.ts';
import { toldDiagnosis } from './told-diagnosis.ts';

let folder: string;
let project: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'call-sites-'));
  project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(folder, 'outside.js'), 'const secret = 1;\n');
  writeFileSync(join(project, 'a.js'), "const glob = require('glob');\n  glob.sync('*');\n");
  symlinkSync(folder, join(project, 'out'));
  symlinkSync(join(folder, 'outside.js'), join(project, 'link.js'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const change: CrossedChange = {
  symbol: 'glob.sync',
  path: 'sync',
  change: 'renamed',
  before: '(pattern: string) => string[]',
  after: '(pattern: string) => string[]',
  renamedTo: 'globSync',
  places: ['a.js:2:3'],
};
const looked = (parts: Partial<Looked> = {}): Looked => ({
  cause: { kind: 'named', ...change, proof: 'log', printed: 'glob.sync is not a function' },
  difference: { source: 'types', changed: 40, used: [change], names: [] },
  manifest: [{ kind: 'node-raised', before: null, after: '>=20' }],
  changelog: { kind: 'told', file: 'CHANGELOG.md', text: '10.0.0: sync is called globSync' },
  uses: 1,
  rewrite: null,
  ...parts,
});
const told = (diagnosis: Looked, where: readonly string[] = []) =>
  toldDiagnosis({ found: { kind: 'diagnosed', diagnosis }, where, project });

test('a place is shown with the line that stands there', async () => {
  const { cause, difference } = await told(looked());
  const site = { file: 'a.js', line: 2, column: 3, text: "glob.sync('*');" };
  expect(cause).toMatchObject({ kind: 'named', symbol: 'glob.sync', renamedTo: 'globSync', sites: [site] });
  expect(difference).toMatchObject({
    changed: 40,
    usedInAll: 1,
    used: [{ symbol: 'glob.sync', uses: 1, sites: [site] }],
  });
});

test('a place that leads out of the project, by its path or by a link, is shown without its line', async () => {
  const places = ['../outside.js:1', 'out/outside.js:1', 'link.js:1', '/etc/passwd:1', 'a.js:99', 'gone.js:1:2'];
  const sites = await callSites(project, places);
  expect([...sites.values()].map(({ text }) => text)).toEqual(places.map(() => null));
  expect(await callSites(project, ['no place at all', ''])).toEqual(new Map());
});

test('what breaks its uses comes first, and a long list says how long it was', async () => {
  const fine = { ...change, change: 'signature' as const, symbol: 'glob.hasMagic' };
  const many = [...Array.from({ length: 40 }, () => fine), change];
  const { difference } = await told(looked({ difference: { source: 'types', changed: 90, used: many, names: [] } }));
  expect(difference?.usedInAll).toBe(41);
  expect(difference?.used).toHaveLength(30);
  expect(difference?.used[0]?.symbol).toBe('glob.sync');
});

test('what is not known is said, and the places of the log stay', async () => {
  const unknown = await told(
    looked({
      cause: { kind: 'not-known', looked: ['The log names no error and no place.'] },
      difference: null,
      changelog: { kind: 'none', reason: 'its archive holds no changelog' },
      uses: 0,
    }),
    ['a.js:1'],
  );
  expect(unknown.unknown).toEqual([
    'Which use of it breaks is not known.',
    'The log names no error and no place.',
    'No place of the project was found that uses it.',
    'What its makers say of it is not known: its archive holds no changelog.',
  ]);
  expect(unknown.logged).toMatchObject([{ file: 'a.js', line: 1, text: "const glob = require('glob');" }]);
  const never = await toldDiagnosis({ found: { kind: 'not-known', reason: 'it took too long' }, where: [], project });
  expect(never.unknown).toEqual(['Its cause was not looked into: it took too long.']);
});

test('a place of the log that the cause names is told once, and all of it is what the protocol takes', async () => {
  const diagnosis = await told(looked(), ['a.js:2', 'a.js:1']);
  expect(diagnosis.logged).toMatchObject([{ line: 1 }]);
  expect(Diagnosis.safeParse(JSON.parse(JSON.stringify(diagnosis))).success).toBe(true);
});
