import fc from 'fast-check';
import { expect, test } from 'vitest';

import { CLAUDE_CODE, GPT, SONNET } from '../attribution/sample-attributions.ts';

import { editsBetween } from './edits-between.ts';
import { foldWorklog, writersOf, type RecordedPart } from './fold-worklog.ts';
import { splitWorklog } from './split-worklog.ts';
import { forgetPaths, noteCheckpoint, noteEdit, writerKey, type Worklog, type Writer } from './worklog.ts';

const CLAUDE: Writer & { actor: 'ai' } = {
  actor: 'ai',
  evidence: 'hook',
  agent: CLAUDE_CODE,
  model: SONNET,
  prompt: null,
};
const CODEX: Writer & { actor: 'ai' } = {
  ...CLAUDE,
  agent: { ...CLAUDE_CODE, tool: 'codex', sessionId: 's' },
  model: GPT,
};
const PERSON: Writer = { actor: 'human' };
const NOBODY: Writer = { actor: 'untracked' };
const EMPTY: Worklog = new Map();
const PATH = 'a.ts';

/** Plays edits on one file: each text with who wrote it. */
function play(...steps: readonly (readonly [string, Writer])[]): { readonly log: Worklog; readonly text: Buffer } {
  let log = EMPTY;
  let before = Buffer.from('one\ntwo\nthree\n');
  for (const [text, by] of steps) {
    const after = Buffer.from(text);
    log = noteEdit(log, { path: PATH, before, after, by });
    before = after;
  }
  return { log, text: before };
}

/** The claimed text in words: `[text]writer`. */
function claims({ log, text }: { readonly log: Worklog; readonly text: Buffer }): string {
  return (log.get(PATH)?.spans ?? [])
    .map(({ start, end, by }) => `${nameOf(by)} ${JSON.stringify(text.toString('utf8', start, end))}`)
    .join(', ');
}
const nameOf = (by: Writer): string => (by.actor === 'ai' ? by.agent.tool : by.actor);

test('what a tool added is its agent’s, and what stood there is nobody’s claim', () => {
  expect(claims(play(['one\nAI\ntwo\nthree\n', CLAUDE]))).toBe('claude-code "AI\\n"');
});

test('earlier ranges move along through later edits', () => {
  const played = play(['one\nAI\ntwo\nthree\n', CLAUDE], ['zero\none\nAI\ntwo\nthree\n', PERSON]);
  expect(claims(played)).toBe('human "zero\\n", claude-code "AI\\n"');
});

test('a line that was replaced belongs to the one who replaced it', () => {
  const played = play(['one\nabcdef ghi\ntwo\nthree\n', CLAUDE], ['one\nentirely other\ntwo\nthree\n', PERSON]);
  expect(claims(played)).toBe('human "entirely other\\n"');
});

test('a line of which a word was changed keeps the rest of its writer', () => {
  const played = play(
    ['one\nconst total = sum(items);\ntwo\nthree\n', PERSON],
    ['one\nconst total = add(items);\ntwo\nthree\n', CLAUDE],
  );
  expect(claims(played)).toBe('human "const total = ", claude-code "add", human "(items);\\n"');
});

test('a text that somebody changed unseen loses its claims instead of being guessed on', () => {
  const { log } = play(['one\nAI\ntwo\nthree\n', CLAUDE]);
  const before = Buffer.from('one\nAI\ntwo\nTHREE\n');
  const after = Buffer.from('one\nAI\ntwo\nTHREE\nfour\n');
  const next = noteEdit(log, { path: PATH, before, after, by: CODEX });
  expect(claims({ log: next, text: after })).toBe('codex "four\\n"');
});

test('an edit that changes nothing leaves the log as it is; recorded files leave it', () => {
  const { log, text } = play(['one\nAI\ntwo\nthree\n', CLAUDE]);
  expect(noteEdit(log, { path: PATH, before: text, after: text, by: CODEX })).toBe(log);
  expect(forgetPaths(log, [PATH]).size).toBe(0);
  expect(log.size).toBe(1);
});

