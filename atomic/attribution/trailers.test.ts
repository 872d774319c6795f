import { expect, test } from 'vitest';

import { parseHash } from '../patches/hash.ts';

import { modelName, UNTRACKED, type AiAttribution } from './attribution.ts';
import { BUILT_IN_REGISTRY } from './registry.ts';
import { CLAUDE_CODE, FLAGGED, GPT, HOOKED, HUMAN } from './sample-attributions.ts';
import { readTrailers, withTrailers, type Person } from './trailers.ts';

const AUTHOR: Person = { name: 'Some One', email: 'one@example.org' };
const HASH = parseHash(`${'a'.repeat(51)}q`) ?? null;
const read = (message: string, author = AUTHOR) => readTrailers(message, author, BUILT_IN_REGISTRY);

/** `actor tool provider/model`. */
function inWords(attribution: AiAttribution | null): string {
  if (attribution === null) return 'nothing';
  const { agent, model } = attribution.source;
  return `${attribution.actor} ${agent?.tool ?? '-'} ${modelName(model)}`;
}

test.each([
  ['Co-Authored-By: Claude <noreply@anthropic.com>', 'mixed claude-code anthropic/unknown'],
  ['Co-Authored-By: Claude Opus 4.5 <noreply@anthropic.com>', 'mixed claude-code anthropic/claude-opus-4-5'],
  [
    'Co-authored-by: Claude Sonnet 4.5 (1M context) <noreply@anthropic.com>',
    'mixed claude-code anthropic/claude-sonnet-4-5',
  ],
  ['Co-Authored-By: Claude Opus 9.7 <noreply@anthropic.com>', 'mixed claude-code anthropic/claude-opus-9-7'],
  ['🤖 Generated with [Claude Code](https://claude.com/claude-code)', 'mixed claude-code anthropic/unknown'],
  [
    '🤖 Generated with [Claude Code](https://claude.ai/code)\n\nCo-Authored-By: Claude <noreply@anthropic.com>',
    'mixed claude-code anthropic/unknown',
  ],
  ['Claude-Session: https://claude.ai/code/session_01', 'mixed claude-code anthropic/unknown'],
  ['Co-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>', 'mixed copilot github/unknown'],
  [
    'Co-authored-by: copilot-swe-agent[bot] <198982749+Copilot@users.noreply.github.com>',
    'mixed copilot github/unknown',
  ],
  ['Co-authored-by: Cursor Agent <cursoragent@cursor.com>', 'mixed cursor cursor/unknown'],
  ['Made-with: Cursor', 'mixed cursor unknown/unknown'],
  ['Co-authored-by: Codex <noreply@openai.com>', 'mixed codex openai/unknown'],
  ['Co-authored-by: Codex <codex@openai.com>', 'mixed codex openai/unknown'],
  [
    'Co-authored-by: gemini-code-assist[bot] <176961590+gemini-code-assist[bot]@users.noreply.github.com>',
    'mixed gemini google/unknown',
  ],
  ['Co-authored-by: Gemini 2.5 Pro <noreply@google.com>', 'mixed gemini google/gemini-2.5-pro'],
  ['Co-authored-by: aider (claude-3-5-sonnet-20241022) <aider@aider.chat>', 'mixed aider anthropic/claude-3-5-sonnet'],
  ['Co-authored-by: aider (openai/gpt-4o) <noreply@aider.chat>', 'mixed aider openai/gpt-4o'],
  ['AI-Assisted-By: openai/gpt-5 (partial)', 'mixed - openai/gpt-5'],
  ['AI-Assisted-By: openai/gpt-5', 'ai - openai/gpt-5'],
  ['AI-Assisted-By: openrouter/anthropic/claude-3 (complete)', 'ai - openrouter/anthropic/claude-3'],
  ['AI-Assisted-By: cursor/unknown', 'ai unknown cursor/unknown'],
])('%s', (trailer, expected) => {
  const { attribution, coAuthors } = read(`Round half to even\n\nPrices were off by one.\n\n${trailer}\n`);
  expect(inWords(attribution)).toBe(expected);
  expect(attribution?.source.evidence).toBe('trailer');
  expect(coAuthors).toEqual([]);
});

