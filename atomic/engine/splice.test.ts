import { expect, test } from 'vitest';

import { DEFAULT_POLICY, type TextFacts } from '../patches/facts.ts';
import { openText, type EngineText } from './engine-text.ts';
import { NO_FACTS } from './random-facts.ts';
import { FiveLines, line } from './text-facts.ts';

const opened = (lines: FiveLines, ...patches: readonly TextFacts[]): EngineText => {
  const text = openText([lines.base, ...patches], lines.history, DEFAULT_POLICY);
  expect(text.isClean).toBe(true);
  return text;
};

test('edits of different lines are spliced into a clean text and out of it, whatever their order', () => {
  const lines = new FiveLines();
  const text = opened(lines);
  const patches = [3, 1, 5, 2, 4].map((n) => lines.replace(n, n, `${n}x\n`));
  expect(patches.map((facts) => text.apply(facts))).toEqual(Array.from(patches, () => 'spliced'));
  expect(lines.show(text.layout)).toBe('1x 2x 3x 4x 5x ');
  expect(patches.map((facts) => text.withdraw(facts))).toEqual(Array.from(patches, () => 'spliced'));
  expect(lines.show(text.layout)).toBe('1 2 3 4 5 ');
});

test('a patch that makes a conflict has the text laid out anew, and its withdrawal makes it clean again', () => {
  const lines = new FiveLines();
  const text = opened(lines, lines.insertAfter(1, 2, 'x\n'));
  const other = lines.insertAfter(2, 2, 'y\n');
  expect(text.apply(other)).toBe('rebuilt');
  expect(text.isClean).toBe(false);
  expect(text.withdraw(other)).toBe('rebuilt');
  expect(lines.show(text.layout)).toBe('1 2 x 3 4 5 ');
  expect(text.apply(lines.replace(3, 5, '5x\n'))).toBe('spliced');
});

test('a deletion that makes a text contested has it laid out anew', () => {
  const lines = new FiveLines();
  const text = opened(lines, lines.insertAfter(1, 2, 'x\n'));
  expect(text.apply(lines.remove(2, line(2)))).toBe('spliced');
  expect(text.apply(lines.remove(3, line(3)))).toBe('rebuilt');
  expect(lines.show(text.layout)).toBe('1 ~x 4 5 ');
});

test('a withdrawal that revives contested text has it laid out anew', () => {
  const lines = new FiveLines();
  const unwriting = lines.remove(2, { patch: 1, start: 0, end: 2 });
  const text = opened(lines, lines.insertAfter(1, 2, 'x\n'), unwriting, lines.remove(3, line(2, 3)));
  expect(text.withdraw(unwriting)).toBe('rebuilt');
  expect(lines.show(text.layout)).toBe('1 ~x 4 5 ');
});

test('two texts that only a third one kept in order are in conflict when that is withdrawn', () => {
  const lines = new FiveLines();
  const [x, y] = [lines.insertAfter(1, 2, 'x\n'), lines.insertAfter(2, 2, 'y\n')];
  const between = lines.write(3, 'between\n', { up: [{ patch: 1, offset: 1 }], down: [{ patch: 2, offset: 0 }] });
  const text = opened(lines, x, y, between);
  expect(lines.show(text.layout)).toBe('1 2 x between y 3 4 5 ');
  expect(text.withdraw(between)).toBe('rebuilt');
  expect(lines.show(text.layout)).toBe('1 2 <x |y >3 4 5 ');
});

test.each([
  { dead: 1, before: 3 },
  { dead: 1, after: 2 },
  { dead: 2, before: 3 },
  { dead: 2, after: 2 },
])('text beside a dead side of a conflict is in conflict with the other side: %j', ({ dead, before, after }) => {
  const lines = new FiveLines();
  const sides = [lines.insertAfter(1, 2, 'x\n'), lines.insertAfter(2, 2, 'x\n')];
  const text = opened(lines, ...sides, lines.remove(3, { patch: dead, start: 0, end: 2 }));
  const above = { patch: dead, offset: 1 };
  const below = { patch: dead, offset: 0 };
  const place =
    before === undefined
      ? { up: [{ patch: 0, offset: 2 * (after ?? 0) - 1 }], down: [below] }
      : { up: [above], down: [{ patch: 0, offset: 2 * before - 2 }] };
  expect(text.apply(lines.write(4, 'n\n', place))).toBe('rebuilt');
  expect(lines.show(text.layout)).toBe('1 2 <x |n >3 4 5 ');
});

test('a patch that is there is not put in twice, and one that is not there is not taken out', () => {
  const lines = new FiveLines();
  const patch = lines.replace(1, 2, 'x\n');
  const text = opened(lines, patch);
  expect([text.apply(patch), text.withdraw({ patch: 9 })]).toEqual(['spliced', 'spliced']);
  expect(lines.show(text.layout)).toBe('1 x 3 4 5 ');
});