test('a file that appears or disappears has a last writer, also when it is empty', () => {
  const made = noteEdit(EMPTY, { path: PATH, before: null, after: Buffer.alloc(0), by: CLAUDE });
  expect(made.get(PATH)?.last).toEqual(CLAUDE);
  const gone = noteEdit(made, { path: PATH, before: Buffer.alloc(0), after: null, by: PERSON });
  expect(gone.get(PATH)?.last).toEqual(PERSON);
});

test('a checkpoint notes each file a tool changed, made or removed, and a file that only moved keeps its claims', () => {
  const texts = (files: Readonly<Record<string, string>>): ReadonlyMap<string, Buffer> =>
    new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
  const typed = noteCheckpoint(EMPTY, texts({}), texts({ a: 'mine\n', b: 'b\n', c: 'c\n', d: '' }), PERSON);
  const after = texts({ moved: 'mine\n', b: 'b\nAI\n', made: '', d: '' });
  const log = noteCheckpoint(typed, texts({ a: 'mine\n', b: 'b\n', c: 'c\n', d: '' }), after, CLAUDE);
  const claimed = (path: string): string =>
    claims({
      log: new Map([[PATH, log.get(path) ?? { text: '', spans: [], cuts: [], last: NOBODY }]]),
      text: after.get(path) ?? Buffer.alloc(0),
    });
  expect(claimed('moved')).toBe('human "mine\\n"');
  expect(log.get('moved')?.last).toEqual(CLAUDE);
  expect(claimed('b')).toBe('human "b\\n", claude-code "AI\\n"');
  expect([log.get('a')?.last, log.get('c')?.last, log.get('made')?.last]).toEqual([CLAUDE, CLAUDE, CLAUDE]);
  expect(log.get('d')?.last).toEqual(PERSON);
});

const WRITERS = [CLAUDE, CODEX, PERSON, NOBODY] as const;
const line = fc.constantFrom('', 'a', 'b', 'const x = 1;', 'const y = 2;', 'x y z', '\t}', 'é ü', '\r');
const textArbitrary = fc
  .tuple(fc.array(line, { maxLength: 8 }), fc.boolean())
  .map(([lines, ends]) => lines.map((each) => `${each}\n`).join('') + (ends ? '' : 'tail'));
const story = fc.array(fc.tuple(textArbitrary, fc.nat(3)), { minLength: 1, maxLength: 6 });

test('every byte of a text has at most one writer, and only one who was there', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const played = play(...steps.map(([text, who]) => [text, WRITERS[who] ?? NOBODY] as const));
      let last = 0;
      for (const { start, end } of played.log.get(PATH)?.spans ?? []) {
        expect(start).toBeGreaterThanOrEqual(last);
        expect(end).toBeGreaterThan(start);
        last = end;
      }
      expect(last).toBeLessThanOrEqual(played.text.length);
    }),
    { numRuns: 300 },
  );
});

test('ranges move as single bytes would: a list with one writer for each byte says the same', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const model: (string | null)[] = Array.from({ length: 14 }, () => null);
      let log = EMPTY;
      let before = Buffer.from('one\ntwo\nthree\n');
      for (const [text, who] of steps) {
        const after = Buffer.from(text);
        const by = WRITERS[who] ?? NOBODY;
        const edits = editsBetween(before, after, log.get(PATH)?.spans ?? []);
        for (const { oldStart, oldEnd, newStart, newEnd } of [...edits].reverse()) {
          model.splice(oldStart, oldEnd - oldStart, ...Array.from({ length: newEnd - newStart }, () => writerKey(by)));
        }
        log = noteEdit(log, { path: PATH, before, after, by });
        before = after;
      }
      const found: (string | null)[] = Array.from(before, () => null);
      for (const { start, end, by } of log.get(PATH)?.spans ?? []) found.fill(writerKey(by), start, end);
      expect(found).toEqual(model);
    }),
    { numRuns: 400 },
  );
});

