import fc from 'fast-check';
import { expect, test } from 'vitest';

import { CLAUDE_CODE, SONNET } from '../attribution/sample-attributions.ts';

import { decodeWorklog, encodeWorklog } from './encode-worklog.ts';
import { noteEdit, type Worklog, type Writer } from './worklog.ts';

const CLAUDE: Writer = { actor: 'ai', evidence: 'hook', agent: CLAUDE_CODE, model: SONNET, prompt: null };
const UNTOLD: Writer = { ...CLAUDE, model: { kind: 'untold', provider: null } };

test('a log is read as it was kept, and each writer is written once', () => {
  const texts: readonly (readonly [string, Writer])[] = [
    ['a\n', CLAUDE],
    ['a\nb\n', { actor: 'human' }],
    ['a\nb\nc\n', UNTOLD],
    ['b\nc\n', CLAUDE],
  ];
  let log: Worklog = new Map();
  let before: Buffer | null = null;
  for (const [text, by] of texts) {
    const after: Buffer = Buffer.from(text);
    log = noteEdit(log, { path: 'ü/a b.ts', before, after, by });
    before = after;
  }
  const kept = encodeWorklog(log);
  expect(decodeWorklog(kept)).toEqual(log);
  expect(kept.split('claude-sonnet-4-5')).toHaveLength(2);
});

test.each([
  ['"actor":"ai"', '"actor":"robot"'],
  ['"evidence":"hook"', '"evidence":"hearsay"'],
  ['"tool":"claude-code"', '"tool":""'],
  ['"kind":"known"', '"kind":"guessed"'],
  ['"maxTokens":null', '"maxTokens":-1'],
  ['"prompt":null', '"prompt":{}'],
  ['[0,1,0]', '[1,1,0]'],
  ['[0,1,0]', '[0,1,9]'],
  ['[0,1,0]', '[0,1.5,0]'],
  ['"last":0', '"last":1'],
  ['"cuts":[]', '"cuts":[[0]]'],
  ['"path":"a"', '"path":7'],
])('with %s made %s the log is empty', (from, to) => {
  const kept = encodeWorklog(noteEdit(new Map(), { path: 'a', before: null, after: Buffer.from('x'), by: CLAUDE }));
  expect(decodeWorklog(kept).size).toBe(1);
  expect(kept).toContain(from);
  expect(decodeWorklog(kept.replace(from, to)).size).toBe(0);
});

test('a log that was cut off or is something else is empty', () => {
  const kept = encodeWorklog(noteEdit(new Map(), { path: 'a', before: null, after: Buffer.from('x'), by: CLAUDE }));
  for (const cut of [
    kept.slice(0, -1),
    '',
    'null',
    '{"version":2}',
    kept.replace('"human"', '"robot"').replace('"ai"', '"robot"'),
  ]) {
    expect(decodeWorklog(cut).size).toBe(0);
  }
  fc.assert(fc.property(fc.string(), (text) => void decodeWorklog(text)));
  const anything = fc.jsonValue({ maxDepth: 3 });
  const shape = fc.record({
    version: fc.constant(1),
    writers: fc.oneof(fc.array(anything), anything),
    files: fc.oneof(fc.array(anything), anything),
  });
  fc.assert(fc.property(shape, (value) => void decodeWorklog(JSON.stringify(value))));
});