test('a copy and what it was copied from change apart', () => {
  const lines = new FiveLines();
  const text = opened(lines);
  const copy = text.copy();
  copy.apply(lines.replace(1, 2, 'copy\n'));
  text.apply(lines.replace(2, 4, 'text\n'));
  const second = text.copy();
  second.withdraw({ patch: 2 });
  const third = text.copy();
  text.apply(lines.replace(3, 1, 'first\n'));
  expect([text, copy, second, third].map(({ layout }) => lines.show(layout))).toEqual([
    'first 2 3 text 5 ',
    '1 copy 3 4 5 ',
    '1 2 3 4 5 ',
    '1 2 3 text 5 ',
  ]);
});

test('two texts that share a graph may both be read before either changes', () => {
  const lines = new FiveLines();
  const text = openText([lines.base], lines.history, DEFAULT_POLICY);
  const copy = text.copy();
  expect([text.size, copy.runsAt(0, 10), text.runsAt(0, 10), copy.isClean]).toEqual([
    10,
    [line(1, 5)],
    [line(1, 5)],
    true,
  ]);
  copy.apply(lines.replace(1, 2, 'copy\n'));
  text.apply(lines.replace(2, 4, 'text\n'));
  expect(text.runsAt(0, 20)).toEqual([line(1, 3), { patch: 2, start: 0, end: 5 }, line(5)]);
  expect([text, copy].map(({ layout }) => lines.show(layout))).toEqual(['1 2 3 text 5 ', '1 copy 3 4 5 ']);
});

test('a text is asked what it would be with one more patch, and is as it was afterwards', () => {
  const lines = new FiveLines();
  const text = opened(lines);
  const [x, y] = [lines.insertAfter(1, 2, 'x\n'), lines.insertAfter(2, 2, 'y\n')];
  const shown = (one: EngineText): string => lines.show(one.layout);
  expect(text.during(x, shown)).toBe('1 2 x 3 4 5 ');
  expect(shown(text)).toBe('1 2 3 4 5 ');
  const kept = text.during(x, (one) => one.copy());
  expect([shown(kept), shown(text)]).toEqual(['1 2 x 3 4 5 ', '1 2 3 4 5 ']);
  expect(text.apply(x)).toBe('spliced');
  const { layout } = text;
  expect(text.during(y, shown)).toBe('1 2 <x |y >3 4 5 ');
  expect(text.layout).toEqual(layout);
  text.apply(y);
  const conflict = text.layout;
  const asks = (): void => text.during(lines.replace(3, 5, '5x\n'), () => expect.fail('as it may'));
  expect(asks).toThrow('as it may');
  expect(text.layout).toBe(conflict);
  expect(text.during(y, shown)).toBe(shown(text));
});

test('runs are found by their offsets in the text', () => {
  const lines = new FiveLines();
  const text = opened(lines, lines.replace(1, 2, 'xyz\n'), lines.remove(2, line(4)));
  expect([...text.runs()]).toEqual([0, 0, 2, 1, 0, 4, 0, 4, 6, 0, 8, 10]);
  expect(text.size).toBe(10);
  expect(text.runsAt(1, 7)).toEqual([
    { patch: 0, start: 1, end: 2 },
    { patch: 1, start: 0, end: 4 },
    { patch: 0, start: 4, end: 5 },
  ]);
  expect([text.runsAt(4, 4), text.runsAt(10, 12)]).toEqual([[], []]);
  expect([text.positionAt(-1), text.positionAt(9), text.positionAt(10)]).toEqual([
    undefined,
    { patch: 0, offset: 9 },
    undefined,
  ]);
});

test('a text in conflict has no single line of runs', () => {
  const lines = new FiveLines();
  const text = openText(
    [lines.base, lines.insertAfter(1, 2, 'x\n'), lines.insertAfter(2, 2, 'y\n')],
    lines.history,
    DEFAULT_POLICY,
  );
  expect(() => text.runs()).toThrow(expect.objectContaining({ code: 'ATOMIC_TEXT_NOT_CLEAN' }));
});

