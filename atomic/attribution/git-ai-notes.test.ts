import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { UNTRACKED } from './attribution.ts';
import { noteAuthors, readGitAiNote, writeGitAiNote, type GitAiNote, type NoteAuthor } from './git-ai-notes.ts';
import { attributionFromNote, noteAuthorOf } from './note-attribution.ts';
import { BUILT_IN_REGISTRY } from './registry.ts';
import { GPT, HOOKED, HUMAN } from './sample-attributions.ts';

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
function noteIn(text: string): GitAiNote {
  const read = readGitAiNote(text);
  if (read.kind === 'unreadable') throw new Error(read.why);
  return read.note;
}
const COMMIT = '7734793b756b3921c88db5375a8c156e9532447b';
const nameOf = (author: NoteAuthor | null): string =>
  author === null ? '-' : author.kind === 'ai' ? `${author.tool} ${author.model}` : author.author;

test('a note with sessions, people and an older prompt is read in all three forms', () => {
  const note = noteIn(fixture('git-ai-note.txt'));
  expect(note.commit).toBe(COMMIT);
  expect(noteAuthors(note, 'src/main.rs', 12).map(nameOf)).toEqual([
    ...Array.from({ length: 4 }, () => 'cursor claude-sonnet-4-5-20250514'),
    '-',
    'One Person <one@example.org>',
    'One Person <one@example.org>',
    '-',
    'claude-code claude-opus-4-5',
    '-',
    '-',
    '-',
  ]);
  expect(noteAuthors(note, 'src/my file.rs', 3).map(nameOf)).toEqual(['codex null', 'codex null', '-']);
  expect(noteAuthors(note, 'src/none.rs', 1)).toEqual([null]);
});

test('of two entries that name a line the later counts, and a key that nothing explains is untracked', () => {
  const note = noteIn(
    fixture('git-ai-note.txt').replace('9\n', '1-9\n').replace('  h_31dce776f88375 6-7', '  h_00000000000000 6-7'),
  );
  expect(noteAuthors(note, 'src/main.rs', 9).map(nameOf)).toEqual(
    Array.from({ length: 9 }, () => 'claude-code claude-opus-4-5'),
  );
});

test.each([
  ['no divider', 'a\n  h_1 1\n', 'no line `---`'],
  ['no JSON', 'a\n---\n{', 'not as authorship/3.0.0'],
  [
    'another version',
    '---\n{"schema_version":"authorship/2.0.0","base_commit_sha":"x","prompts":{}}',
    'schema_version',
  ],
  ['an entry before any file', '  h_1 1\n---\nX', 'makes no sense'],
  ['lines that are none', 'a\n  h_1 0-3\n---\nX', 'makes no sense'],
  ['a range backwards', 'a\n  h_1 5-3\n---\nX', 'makes no sense'],
  ['a key without lines', 'a\n  h_1\n---\nX', 'makes no sense'],
])('a note with %s is unreadable, and it is said why', (_name, text, why) => {
  const json = `{"schema_version":"authorship/3.0.0","base_commit_sha":"${COMMIT}","prompts":{}}`;
  expect(readGitAiNote(text.replace('X', json))).toEqual({ kind: 'unreadable', why: expect.stringContaining(why) });
});

test('an endless range costs no more than the file has lines', () => {
  const json = JSON.stringify({
    schema_version: 'authorship/3.0.0',
    base_commit_sha: '',
    prompts: {},
    humans: { h_1: { author: 'a' } },
  });
  expect(noteAuthors(noteIn(`a\n  h_1 1-999999999\n---\n${json}`), 'a', 2)).toHaveLength(2);
});

test('any text is read or called unreadable', () => {
  const scrap = fc.constantFrom(
    'a\n',
    '  s_1::t_1 1-2\n',
    '---\n',
    '{}',
    '{"schema_version":"authorship/3.0.0"',
    ' ',
    '"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(scrap).map((all) => all.join('')),
      ),
      (text) => {
        expect(['note', 'unreadable']).toContain(readGitAiNote(text).kind);
      },
    ),
  );
});

const noteAuthor: fc.Arbitrary<NoteAuthor | null> = fc.constantFrom<NoteAuthor | null>(
  null,
  { kind: 'human', author: 'One Person <one@example.org>' },
  {
    kind: 'ai',
    tool: 'claude-code',
    sessionId: 's1',
    model: 'claude-opus-4-5',
    provider: 'anthropic',
    person: 'One Person <one@example.org>',
  },
  { kind: 'ai', tool: 'codex', sessionId: 's2', model: null, provider: null, person: null },
);

