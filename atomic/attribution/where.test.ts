import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ACTORS, basisPoints, SUGGESTION_TYPES, type Attribution, type BasisPoints } from './attribution.ts';
import { matcherOf, type WhereRecord } from './match-where.ts';
import { BUILT_IN_REGISTRY } from './registry.ts';
import { FLAGGED, GPT, HOOKED, HUMAN } from './sample-attributions.ts';
import { mistakeText, parseWhere, printWhere, type Where } from './where.ts';

const AUTHOR = { name: 'Some One', email: 'one@example.org' };

function matches(
  expression: string,
  attribution: Attribution | null,
  files: readonly string[] = ['src/a.ts'],
): boolean {
  const parsed = parseWhere(expression);
  if (parsed.kind === 'mistake') throw new Error(mistakeText(expression, parsed));
  const record: WhereRecord = { attribution, author: AUTHOR, files };
  return matcherOf(parsed.where, BUILT_IN_REGISTRY)(record);
}

test.each([
  ['actor=ai', true],
  ['actor=human', false],
  ['actor!=human', true],
  ['ai.provider=anthropic', true],
  ['ai.provider=Claude', true],
  ['ai.provider=anth*', true],
  ['ai.provider=openai', false],
  ['ai.model=claude-sonnet-4-5', true],
  ['ai.model=sonnet-4.5', true],
  ['ai.model=claude-sonnet-4-5-20250929', true],
  ['ai.model=anthropic/claude-sonnet-4-5', true],
  ['ai.model=claude-*', true],
  ['ai.model=anthropic/*', true],
  ['ai.model=gpt-5', false],
  ['ai.model!=gpt-5', true],
  ['author=one@example.org', true],
  ['author="some one"', true],
  ['author=two', false],
  ['file=src/**', true],
  ['file=*.ts', true],
  ['file=src', true],
  ['file=src/', true],
  ['file=./src/a.ts', true],
  ['file=lib/**', false],
  ['file=a', false],
  ['suggestion=complete', true],
  ['suggestion=partial', false],
  ['confidence<0.95', true],
  ['confidence<=0.9', true],
  ['confidence<0.9', false],
  ['confidence>=.9', true],
  ['confidence>0.9', false],
  ['confidence=0.9', true],
  ['confidence!=0.9', false],
  ['not actor=ai', false],
  ['actor=human or actor=ai', true],
  ['actor=human and actor=ai or actor=ai', true],
  ['actor=human and (actor=ai or actor=ai)', false],
  ['NOT actor = human AND confidence > 0.5', true],
])('an agent’s patch with 0.9 confidence in src/a.ts: %s is %s', (expression, expected) => {
  expect(matches(expression, HOOKED)).toBe(expected);
});

test('a patch without attribution is untracked, of no model, and neither above nor below a confidence', () => {
  expect(matches('actor=untracked', null)).toBe(true);
  expect(matches('ai.model!=gpt-5', null)).toBe(true);
  expect(matches('ai.model=*', null)).toBe(false);
  expect(matches('confidence<1', null)).toBe(false);
  expect(matches('confidence>=0', HUMAN)).toBe(false);
  expect(matches('confidence!=0.5', HUMAN)).toBe(true);
});

test('a patch of several hands matches each model that wrote a part; an untold model is called unknown', () => {
  const hunks = [{ atom: 1, span: null, actor: 'ai', model: GPT, toolUseId: null }] as const;
  expect(matches('ai.model=gpt-5', { ...FLAGGED, actor: 'mixed', hunks })).toBe(true);
  const source = { evidence: 'env', model: { kind: 'untold', provider: 'openai' }, agent: null } as const;
  expect(matches('ai.model=unknown and ai.provider=openai', { ...FLAGGED, source })).toBe(true);
});

test.each([
  ['', 1, 'one of ai.provider'],
  ['actor', 6, '`=` or `!='],
  ['actor=', 7, 'a value'],
  ['actor=robot', 7, 'one of human, ai, mixed, untracked'],
  ['actor<ai', 6, '`=` or `!='],
  ['confidence~1', 11, '`<`, `<='],
  ['confidence<2', 12, 'a number from 0 to 1'],
  ['suggestion=whole', 12, 'one of complete'],
  ['model=x', 1, 'one of ai.provider'],
  ['actor=ai and', 13, 'one of ai.provider'],
  ['actor=ai actor=ai', 10, '`and`, `or` or the end'],
  ['(actor=ai', 10, '`)`'],
  ['actor=ai)', 9, 'the end'],
  ['file="src', 10, 'a closing "'],
  ['not', 4, 'one of ai.provider'],
  [`${'('.repeat(70)}actor=ai`, 66, 'at most 64'],
  ['x'.repeat(5000), 4097, 'at most 4096'],
])('%j is a mistake at column %i', (expression, column, expected) => {
  expect(parseWhere(expression)).toEqual({ kind: 'mistake', column, expected: expect.stringContaining(expected) });
});

test('a mistake is shown under its column', () => {
  const parsed = parseWhere('actor=ai or actr=x');
  expect(parsed.kind === 'mistake' && mistakeText('actor=ai or actr=x', parsed)).toContain(
    'actor=ai or actr=x\n            ^ expected one of',
  );
});

const comparison: fc.Arbitrary<Where> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constantFrom('ai.provider', 'ai.model', 'author', 'file'),
    operator: fc.constantFrom('=', '!='),
    value: fc.oneof(fc.string(), fc.constantFrom('and', 'not', 'a b', '"', "'", '\\', '(', '', 'ü', 'a=b')),
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constant('actor' as const),
    operator: fc.constantFrom('=', '!='),
    value: fc.constantFrom(...ACTORS),
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: fc.constant('suggestion' as const),
    operator: fc.constantFrom('=', '!='),
    value: fc.constantFrom(...SUGGESTION_TYPES),
  }),
  fc.record({
    kind: fc.constant('confidence' as const),
    operator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
    value: fc.nat(10_000).map((n) => basisPoints(n / 10_000) ?? (0 as BasisPoints)),
  }),
);
const { where } = fc.letrec<{ where: Where }>((tie) => ({
  where: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    comparison,
    tie('where').map((term) => ({ kind: 'not' as const, term })),
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('where'), tie('where'), fc.array(tie('where'), { maxLength: 2 }))
      .map(([kind, first, second, rest]) => ({ kind, terms: [first, second, ...rest] as const })),
  ),
}));

test('what is printed parses to the same expression', () => {
  fc.assert(
    fc.property(where, (expression) => {
      expect(parseWhere(printWhere(expression))).toEqual({ kind: 'where', where: expression });
    }),
    { numRuns: 500 },
  );
});

test('no text breaks the parser, and what parses is printed to the same meaning', () => {
  const scrap = fc.constantFrom(
    'actor',
    '=',
    'ai',
    '(',
    ')',
    'and',
    'or',
    'not',
    ' ',
    '"',
    'file',
    '!=',
    '<',
    'confidence',
    '0.5',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(scrap).map((parts) => parts.join('')),
      ),
      (text) => {
        const parsed = parseWhere(text);
        if (parsed.kind === 'where') expect(parseWhere(printWhere(parsed.where))).toEqual(parsed);
        else expect(parsed.column).toBeGreaterThan(0);
      },
    ),
    { numRuns: 500 },
  );
});
