import { createHash } from 'node:crypto';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Agent } from '../attribution/attribution.ts';
import { BUILT_IN_REGISTRY } from '../attribution/registry.ts';
import { decodeEntry, encodeEntry, type Sighting, type SpoolEntry } from './spool-entry.ts';
import { foldEntry, type FoldHelp } from './fold-spool.ts';
import { EMPTY_STATE, type HookState } from './hook-state.ts';

const agentOf = (sessionId: string, toolUseId: string | null = null): Agent => ({
  tool: 'claude-code',
  toolVersion: null,
  mode: null,
  sessionId,
  turn: null,
  toolUseId,
  subagent: null,
});
const seen = (path: string, text: string | null): Sighting =>
  text === null
    ? { path, hash: null }
    : { path, hash: createHash('sha256').update(text).digest('base64'), text: Buffer.from(text) };

const checkpoint = (
  kind: 'before' | 'after',
  session: string,
  parts: { readonly named?: readonly string[]; readonly seen: readonly Sighting[]; readonly at?: number },
): SpoolEntry => ({
  kind,
  at: parts.at ?? 0,
  agent: agentOf(session),
  model: 'claude-opus-4-5',
  transcript: null,
  named: parts.named ?? null,
  seen: parts.seen,
});

const nothingRecorded: FoldHelp = { recorded: () => null, registry: BUILT_IN_REGISTRY };
const fold = (entries: readonly SpoolEntry[], help = nothingRecorded): HookState => {
  let state = EMPTY_STATE;
  for (const entry of entries) state = foldEntry(state, entry, help);
  return state;
};
const writers = ({ log }: HookState, path: string): readonly string[] =>
  (log.get(path)?.spans ?? []).map(
    ({ by, start, end }) => `${by.actor === 'ai' ? by.agent.sessionId : by.actor} ${start}-${end}`,
  );

test('what changed between a tool’s hooks is the tool’s, and what changed before is nobody’s', () => {
  const state = fold([
    checkpoint('before', 's1', { named: ['a'], seen: [seen('a', 'one\n')] }),
    checkpoint('after', 's1', { named: ['a'], seen: [seen('a', 'one\ntwo\n')] }),
  ]);
  expect(writers(state, 'a')).toEqual(['untracked 0-4', 's1 4-8']);
});

test('a change waits while a tool that may have made it is at work', () => {
  const begun = [
    checkpoint('before', 's1', { seen: [] }),
    checkpoint('before', 's2', { named: ['b'], seen: [seen('b', null), seen('a', 'by s1\n')] }),
  ];
  expect(writers(fold(begun), 'a')).toEqual([]);
  const ended = fold([...begun, checkpoint('after', 's1', { seen: [] })]);
  expect(writers(ended, 'a')).toEqual(['s1 0-6']);
});

test('a tool that never ended claims nothing after a quarter of an hour', () => {
  const late = 16 * 60_000;
  const state = fold([
    checkpoint('before', 's1', { seen: [] }),
    checkpoint('before', 's2', { named: ['b'], seen: [seen('a', 'by hand\n')], at: late }),
  ]);
  expect(writers(state, 'a')).toEqual(['untracked 0-8']);
});

test('a text that was never told makes no claims, and none are made up later', () => {
  const unknown: Sighting = { path: 'a', hash: 'large 1 2' };
  const state = fold([
    checkpoint('after', 's1', { named: ['a'], seen: [unknown] }),
    checkpoint('after', 's1', { named: ['a'], seen: [seen('a', 'short now\n')] }),
  ]);
  expect(state.log.has('a')).toBe(false);
});

test('an editor’s lines are a person’s, the others nobody’s', () => {
  const edit: SpoolEntry = {
    kind: 'edit',
    at: 0,
    actor: 'human',
    editor: 'zed',
    model: null,
    lines: [{ first: 2, last: 2 }],
    seen: [seen('a', '1\ntwo\n3\nfour\n')],
  };
  const state = fold([edit], { ...nothingRecorded, recorded: () => Buffer.from('1\n2\n3\n') });
  expect(writers(state, 'a')).toEqual(['human 2-6', 'untracked 8-13']);
});

test('every event comes back from its line as it was, and no line breaks the reader', () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((each) => Buffer.from(each));
  const entry = fc.record({
    kind: fc.constantFrom('before' as const, 'after' as const),
    at: fc.nat(),
    agent: fc
      .record({ session: fc.string({ minLength: 1 }), use: fc.option(fc.string({ minLength: 1 })) })
      .map(({ session, use }) => agentOf(session, use)),
    model: fc.option(fc.string({ minLength: 1 })),
    transcript: fc.option(fc.string({ minLength: 1 })),
    named: fc.option(fc.array(fc.string())),
    seen: fc.array(fc.record({ path: fc.string(), hash: fc.string({ minLength: 1 }), text: bytes })),
  });
  const comesBack = fc.property(entry, (each) => {
    expect(decodeEntry(encodeEntry(each))).toEqual(each);
  });
  fc.assert(comesBack, { numRuns: 200 });
  const isRead = fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
    decodeEntry(line);
  });
  fc.assert(isRead, { numRuns: 200 });
});