test.each([
  'Fix typo',
  'Let Claude and Copilot users set a key\n\nThis is about AI: models, providers and prompts.',
  'Support `Co-authored-by: x` lines\n\nsee Co-authored-by in git',
  'Quote it\n\n    Co-authored-by: Claude <noreply@anthropic.com>',
  'Fix\n\nCo-authored-by: Claude Monet <claude.monet@example.org>',
  'Fix\n\nCo-authored-by: Some Bot <bot@google.com>',
  'Fix\n\nSigned-off-by: Some One <one@example.org>\nReviewed-by: Claude <c@example.org>',
  'Certainly! Here is a comprehensive refactoring ✨🚀',
])('a message that names no AI says nothing of one: %j', (message) => {
  expect(read(message).attribution).toBeNull();
});

test('people who are named stay people, each once', () => {
  const message = `Fix

Co-authored-by: Other One <other@example.org>
Co-authored-by: Claude <noreply@anthropic.com>
Co-authored-by: Other One <Other@example.org>
co-authored-by: Third One <third@example.org>`;
  expect(read(message)).toMatchObject({
    author: AUTHOR,
    coAuthors: [{ name: 'Other One' }, { name: 'Third One', email: 'third@example.org' }],
    attribution: { actor: 'mixed' },
  });
});

test('a bot that is the author wrote it; aider’s mark leaves the name', () => {
  const copilot = { name: 'copilot-swe-agent[bot]', email: '198982749+Copilot@users.noreply.github.com' };
  const written = read('Fix\n\nCo-authored-by: Some One <one@example.org>', copilot);
  expect(inWords(written.attribution)).toBe('ai copilot github/unknown');
  expect(written.coAuthors).toEqual([AUTHOR]);
  const aider = read('feat: add x', { name: 'Some One (aider)', email: 'one@example.org' });
  expect(inWords(aider.attribution)).toBe('ai aider unknown/unknown');
  expect(aider.author).toEqual(AUTHOR);
});

test('the session and the patch that a message names are found', () => {
  const message = `Fix\r\n\r\nClaude-Session: abc-123\r\nAtomic-Change: ${HASH}\r\n`;
  expect(read(message)).toMatchObject({ patch: HASH, attribution: { source: { agent: { sessionId: 'abc-123' } } } });
  expect(read('Fix\n\nAtomic-Change: nonsense').patch).toBeNull();
});

test('trailers are written as one block behind the message, and read again as the same', () => {
  const text = withTrailers('Round half to even\n\nBecause.\n', {
    patch: HASH,
    attribution: HOOKED,
    namesCoAuthor: true,
  });
  expect(text).toBe(`Round half to even

Because.

Atomic-Change: ${HASH}
AI-Assisted-By: anthropic/claude-sonnet-4-5 (complete)
Co-Authored-By: Claude <noreply@anthropic.com>
`);
  expect(read(text)).toMatchObject({
    patch: HASH,
    attribution: { actor: 'ai', suggestion: 'complete', source: { model: HOOKED.source.model } },
  });
});

test('trailers join those that are there, are not repeated, and a co-author is named only on request', () => {
  const signed = 'Fix\n\nSigned-off-by: Some One <one@example.org>';
  const choice = { patch: HASH, attribution: FLAGGED, namesCoAuthor: false };
  const text = withTrailers(signed, choice);
  expect(text).toBe(`${signed}\nAtomic-Change: ${HASH}\nAI-Assisted-By: anthropic/claude-sonnet-4-5\n`);
  expect(withTrailers(text, choice)).toBe(text);
  expect(text).not.toContain('Co-Authored-By');
  expect(withTrailers('fix: one line', { ...choice, attribution: null })).toBe(
    `fix: one line\n\nAtomic-Change: ${HASH}\n`,
  );
});

test('a person’s patch, and one of nobody known, get no trailer of an AI', () => {
  for (const attribution of [HUMAN, UNTRACKED, null]) {
    expect(withTrailers('Fix', { patch: null, attribution, namesCoAuthor: true })).toBe('Fix\n');
  }
});

test.each([
  [{ ...FLAGGED, source: { evidence: 'cli-flag', model: GPT, agent: null } }, 'Codex <noreply@openai.com>'],
  [
    { ...FLAGGED, source: { evidence: 'hook', model: GPT, agent: { ...CLAUDE_CODE, tool: 'aider' } } },
    'aider <aider@aider.chat>',
  ],
  [
    { ...FLAGGED, source: { evidence: 'env', model: { ...GPT, provider: 'acme', model: 'x' }, agent: null } },
    'acme/x <ai@noreply.invalid>',
  ],
] as const)('each tool signs as it does itself', (attribution, signature) => {
  const text = withTrailers('Fix', { patch: null, attribution, namesCoAuthor: true });
  expect(text).toContain(`\nCo-Authored-By: ${signature}\n`);
});
