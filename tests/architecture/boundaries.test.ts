import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { isTest, resolved, ROOT, sourceFiles, type SourceFile } from './source.ts';

/** Who may import whom, through doors. Packages that are not in here are not planned. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  // It installs without any model or server.
  atomic: ['kernel/basics', 'kernel/terminal'],
  chat: ['kernel'],
  modernizer: ['kernel'],
  // Of chat it takes what runs in a browser.
  console: [
    'kernel/basics',
    'kernel/protocol',
    'atomic/protocol',
    'chat/protocol',
    'chat/requests',
    'chat/events',
    'chat/modules',
    'chat/thread',
    'modernizer/protocol',
    'tandem/protocol',
  ],
  workbench: ['kernel', 'atomic', 'chat', 'modernizer'],
};

/** Inside the kernel each tier may use the ones before it, and none beside it. */
const KERNEL_TIERS: readonly (readonly string[])[] = [
  ['basics'],
  ['protocol', 'terminal', 'telemetry'],
  ['store'],
  ['journal', 'spending', 'guard', 'sandbox'],
  ['work', 'http'],
  ['models'],
];

/** Folders of a product that run in a browser: they import only these. */
const BROWSER_SAFE: Readonly<Record<string, readonly string[]>> = {
  'atomic/protocol/': ['zod/mini', 'kernel/basics'],
  'chat/protocol/': ['zod/mini', 'kernel/basics', 'kernel/protocol'],
  'chat/events/': ['zod/mini', 'nanoevents', 'kernel/basics'],
  'chat/requests/': ['zod/mini', 'kernel/basics', 'kernel/protocol'],
  'chat/modules/': ['kernel/basics'],
  'chat/thread/': ['zod/mini', 'marked', 'zustand/vanilla', 'kernel/basics', 'kernel/protocol'],
  'chat/element/': ['zod/mini', 'kernel/basics'],
  'modernizer/protocol/': ['zod/mini', 'kernel/basics', 'kernel/protocol'],
  'workbench/protocol/': ['zod/mini', 'kernel/basics', 'kernel/protocol'],
  'kernel/protocol/': ['zod/mini', 'eventsource-parser', 'eventsource-parser/stream'],
  'kernel/basics/': [],
};

const OURS = ['kernel', 'atomic', 'chat', 'modernizer', 'console', 'tandem'];
const PLACES = [...Object.keys(MAY_IMPORT), 'tests', 'scripts', 'examples'];
const files = sourceFiles();
const production = files.filter(({ path }) => !isTest(path));

const packageOf = (path: string): string => path.split('/')[0] ?? '';
const ours = (specifier: string): boolean => OURS.includes(specifier.split('/')[0] ?? '');

test('there are files to check', () => expect(production.length).toBeGreaterThan(50));

test('every package is a planned one', () => {
  const workspaces = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] })
    .workspaces;
  expect([...workspaces].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
  const unplanned = files.filter(({ path }) => path.includes('/') && !PLACES.includes(packageOf(path)));
  expect(unplanned.map(({ path }) => path)).toEqual([]);
});

test('a package imports only the packages it may', () => {
  const wrong = production.flatMap(({ path, imports }) => {
    const allowed = MAY_IMPORT[packageOf(path)];
    if (allowed === undefined) return [];
    return imports
      .filter(ours)
      .filter((specifier) => !allowed.some((door) => specifier === door || specifier.startsWith(`${door}/`)))
      .map((specifier) => `${path} imports ${specifier}; ${packageOf(path)} may import only: ${allowed.join(', ')}`);
  });
  expect(wrong).toEqual([]);
});

test('no file reaches into another package past its doors', () => {
  const wrong = production.flatMap(({ path, imports }) =>
    imports
      .filter((specifier) => specifier.startsWith('.') && packageOf(resolved(path, specifier)) !== packageOf(path))
      .map((specifier) => `${path} imports ${specifier}`),
  );
  expect(wrong).toEqual([]);
});

test('the kernel’s folders use only the tiers before them, through their doors', () => {
  const tierOf = (folder: string): number => KERNEL_TIERS.findIndex((tier) => tier.includes(folder));
  const wrong = production
    .filter(({ path }) => path.startsWith('kernel/'))
    .flatMap(({ path, imports }) => {
      const folder = path.split('/')[1] ?? '';
      expect(tierOf(folder), `${path} lies in a planned folder`).toBeGreaterThanOrEqual(0);
      return imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => resolved(path, specifier))
        .filter((target) => target.split('/')[1] !== folder)
        .filter((target) => tierOf(target.split('/')[1] ?? '') >= tierOf(folder) || !target.endsWith('/index.ts'))
        .map((target) => `${path} imports ${target}`);
    });
  expect(wrong).toEqual([]);
});

test('what runs in a browser imports nothing of the server', () => {
  const wrong = Object.entries(BROWSER_SAFE).flatMap(([folder, allowed]) =>
    production
      .filter(({ path }) => path.startsWith(folder))
      .flatMap(({ path, imports }) =>
        imports
          .filter((specifier) => !allowed.includes(specifier) && !staysIn(folder, path, specifier))
          .map((specifier) => `${path} imports ${specifier}`),
      ),
  );
  expect(wrong).toEqual([]);
});

/** A folder may use itself, and the doors of other such folders of its package. */
const staysIn = (folder: string, path: string, specifier: string): boolean =>
  specifier.startsWith('.') &&
  (resolved(path, specifier).startsWith(folder) ||
    Object.keys(BROWSER_SAFE).some((other) => resolved(path, specifier) === `${other}index.ts`));

test('no imports go in a circle', () => {
  const graph = new Map(files.map((file) => [file.path, neighbours(file)]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (done.has(path) || way.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(circles).toEqual([]);
});

const neighbours = ({ path, valueImports }: SourceFile): readonly string[] =>
  valueImports.filter((specifier) => specifier.startsWith('.')).map((specifier) => resolved(path, specifier));