test.each([
  [
    'up',
    {
      ...NO_FACTS,
      patch: 1,
      inserts: [{ start: 0, end: 1, up: [{ patch: 0, offset: 10 }], down: [], replaces: [], origins: [] }],
    },
  ],
  [
    'down',
    {
      ...NO_FACTS,
      patch: 1,
      inserts: [{ start: 0, end: 1, up: [], down: [{ patch: 7, offset: 0 }], replaces: [], origins: [] }],
    },
  ],
  [
    'own text',
    {
      ...NO_FACTS,
      patch: 1,
      inserts: [{ start: 0, end: 1, up: [{ patch: 1, offset: 1 }], down: [], replaces: [], origins: [] }],
    },
  ],
  ['a deletion', { ...NO_FACTS, patch: 1, deletes: [{ patch: 0, start: 8, end: 11 }] }],
  ['its own deletion', { ...NO_FACTS, patch: 1, deletes: [{ patch: 1, start: 0, end: 1 }] }],
  ['an undeletion', { ...NO_FACTS, patch: 1, undeletes: [{ range: { patch: 3, start: 0, end: 1 }, by: 0 }] }],
  ['an acknowledgement', { ...NO_FACTS, patch: 1, acknowledges: [{ range: { patch: 0, start: -1, end: 1 }, by: 0 }] }],
  ['an order', { ...NO_FACTS, patch: 1, orders: [{ from: { patch: 0, offset: 1 }, to: { patch: 0, offset: 99 } }] }],
] as const)('facts that lead nowhere are refused by name and change nothing: %s', (_, facts: TextFacts) => {
  const lines = new FiveLines();
  const text = opened(lines);
  const refusal = expect.objectContaining({ code: 'ATOMIC_FACTS_DANGLING' });
  expect(() => text.apply(facts)).toThrow(refusal);
  expect(lines.show(text.layout)).toBe('1 2 3 4 5 ');
  expect(text.apply(lines.replace(1, 2, 'x\n'))).toBe('spliced');
  expect(() => openText([lines.base, facts], lines.history, DEFAULT_POLICY)).toThrow(refusal);
});

test('insertions that overlap or are empty are refused', () => {
  const lines = new FiveLines();
  const insert = { up: [], down: [], replaces: [], origins: [] };
  const refusal = expect.objectContaining({ code: 'ATOMIC_FACTS_OVERLAP' });
  for (const inserts of [
    [
      { start: 0, end: 2, ...insert },
      { start: 1, end: 3, ...insert },
    ],
    [{ start: 4, end: 4, ...insert }],
  ]) {
    const facts = { ...NO_FACTS, patch: 1, inserts };
    expect(() => opened(lines).apply(facts)).toThrow(refusal);
    expect(() => openText([facts], lines.history, DEFAULT_POLICY)).toThrow(refusal);
  }
});

test('a patch that others build upon is not taken out', () => {
  const lines = new FiveLines();
  const upon = lines.write(2, 'y\n', { up: [{ patch: 1, offset: 1 }], down: [] });
  const text = openText([lines.base, lines.insertAfter(1, 5, 'x\n'), upon], lines.history, DEFAULT_POLICY);
  expect(() => text.withdraw({ patch: 1 })).toThrow(expect.objectContaining({ code: 'ATOMIC_FACTS_BUILT_UPON' }));
  expect(lines.show(text.layout)).toBe('1 2 3 4 5 x y ');
});

test('a patch of many lines put in and out again and again leaves nothing behind', () => {
  const lines = new FiveLines();
  const text = opened(lines);
  const swap = lines.replace(1, 3, 'x\n');
  for (let turn = 0; turn < 6000; turn += 1) {
    text.apply(swap);
    text.withdraw(swap);
  }
  expect(text.apply(swap)).toBe('spliced');
  expect(lines.show(text.layout)).toBe('1 2 x 4 5 ');
});

test('ten thousand texts in a row are laid out without recursion', () => {
  const lines = new FiveLines();
  const row = Array.from({ length: 10_000 }, (_, at) =>
    lines.write(at + 1, 'x', { up: [{ patch: at, offset: at === 0 ? 9 : 0 }], down: [] }),
  );
  expect(opened(lines, ...row).size).toBe(10_010);
});

test('what stands beside bytes is named by its patch, dead text too', () => {
  const lines = new FiveLines();
  const text = opened(lines, lines.replace(1, 2, 'x\n'), lines.insertAfter(2, 3, 'y\n'));
  expect(text.ownersBeside([line(3)])).toEqual([0, 2]);
  expect(text.ownersBeside([{ patch: 1, start: 0, end: 2 }])).toEqual([0]);
  expect(text.ownersBeside([{ patch: 1, start: 0, end: 1 }])).toEqual([0, 1]);
  expect(text.isLinked({ patch: 1, offset: 1 }, { patch: 0, offset: 2 })).toBe(true);
  expect(text.isLinked({ patch: 1, offset: 1 }, { patch: 0, offset: 4 })).toBe(false);
  expect(text.isLinked({ patch: 0, offset: 3 }, { patch: 0, offset: 4 })).toBe(true);
  expect(text.deadRuns()).toEqual([{ range: line(2), deletedBy: [1] }]);
});
