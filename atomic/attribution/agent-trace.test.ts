import { readFileSync } from 'node:fs';

import { instant } from 'kernel/basics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { hashFromBytes } from '../patches/hash.ts';

import {
  buildAgentTrace,
  checkAgentTrace,
  contentHash,
  traceId,
  tracedRanges,
  type TraceParts,
} from './agent-trace.ts';
import { GPT, SONNET } from './sample-attributions.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
const COMMIT = '7734793b756b3921c88db5375a8c156e9532447b';
const PATCH = hashFromBytes(Uint8Array.from({ length: 32 }, (_, n) => n));
const TRACE: TraceParts = {
  patch: PATCH,
  at: instant(Date.UTC(2026, 0, 23, 14, 30)),
  tool: { name: 'atomic', version: '0.1.0' },
  gitCommit: COMMIT,
  files: [
    {
      path: 'src/a.ts',
      ranges: [
        { startLine: 9, endLine: 9, actor: 'human', model: null, sessionId: null, contentHash: null },
        {
          startLine: 1,
          endLine: 4,
          actor: 'ai',
          model: SONNET,
          sessionId: 's 1',
          contentHash: contentHash(Buffer.from('x')),
        },
        { startLine: 6, endLine: 7, actor: 'ai', model: SONNET, sessionId: 's 1', contentHash: null },
        { startLine: 8, endLine: 8, actor: 'untracked', model: null, sessionId: null, contentHash: null },
      ],
    },
    { path: 'empty.ts', ranges: [] },
  ],
  deletions: [{ path: 'src/old.ts', patch: PATCH, bytes: 120 }],
  reviews: [{ reviewer: 'k', verdict: 'accept', at: instant(0), ms: 1000 }],
};

test('a record is built by conversations, with what the format lacks in our own metadata', () => {
  const trace = buildAgentTrace(TRACE);
  expect(JSON.parse(JSON.stringify(trace))).toEqual(JSON.parse(fixture('agent-trace.json')));
  expect(traceId(PATCH)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(buildAgentTrace({ ...TRACE, gitCommit: null })).not.toHaveProperty('vcs');
});

test('what is built is valid, and its ranges are read again', () => {
  const actor = fc.constantFrom('ai', 'mixed', 'human', 'untracked');
  const range = fc
    .record({ startLine: fc.integer({ min: 1, max: 99 }), length: fc.nat(9), actor, isSonnet: fc.boolean() })
    .map(({ startLine, length, actor, isSonnet }) => ({
      startLine,
      endLine: startLine + length,
      actor,
      model: actor === 'ai' || actor === 'mixed' ? (isSonnet ? SONNET : GPT) : null,
      sessionId: actor === 'ai' ? 'https://example.org/s' : null,
      contentHash: null,
    }));
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 6 }), (ranges) => {
      const trace = buildAgentTrace({ ...TRACE, files: [{ path: 'a', ranges }] });
      expect(checkAgentTrace(JSON.parse(JSON.stringify(trace))).kind).toBe('valid');
      const sorted = (all: readonly (typeof ranges)[number][]): readonly string[] =>
        all.map((each) => JSON.stringify(each)).sort();
      const [read] = tracedRanges(trace);
      expect((read?.ranges ?? []).map((each) => JSON.stringify(each)).sort()).toEqual(sorted(ranges));
    }),
  );
});

test('the records of the specification’s README are valid', () => {
  for (const record of JSON.parse(fixture('agent-trace-readme.json')) as readonly unknown[]) {
    expect(checkAgentTrace(record)).toMatchObject({ kind: 'valid' });
  }
});

test.each([
  ['version', { version: '1.0' }],
  ['version', { version: '0\\.1\\.0' }],
  ['id', { id: 'not-a-uuid' }],
  ['timestamp', { timestamp: 'yesterday' }],
  ['vcs.type', { vcs: { type: 'atomic', revision: 'x' } }],
  ['files', { files: undefined }],
  [
    'files.0.conversations.0.ranges.0.start_line',
    { files: [{ path: 'a', conversations: [{ ranges: [{ start_line: 0, end_line: 1 }] }] }] },
  ],
  [
    'files.0.conversations.0.contributor.type',
    { files: [{ path: 'a', conversations: [{ contributor: { type: 'robot' }, ranges: [] }] }] },
  ],
  ['files.0.conversations.0.url', { files: [{ path: 'a', conversations: [{ url: 'no uri', ranges: [] }] }] }],
])('a record with a wrong %s is invalid, and the place is named', (place, change) => {
  const checked = checkAgentTrace({ ...buildAgentTrace(TRACE), ...change });
  expect(checked.kind === 'invalid' && checked.errors[0]).toContain(`${place}:`);
});