test('lines that are nowhere else keep their writer through any edit around them', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(textArbitrary, textArbitrary, fc.nat(3)), { maxLength: 5 }), (around) => {
      // Longer than all that may move past it, so that it is the part that stays.
      const mine = Array.from({ length: 20 }, (_, n) => `only here ${n}\n`).join('');
      const steps = around.map(([head, tail, who]) => [`${head}\n${mine}${tail}`, WRITERS[who] ?? NOBODY] as const);
      const played = play([`one\n${mine}two\nthree\n`, CODEX], ...steps);
      const at = played.text.indexOf(mine);
      expect(writersOf(played.log.get(PATH), played.text, at, at + mine.length)).toEqual([
        { start: at, end: at + mine.length, by: CODEX },
      ]);
    }),
    { numRuns: 200 },
  );
});

test('each byte that a patch inserts has exactly one actor', () => {
  fc.assert(
    fc.property(story, fc.nat(), fc.nat(), (steps, a, b) => {
      const { log, text } = play(...steps.map(([text, who]) => [text, WRITERS[who] ?? NOBODY] as const));
      const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
      let at = start;
      for (const span of writersOf(log.get(PATH), text, start, end)) {
        expect(span.start).toBe(at);
        at = span.end;
      }
      expect(at).toBe(end);
    }),
    { numRuns: 300 },
  );
});

function fold(played: { readonly log: Worklog; readonly text: Buffer }, parts: readonly RecordedPart[]) {
  return foldWorklog(parts, played.log, () => played.text);
}

test('a patch of one writer needs no parts; of several, it has one for each run of bytes', () => {
  const one = play(['one\nAI\ntwo\nthree\n', CLAUDE]);
  expect(fold(one, [{ kind: 'insert', atom: 0, path: PATH, start: 4, end: 7 }])).toMatchObject({
    actor: 'ai',
    evidence: 'hook',
    model: SONNET,
    hunks: [],
    suggestion: 'complete',
  });
  const both = play(
    ['one\nAI\ntwo\nthree\n', CLAUDE],
    ['one\nAI\nme\ntwo\nthree\nCX\n', PERSON],
    ['one\nAI\nme\ntwo\nthree\nCX\nDX\n', CODEX],
  );
  const parts: readonly RecordedPart[] = [
    { kind: 'insert', atom: 2, path: PATH, start: 20, end: 26 },
    { kind: 'insert', atom: 1, path: PATH, start: 4, end: 10 },
  ];
  expect(fold(both, parts)).toMatchObject({
    actor: 'mixed',
    suggestion: 'collaborative',
    model: SONNET,
    hunks: [
      { atom: 1, span: { start: 0, end: 3 }, actor: 'ai', model: null },
      { atom: 1, span: { start: 3, end: 6 }, actor: 'human' },
      { atom: 2, span: { start: 0, end: 3 }, actor: 'human' },
      { atom: 2, span: { start: 3, end: 6 }, actor: 'ai', model: GPT },
    ],
  });
});

test('a person’s patch is a person’s, and of what nobody saw nothing is said', () => {
  const typed = play(['one\nme\ntwo\nthree\n', PERSON]);
  expect(fold(typed, [{ kind: 'insert', atom: 0, path: PATH, start: 4, end: 7 }])).toMatchObject({
    actor: 'human',
    evidence: 'editor',
    model: null,
  });
  const unseen = play(['one\nme\ntwo\nthree\n', NOBODY]);
  expect(fold(unseen, [{ kind: 'insert', atom: 0, path: PATH, start: 4, end: 7 }])).toBeNull();
  expect(
    foldWorklog([{ kind: 'insert', atom: 0, path: 'b', start: 0, end: 1 }], EMPTY, () => Buffer.from('x')),
  ).toBeNull();
});

