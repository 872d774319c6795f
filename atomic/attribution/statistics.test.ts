import { readFileSync, writeFileSync } from 'node:fs';

import { instant } from 'kernel/basics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ACTOR_CLASSES, type Attribution } from './attribution.ts';
import { arbitraryAttribution } from './arbitrary-attribution.ts';
import { BUILT_IN_REGISTRY } from './registry.ts';
import { FLAGGED, GPT, HOOKED, HUMAN } from './sample-attributions.ts';
import { reportHtml } from './statistics-report.ts';
import {
  csvField,
  percentText,
  statisticsCsv,
  statisticsJson,
  statisticsSentence,
  statisticsTables,
} from './statistics-text.ts';
import { classShares, GROUPINGS, statisticsOf, type CreditRow } from './statistics.ts';

const AUTHOR = { name: 'Some One', email: 'one@example.org' };
const row = (
  patch: string,
  attribution: Attribution | null,
  bytes: number,
  more: Partial<CreditRow> = {},
): CreditRow => ({
  patch,
  attribution,
  author: AUTHOR,
  hunk: null,
  written: { bytes: bytes * 2, lines: bytes / 5 },
  alive: { bytes, lines: bytes / 10 },
  review: 'unreviewed',
  ...more,
});
const SHARED: Attribution = {
  ...FLAGGED,
  actor: 'mixed',
  suggestion: 'collaborative',
  hunks: [
    { atom: 0, span: null, actor: 'ai', model: GPT, toolUseId: null },
    { atom: 1, span: null, actor: 'human' },
  ],
};
const ROWS: readonly CreditRow[] = [
  row('p1', HOOKED, 500, { review: 'accept' }),
  row('p2', HUMAN, 300),
  row('p3', null, 100, { author: { name: '=cmd|calc', email: 'x@example.org' } }),
  row('p4', SHARED, 60, { hunk: 0, review: 'edit' }),
  row('p4', SHARED, 40, { hunk: 1, review: 'edit' }),
];
const statistics = statisticsOf(ROWS, BUILT_IN_REGISTRY);

test('bytes count for the class of their own part, patches for that of the whole', () => {
  const { classes, total } = statistics;
  expect([classes.ai.alive.bytes, classes.human.alive.bytes, classes.untracked.alive.bytes]).toEqual([560, 340, 100]);
  expect([classes.ai.patches, classes.human.patches, classes.untracked.patches]).toEqual([2, 1, 1]);
  expect(total).toMatchObject({ patches: 4, alive: { bytes: 1000, lines: 100 }, written: { bytes: 2000 }, kept: 5000 });
  expect(classShares(statistics)).toEqual({ ai: 5600, human: 3400, untracked: 1000 });
});

test('tokens and money of a patch count once, with its own model', () => {
  expect(statistics.total).toMatchObject({ tokens: 12_800, cost: 51_000 });
  expect(statistics.classes.ai).toMatchObject({ tokens: 12_800, cost: 51_000, reviews: { accept: 1, edit: 1 } });
  const parts = [
    row('p', { ...SHARED, tokens: { kind: 'total', total: 7 } }, 10, { hunk: 0 }),
    row('p', { ...SHARED, tokens: { kind: 'total', total: 7 } }, 10),
  ];
  const groups = statisticsOf(parts, BUILT_IN_REGISTRY).groups.models;
  expect(groups.map(({ name, tally }) => [name, tally.tokens])).toEqual([
    ['anthropic/claude-sonnet-4-5', 7],
    ['openai/gpt-5', 0],
  ]);
});

test('a patch of many parts of one model is paid for once', () => {
  const { total, groups } = statisticsOf([row('p', HOOKED, 10), row('p', HOOKED, 20)], BUILT_IN_REGISTRY);
  expect([total.patches, total.tokens, groups.models[0]?.tally.cost]).toEqual([1, 12_800, 51_000]);
});

test('groups are by what they are called, each with the most first', () => {
  const names = (grouping: (typeof GROUPINGS)[number]): readonly string[] =>
    statistics.groups[grouping].map(({ name }) => name);
  expect(names('providers')).toEqual(['anthropic', 'openai']);
  expect(names('models')).toEqual(['anthropic/claude-sonnet-4-5', 'openai/gpt-5']);
  expect(names('suggestionTypes')).toEqual(['complete', 'collaborative']);
  expect(names('actors')).toEqual(['human', 'ai', 'untracked']);
  expect(names('authors')).toEqual(['Some One <one@example.org>', '=cmd|calc <x@example.org>']);
});

test('one model under two names is one group', () => {
  const dated = {
    ...FLAGGED,
    source: { evidence: 'env', model: { ...GPT, provider: 'OpenAI', model: 'gpt-5-2025-08-07' }, agent: null },
  } as const;
  const gpt = { ...FLAGGED, source: { evidence: 'env', model: GPT, agent: null } } as const;
  const { groups } = statisticsOf([row('a', dated, 10), row('b', gpt, 10)], BUILT_IN_REGISTRY);
  expect(groups.models.map(({ name, tally }) => [name, tally.patches])).toEqual([['openai/gpt-5', 2]]);
});

