import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { FAULTS_DOCUMENT, faultsDocument, faultsIn, faultsInSources } from '../../scripts/list-faults.ts';

const entries = faultsInSources();

test('docs/faults.md lists the faults of the sources; node scripts/list-faults.ts writes it anew', () => {
  expect(entries.length).toBeGreaterThan(60);
  expect(readFileSync(FAULTS_DOCUMENT, 'utf8')).toBe(faultsDocument(entries));
});

test('every fault code is made in one place, so that it means one thing', () => {
  const codes = entries.map(({ code }) => code);
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test('every fault code is written in capitals with underscores', () => {
  expect(entries.map(({ code }) => code).filter((code) => !/^[A-Z][A-Z0-9]*(?:_(?:[A-Z0-9]+|…))*$/.test(code))).toEqual(
    [],
  );
});

/** Ends as a sentence does, or with a command or an address that one copies as it is. */
const SENTENCE = /[.?!…]$|: \S.*$/;

test('what happened, why, and what to do next are sentences, each way of saying them', () => {
  const wrong = entries.flatMap(({ code, what, why, next }) =>
    Object.entries({ what, why, next }).flatMap(([part, text]) =>
      text
        .split(' / ')
        .filter((way) => !SENTENCE.test(way) || !/^[\p{Lu}…"]|^git …/u.test(way))
        .map((way) => `${code} ${part}: ${JSON.stringify(way)}`),
    ),
  );
  expect(wrong).toEqual([]);
});

const only = (parts: string): unknown => faultsIn(`x; new Fault('A_B', { ${parts} }); y`, 'p')[0];

test.each([
  ["what: 'It\\'s, so: (it) {is} ? yes.'", { what: "It's, so: (it) {is} ? yes." }],
  ['what: `The ${name({ a: `}` })} fell.`', { what: 'The … fell.' }],
  ["what: a === 'b' ? 'One.' : `Two ${c ? 'x' : 'y'}.`", { what: 'One. / Two ….' }],
  ["what: problem?.title ?? 'Else.'", { what: '… / Else.' }],
  ["what: 'One, ' + `${b}.`", { what: 'One, ….' }],
  ["/* a, b: 'c' */ what: 'One.', // it's\n why, next: 'Two.',", { what: 'One.', why: '…', next: 'Two.' }],
  ["about: { kind: 'x', what: 'Inner.' }, what: 'Outer.', cause", { what: 'Outer.' }],
  ['why: String(cause instanceof Error ? cause.message : cause)', { what: '', why: '…' }],
])('the scanner reads %s', (parts, entry) => expect(only(parts)).toMatchObject(entry));

test('the scanner reads several faults in a file, and a code that may come from elsewhere', () => {
  const made = (code: string): string => `new Fault(${code}, { what: 'A.', why: 'B.', next: 'C.' })`;
  const source = `${made("'ONE'")}; ${made('problem?.code ?? `HTTP_${status}`')}; ${made('code')}`;
  expect(faultsIn(source, 'kernel/x').map(({ code, place }) => [code, place])).toEqual([
    ['ONE', 'kernel/x'],
    ['HTTP_…', 'kernel/x'],
  ]);
});
