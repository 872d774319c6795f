import { expect, test } from 'vitest';

import type { Movement, TreeEntry } from 'atomic/protocol';

import { buildsOnText } from './graph-list.tsx';
import { isFiltered, parseClass, patchesOf, shownText } from './history-state.ts';
import { actorLook } from './looks.ts';
import { pathOf } from './queries.ts';
import { changed, textsIn } from '../shell/address-texts.ts';
import { chosenText, conflictWords, doneText, movementWords, reasonsText, toggled } from './take-state.ts';
import { foldersOf, treeRows } from './tree-state.ts';
import { leftOutText, withoutModel } from './without-bar.tsx';
import { modelWord, moneyText, percentText, titleOf } from './words.ts';

test('an address keeps only what says something, also where it looks like a number', () => {
  const texts = textsIn({ channel: 'main', text: 2222, actor: '', other: 'x' }, ['channel', 'text', 'actor']);
  expect(texts).toEqual({ channel: 'main', text: '2222' });
  expect(changed(texts, { channel: '', actor: 'ai' })).toEqual({ text: '2222', actor: 'ai' });
  expect(pathOf('my shop', '/patches', { expr: 'a=b', before: undefined })).toBe(
    '/api/atomic/repositories/my%20shop/patches?expr=a%3Db',
  );
});

test('a channel alone is no filter', () => {
  expect([isFiltered({ channel: 'main' }), isFiltered({ channel: 'main', actor: 'ai' })]).toEqual([false, true]);
  expect([parseClass('ai'), parseClass('robot'), parseClass(undefined)]).toEqual(['ai', 'all', 'all']);
});

test('a patch that is on two pages is shown once', () => {
  const page = (...hashes: readonly string[]) => ({
    channel: 'main',
    root: '',
    next: null,
    patches: hashes.map((hash) => ({ hash })) as never[],
  });
  expect(patchesOf([page('a', 'b'), page('b', 'c')]).map(({ hash }) => hash)).toEqual(['a', 'b', 'c']);
  expect([shownText(1, false), shownText(50, true)]).toEqual([
    '1 patch shown.',
    '50 patches shown, and there are more.',
  ]);
});

test('each class has a word of its own', () => {
  const words = (['ai', 'mixed', 'human', 'untracked'] as const).map((actor) => actorLook(actor).word);
  expect(new Set(words).size).toBe(4);
});

test('numbers are said so that little is not nothing, and nearly all is not all', () => {
  expect([0, 0.001, 0.35, 0.999, 1].map(percentText)).toEqual(['0 %', 'under 1 %', '35 %', 'over 99 %', '100 %']);
  expect([0, 51_000, 2_500_000].map(moneyText)).toEqual(['$0.00', '$0.0510', '$2.50']);
  expect([modelWord('openai/gpt-5'), titleOf(' \n'), titleOf('One\ntwo')]).toEqual(['gpt-5', 'No message', 'One']);
});

const entry = (path: string, kind = 'text'): TreeEntry => ({ path, kind, isExecutable: false, conflicts: [] });
const ENTRIES = [
  entry('a.ts'),
  entry('lib', 'directory'),
  entry('lib/b.ts'),
  entry('lib/in', 'directory'),
  entry('lib/in/c.ts'),
];

test('the tree shows folders first, and what is in those that are unfolded', () => {
  const names = (open: readonly string[], wanted = ''): readonly string[] =>
    treeRows(ENTRIES, { open: new Set(open), wanted }).map(({ name, depth }) => `${' '.repeat(depth)}${name}`);
  expect(names([])).toEqual(['lib', 'a.ts']);
  expect(names(foldersOf('lib/in/c.ts'))).toEqual(['lib', ' in', '  c.ts', ' b.ts', 'a.ts']);
  expect(names([], ' .TS')).toEqual(['a.ts', 'lib/b.ts', 'lib/in/c.ts']);
});

const MOVEMENT: Movement = {
  direction: 'leave',
  channel: 'main',
  outcome: 'planned',
  asked: [],
  askedInAll: 1,
  also: [],
  alsoInAll: 2,
  hashes: ['a', 'b', 'c'],
  paths: [],
  pathsInAll: 0,
  isCurrent: true,
  conflictsBefore: 1,
  conflictsAfter: 0,
  root: '',
};

test('a movement says what comes along and why, in words that fit the number', () => {
  expect(movementWords(MOVEMENT)).toMatchObject({
    asked: 'Leaves: 1 patch',
    also: 'Also leaves: 2 patches that build on it',
    order: 'Leave 3 patches',
  });
  expect(movementWords({ ...MOVEMENT, direction: 'take', askedInAll: 2, alsoInAll: 1 })).toMatchObject({
    also: 'Also takes: 1 patch that they build on',
    order: 'Take 3 patches',
  });
  expect(reasonsText({ because: [{ hash: 'a', message: 'Add a cart', paths: ['cart.js'] }] })).toBe(
    '“Add a cart”, in cart.js',
  );
  expect([conflictWords(MOVEMENT), conflictWords({ ...MOVEMENT, conflictsBefore: 0 })]).toEqual([
    '0 conflicts then, 1 conflict now.',
    'Nothing is in conflict then.',
  ]);
  expect([doneText(MOVEMENT), chosenText(1, 'take')]).toEqual(['3 patches left out of main.', '1 patch to take']);
});

test('a switch that is pressed twice is as it was', () => {
  const once = toggled(new Set(['a']), 'b');
  expect([[...once], [...toggled(once, 'b')]]).toEqual([['a', 'b'], ['a']]);
});

test('what is left out is said with what would leave with it', () => {
  expect(leftOutText({ chosen: 1, dependents: 2 })).toBe(
    'You see the files as they would be without 1 patch, and without 2 patches that would leave with them.',
  );
  expect(leftOutText({ chosen: 0, dependents: 0 })).toMatch(/No patch is like that/);
  expect(withoutModel('a/b "c"')).toBe(String.raw`ai.model="a/b \"c\""`);
});

test('the graph says in words what the picture shows', () => {
  expect([buildsOnText([]), buildsOnText(['a', 'b', 'c', 'd'])]).toEqual([
    'Builds on none of these.',
    'Builds on: a, b, c and 1 more.',
  ]);
});
