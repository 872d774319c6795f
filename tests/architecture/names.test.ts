import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { expect, test } from 'vitest';

import { ROOT, sourceFiles } from './source.ts';

/** If a thing can only be called one of these, it has no idea yet. */
const BANNED = new Set(
  'manager service helper util utils common base abstract impl factory processor info data misc improved new old v2'.split(
    ' ',
  ),
);
/** Words that a wire format or a library prescribes, and shapes named after HTTP's own words. */
const EXEMPT = new Set(['EventData', 'newId', 'NewRun', 'NewModernization']);
/** “New run” is what the screen is called and does; it is not a newer kind of run. */
const NEW_RUN = /^(?:NewRun|new-run-)/;
const BANNED_FOLDERS = new Set([
  'src',
  'lib',
  'utils',
  'helpers',
  'common',
  'shared',
  'core',
  'types',
  'services',
  'managers',
]);

const files = sourceFiles();
const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_.-]+/)
    .map((word) => word.toLowerCase());

test('no exported name and no file name contains a banned word', () => {
  const exported = files.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:async )?(?:const|let|function\*?|class|interface|type) (\w+)/gm)].map((match) => ({
      path,
      name: match[1] ?? '',
    })),
  );
  const wrong = exported
    .filter(({ name }) => !EXEMPT.has(name) && !NEW_RUN.test(name) && wordsOf(name).some((word) => BANNED.has(word)))
    .map(({ path, name }) => `${path} exports ${name}`);
  const named = files.filter(
    ({ path }) =>
      !NEW_RUN.test(basename(path)) && wordsOf(basename(path).replace(/\.tsx?$/, '')).some((word) => BANNED.has(word)),
  );
  expect([...wrong, ...named.map(({ path }) => path)]).toEqual([]);
});

test('no folder has a name that says nothing', () => {
  const folders = new Set(files.flatMap(({ path }) => path.split('/').slice(0, -1)));
  expect([...folders].filter((folder) => BANNED_FOLDERS.has(folder))).toEqual([]);
});

test('files are named in kebab-case', () => {
  const wrong = files.filter(({ path }) => !/^[a-z0-9]+(?:[-.][a-z0-9]+)*\.tsx?$/.test(basename(path)));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test('every row of “Where is…?” leads to a file that has the symbol', () => {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const rows = [
    ...text.slice(text.indexOf('## Where is…?')).matchAll(/^\| .+ \| \[`([^`]+)`\]\(([^)]+)\) +\| `([^`]+)` +\|$/gm),
  ];
  expect(rows.length).toBeGreaterThan(10);
  for (const [row, shown = '', path = '', symbol = ''] of rows) {
    expect(shown, row).toBe(path);
    expect(existsSync(join(ROOT, path)), `${path} exists`).toBe(true);
    expect(readFileSync(join(ROOT, path), 'utf8'), `${path} has ${symbol}`).toMatch(new RegExp(`\\b${symbol}\\b`));
  }
});

test('every local link in the documents leads somewhere', () => {
  const documents = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    'docs/glossary.md',
    'docs/promises.md',
  ];
  const wrong = documents.flatMap((document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    return [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map((match) => match[1] ?? '')
      .filter((target) => !existsSync(join(ROOT, document, '..', target)))
      .map((target) => `${document} links to ${target}`);
  });
  expect(wrong).toEqual([]);
});