test('a log of another text than the present one says nothing', () => {
  const { log } = play(['one\nAI\ntwo\nthree\n', CLAUDE]);
  const parts = [{ kind: 'insert', atom: 0, path: PATH, start: 4, end: 7 }] as const;
  expect(foldWorklog(parts, log, () => Buffer.from('one\nXX\ntwo\nthree\n'))).toBeNull();
});

test('a deletion and a removed file belong to whoever took them away', () => {
  const cut = play(['one\nthree\n', CLAUDE]);
  expect(fold(cut, [{ kind: 'delete', atom: 0, path: PATH, at: 4 }])).toMatchObject({ actor: 'ai', hunks: [] });
  const log = noteEdit(EMPTY, { path: PATH, before: Buffer.from('x'), after: null, by: CODEX });
  const removed: RecordedPart[] = [{ kind: 'file', atom: 0, path: PATH }];
  expect(foldWorklog(removed, log, () => undefined)).toMatchObject({ actor: 'ai', agent: { tool: 'codex' } });
});

test('a cut moves along, and is gone when text takes its place', () => {
  const cutsOf = (played: { readonly log: Worklog }): readonly number[] =>
    (played.log.get(PATH)?.cuts ?? []).map(({ at }) => at);
  expect(cutsOf(play(['one\nthree\n', CLAUDE]))).toEqual([4]);
  expect(cutsOf(play(['one\nthree\n', CLAUDE], ['zero\none\nthree\n', PERSON]))).toEqual([9]);
  expect(cutsOf(play(['one\nthree\n', CLAUDE], ['one\ninstead\nthree\n', PERSON]))).toEqual([]);
});

test('a line that nobody accounts for stays nobody’s between two that an agent wrote', () => {
  const played = play(['one\nAI\ntwo\nAI\nthree\n', CLAUDE]);
  expect(fold(played, [{ kind: 'insert', atom: 0, path: PATH, start: 4, end: 14 }])?.hunks).toEqual([
    expect.objectContaining({ span: { start: 0, end: 3 }, actor: 'ai' }),
    expect.objectContaining({ span: { start: 3, end: 7 }, actor: 'untracked' }),
    expect.objectContaining({ span: { start: 7, end: 10 }, actor: 'ai' }),
  ]);
});

test('words of a line that were there before go to whoever changed the line', () => {
  const played = play(['one\ntwo and more\nthree\n', CLAUDE]);
  expect(fold(played, [{ kind: 'insert', atom: 0, path: PATH, start: 4, end: 17 }])).toMatchObject({
    actor: 'ai',
    hunks: [],
  });
});

test('split by actor, a file grows in one step for each writer, and ends as it is', () => {
  const recorded = Buffer.from('one\ntwo\nthree\n');
  const { log, text } = play(['one\nAI\ntwo\nthree\n', CLAUDE], ['one\nAI\nme\n2\nthree\n', PERSON]);
  const steps = splitWorklog([{ path: PATH, recorded, present: text }], log);
  expect(steps.map(({ by, texts }) => [nameOf(by), ...texts.map((each) => each.text.toString())])).toEqual([
    ['human', 'one\nme\n2\nthree\n'],
    ['claude-code', 'one\nAI\nme\n2\nthree\n'],
  ]);
});

test('after the last step every file is what it is now, and no step is empty', () => {
  fc.assert(
    fc.property(story, (steps) => {
      const recorded = Buffer.from('one\ntwo\nthree\n');
      const { log, text } = play(...steps.map(([each, who]) => [each, WRITERS[who] ?? NOBODY] as const));
      const split = splitWorklog([{ path: PATH, recorded, present: text }], log);
      const texts = [recorded, ...split.flatMap((step) => step.texts.map((each) => each.text))];
      expect(texts.at(-1)?.toString()).toBe(text.toString());
      for (const [index, each] of texts.entries())
        if (index > 0) expect(each.equals(texts[index - 1] ?? text)).toBe(false);
      expect(new Set(split.map(({ by }) => writerKey(by))).size).toBe(split.length);
    }),
    { numRuns: 300 },
  );
});