test('what is written as a note is read as the same lines', () => {
  const line = fc.record({ author: noteAuthor, trace: fc.constantFrom('p1', 'p2') });
  const file = fc.record({
    path: fc.constantFrom('a.ts', 'b c.ts', 'd/é.ts', ' e'),
    lines: fc.array(line, { maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(file, { selector: ({ path }) => path, maxLength: 4 }), (files) => {
      const { text, left } = writeGitAiNote(COMMIT, files);
      expect(left).toEqual([]);
      const note = noteIn(text);
      for (const { path, lines } of files)
        expect(noteAuthors(note, path, lines.length)).toEqual(lines.map(({ author }) => author));
    }),
  );
});

test('a note is written as git-ai writes it', () => {
  const ai: NoteAuthor = {
    kind: 'ai',
    tool: 'claude-code',
    sessionId: 's1',
    model: 'claude-opus-4-5',
    provider: null,
    person: 'One Person <one@example.org>',
  };
  const person: NoteAuthor = { kind: 'human', author: 'One Person <one@example.org>' };
  const lines = [ai, ai, null, person, ai].map((author) => ({ author, trace: 'p1' }));
  const { text, left } = writeGitAiNote(COMMIT, [
    { path: 'b c.ts', lines },
    { path: 'a.ts', lines: lines.slice(0, 1) },
    { path: 'none.ts', lines: lines.slice(2, 3) },
    { path: 'odd"name.ts', lines },
  ]);
  expect(text).toBe(fixture('git-ai-written.txt').trimEnd());
  expect(left).toEqual(['odd"name.ts']);
});

test('a commit with a note becomes a patch whose parts are known', () => {
  const note = noteIn(fixture('git-ai-note.txt'));
  const insert = (firstLine: number, lines: number, atom = 0) => ({
    atom,
    path: 'src/main.rs',
    firstLine,
    lineBytes: Array.from({ length: lines }, () => 10),
  });
  const of = (...inserts: readonly ReturnType<typeof insert>[]) =>
    attributionFromNote(note, inserts, BUILT_IN_REGISTRY);
  expect(of(insert(1, 4))).toMatchObject({
    actor: 'ai',
    source: {
      evidence: 'import',
      agent: { tool: 'cursor' },
      model: { provider: 'anthropic', model: 'claude-sonnet-4-5-20250514' },
    },
    hunks: [],
  });
  expect(of(insert(6, 2))).toMatchObject({ actor: 'human', evidence: 'import' });
  expect(of(insert(10, 2))).toBeNull();
  expect(of(insert(5, 2))).toMatchObject({
    actor: 'untracked',
    hunks: [
      { span: { start: 0, end: 10 }, actor: 'untracked' },
      { span: { start: 10, end: 20 }, actor: 'human' },
    ],
  });
  expect(of(insert(9, 1, 3), insert(1, 5, 1))).toMatchObject({
    actor: 'mixed',
    source: { agent: { tool: 'cursor' } },
    hunks: [
      { atom: 1, span: { start: 0, end: 40 }, actor: 'ai', model: null },
      { atom: 1, span: { start: 40, end: 50 }, actor: 'untracked' },
      { atom: 3, span: null, actor: 'ai', model: { model: 'claude-opus-4-5' } },
    ],
  });
});

test('credit is told to a note with its class and never with another', () => {
  const authors = [{ name: 'One Person', email: 'one@example.org' }];
  expect(noteAuthorOf(HOOKED, null, authors)).toMatchObject({
    kind: 'ai',
    tool: 'claude-code',
    model: 'claude-sonnet-4-5',
    provider: 'anthropic',
  });
  expect(
    noteAuthorOf(HOOKED, { atom: 0, span: null, actor: 'ai', model: GPT, toolUseId: null }, authors),
  ).toMatchObject({ model: 'gpt-5' });
  expect(noteAuthorOf(HOOKED, { atom: 0, span: null, actor: 'human' }, authors)).toEqual({
    kind: 'human',
    author: 'One Person <one@example.org>',
  });
  expect(noteAuthorOf(HUMAN, null, authors)).toEqual({ kind: 'human', author: 'One Person <one@example.org>' });
  expect(noteAuthorOf(UNTRACKED, null, authors)).toBeNull();
  expect(noteAuthorOf(null, null, authors)).toBeNull();
});