test('the classes add up to the total, whatever the rows are', () => {
  const size = fc.record({ bytes: fc.nat(1000), lines: fc.nat(50) });
  const credit = fc.record({
    patch: fc.constantFrom('a', 'b', 'c'),
    attribution: fc.option(arbitraryAttribution, { nil: null }),
    author: fc.constant(AUTHOR),
    hunk: fc.option(fc.nat(3), { nil: null }),
    written: size,
    alive: size,
    review: fc.constantFrom('unreviewed', 'accept', 'edit', 'reject'),
  });
  fc.assert(
    fc.property(fc.uniqueArray(credit, { selector: ({ patch }) => patch }), (rows) => {
      const { classes, total, groups } = statisticsOf(rows, BUILT_IN_REGISTRY);
      const added = (of: (tally: typeof total) => number): number =>
        ACTOR_CLASSES.reduce((sum, each) => sum + of(classes[each]), 0);
      expect(added(({ alive }) => alive.bytes)).toBe(total.alive.bytes);
      expect(added(({ written }) => written.lines)).toBe(total.written.lines);
      expect(added(({ patches }) => patches)).toBe(total.patches);
      expect(added(({ tokens }) => tokens)).toBe(total.tokens);
      expect(groups.providers.reduce((sum, { tally }) => sum + tally.alive.bytes, 0)).toBe(classes.ai.alive.bytes);
      expect(groups.authors.reduce((sum, { tally }) => sum + tally.alive.bytes, 0)).toBe(total.alive.bytes);
      const shares = classShares(statisticsOf(rows, BUILT_IN_REGISTRY));
      expect(shares.ai + shares.human + shares.untracked).toBe(total.alive.bytes === 0 ? 0 : 10_000);
    }),
    { numRuns: 150 },
  );
});

test('the JSON has a version, classes apart, and shares from 0 to 1', () => {
  const json = statisticsJson(statistics);
  expect(json).toMatchObject({
    version: 1,
    total: { patches: 4, bytes: 1000, bytesWritten: 2000, acceptance: 0.5, costMicroUsd: 51_000 },
    ai: { shareOfBytes: 0.56, reviews: { accepted: 1, edited: 1, rejected: 0, unreviewed: 0 } },
    human: { shareOfBytes: 0.34 },
    untracked: { shareOfBytes: 0.1 },
  });
  expect(Object.keys(json)).toEqual(['version', 'total', 'ai', 'human', 'untracked', ...GROUPINGS]);
  expect(statisticsJson(statisticsOf([], BUILT_IN_REGISTRY))).toMatchObject({
    total: { acceptance: null },
    providers: [],
  });
});

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['\tx', "'\tx"],
  ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
])('%j is a harmless field of a CSV file', (text, field) => {
  expect(csvField(text)).toBe(field);
});

test('shares are never rounded to nothing or to all', () => {
  expect([0, 0.001, 0.37, 0.999, 1].map(percentText)).toEqual(['0 %', '< 1 %', '37 %', '> 99 %', '100 %']);
});

test('a terminal gets the classes and the groupings it asks for', () => {
  expect(statisticsSentence(statistics)).toBe(
    'AI 56 %, Known human 34 %, Untracked 10 % of 1000 B in 100 lines of 4 patches',
  );
  const tables = statisticsTables(statistics, ['providers']);
  expect(tables.map(({ title }) => title)).toEqual(['Who wrote it', 'Providers']);
  expect(tables[1]?.rows[0]).toEqual(['anthropic', '1', '50', '500 B', '50 %', '50 %', '12800', '$0.05']);
  expect(statisticsTables(statisticsOf([], BUILT_IN_REGISTRY)).map(({ title }) => title)).toEqual(['Who wrote it']);
});

/** `UPDATE_GOLDEN=1` writes the files anew; they are read in review. */
function expectGolden(name: string, text: string): void {
  const path = new URL(`golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

const HEADING = { repository: '<shop> & "co"', channel: 'main', at: instant(Date.UTC(2026, 10, 21, 12, 30)) };

test('the CSV and the report are as they were reviewed', () => {
  expectGolden('statistics.csv', statisticsCsv(statistics));
  expectGolden('report.html', reportHtml(statistics, HEADING));
});

test('the report needs no script and nothing from outside, and nobody’s name is markup', () => {
  const html = reportHtml(
    statisticsOf(
      [row('a', HUMAN, 1, { author: { name: '<script>x</script>', email: '"><img src=x>' } })],
      BUILT_IN_REGISTRY,
    ),
    HEADING,
  );
  expect(html).not.toMatch(/<script|<img|https?:|url\(|@import|\son\w+=/);
  expect(html).toContain('&lt;script&gt;');
  expect(html).toContain('&lt;shop&gt; &amp; &quot;co&quot;');
});

test('a repository without patches has a report too', () => {
  const html = reportHtml(statisticsOf([], BUILT_IN_REGISTRY), HEADING);
  expect(html).not.toContain('NaN');
  expect(html).not.toContain('<table>');
});
