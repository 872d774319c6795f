import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UNTRACKED, type Attribution } from './attribution.ts';
import { arbitraryAttribution } from './arbitrary-attribution.ts';
import { attributionJson, describeAttribution } from './attribution-text.ts';
import { FLAGGED, GPT, HOOKED, HUMAN } from './sample-attributions.ts';

const AUTHORS = [{ name: 'Some One', email: 'one@example.org' }];
const UNTOLD: Attribution = {
  ...FLAGGED,
  actor: 'mixed',
  source: { evidence: 'env', model: { kind: 'untold', provider: 'openai' }, agent: null },
  suggestion: 'partial',
  reviewMs: 90_000,
};

test.each<readonly [Attribution | null, string]>([
  [null, 'untracked'],
  [UNTRACKED, 'untracked'],
  [{ ...UNTRACKED, hunks: [{ atom: 0, span: null, actor: 'human' }] }, 'untracked, in part human'],
  [HUMAN, 'human (seen by the editor)'],
  [FLAGGED, 'AI anthropic/claude-sonnet-4-5 (stated by a flag)'],
  [
    HOOKED,
    'AI anthropic/claude-sonnet-4-5 by claude-code (complete, confidence 0.90, 12800 tokens, $0.05, seen by its hooks)',
  ],
  [UNTOLD, 'human with AI openai/unknown (partial, looked at for 1 min 30 s, stated by the environment)'],
])('an attribution is one line: %#', (attribution, line) => {
  expect(describeAttribution(attribution)).toBe(line);
});

test('the JSON says what is known and leaves out what is not', () => {
  const author = { name: 'Some One', email: 'one@example.org' };
  expect(attributionJson(null, AUTHORS)).toEqual({ actor: 'untracked', aiAssisted: false, evidence: 'none' });
  expect(attributionJson(HUMAN, AUTHORS)).toEqual({ actor: 'human', aiAssisted: false, evidence: 'editor', author });
  expect(attributionJson(FLAGGED, AUTHORS)).toEqual({
    actor: 'ai',
    aiAssisted: true,
    evidence: 'cli-flag',
    author,
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    modelId: 'anthropic/claude-sonnet-4-5',
  });
  expect(attributionJson(HOOKED, AUTHORS)).toMatchObject({
    suggestionType: 'complete',
    confidence: 0.9,
    agent: { tool: 'claude-code', sessionId: '550e8400-e29b-41d4-a716-446655440000' },
    tokens: { total: 12_800, cacheRead: 9000 },
    costMicroUsd: 51_000,
  });
  expect(attributionJson(UNTOLD, AUTHORS)).toMatchObject({ provider: 'openai', reviewMs: 90_000 });
  expect(attributionJson(UNTOLD, AUTHORS)).not.toHaveProperty('model');
});

test('parts are told with their own model', () => {
  const hunks = [{ atom: 2, span: { start: 0, end: 5 }, actor: 'ai', model: GPT, toolUseId: 't' }] as const;
  expect(attributionJson({ ...FLAGGED, hunks }, AUTHORS)['hunks']).toEqual([
    {
      atom: 2,
      actor: 'ai',
      start: 0,
      end: 5,
      provider: 'openai',
      model: 'gpt-5',
      modelId: 'openai/gpt-5',
      toolUseId: 't',
    },
  ]);
});

test('every attribution has a line and a JSON without null', () => {
  fc.assert(
    fc.property(arbitraryAttribution, (attribution) => {
      expect(describeAttribution(attribution)).not.toBe('');
      expect(JSON.stringify(attributionJson(attribution, AUTHORS))).not.toContain(':null');
    }),
  );
});
