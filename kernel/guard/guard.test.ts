import fc from 'fast-check';
import { expect, test } from 'vitest';

import { manualClock } from '../basics/index.ts';
import { ANSWER_CHARS_MAX, createGuard, type GuardPiece, type GuardStage, type StageVerdict } from './index.ts';

type Check = GuardStage['check'];
const stage = (check: Check, more: Partial<GuardStage> = {}): GuardStage => ({
  name: 'test',
  sides: ['before', 'after'],
  needs: 'sentence',
  timeoutMs: 100,
  check,
  ...more,
});
const passes: Check = () => ({ kind: 'passed' });
const guardOf = (...stages: GuardStage[]) => createGuard(stages, manualClock());

test('without a stage everything passes', async () => {
  expect(await guardOf().before('Hi', 'p')).toEqual({ text: 'Hi', verdict: { kind: 'passed' } });
  const answer = guardOf().answer('p');
  expect((await answer.push('One. Two')).text + (await answer.end()).text).toBe('One. Two');
});

test('a stage sees only the sides it looks at', async () => {
  const guard = guardOf(stage(() => ({ kind: 'refused', reason: 'x' }), { sides: ['after'] }));
  expect((await guard.before('Hi', 'p')).verdict.kind).toBe('passed');
  expect((await guard.answer('p').end()).verdict.kind).toBe('passed');
});

test('each stage sees what the one before it made of the text, and the first change is told', async () => {
  const seen: string[] = [];
  const guard = guardOf(
    stage(({ text }) => ({ kind: 'changed', text: text.replace('bad', 'good'), reason: 'kind' }), { name: 'mild' }),
    stage(({ text }) => (seen.push(text), { kind: 'changed', text: `${text}!`, reason: 'loud' }), { name: 'loud' }),
  );
  expect(await guard.before('a bad word', 'p')).toEqual({
    text: 'a good word!',
    verdict: { kind: 'changed', by: 'mild', reason: 'kind' },
  });
  expect(seen).toEqual(['a good word']);
});

test('a refusal lets nothing out, now or later, and says what to show instead', async () => {
  const guard = guardOf(
    stage(({ text }) =>
      text.includes('secret')
        ? { kind: 'refused', reason: 'private', instead: 'Let us talk of trees.' }
        : { kind: 'passed' },
    ),
  );
  const answer = guard.answer('p');
  expect(await answer.push('Hello. The secret is')).toEqual({ text: 'Hello. ', verdict: { kind: 'passed' } });
  const refused = { kind: 'refused', by: 'test', reason: 'private', instead: 'Let us talk of trees.' };
  expect(await answer.push(' out. And more. And')).toEqual({ text: '', verdict: refused });
  expect(await answer.push(' more. Yes. No')).toEqual({ text: '', verdict: refused });
  expect(await answer.end()).toEqual({ text: '', verdict: refused });
  expect(await answer.end()).toEqual({ text: '', verdict: refused });
});

test.each<[string, Check]>([
  [
    'throws',
    () => {
      throw new Error('the words of a child');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the words of a child'))],
])('a stage that %s has refused, and its error is not told', async (_what, check) => {
  const { text, verdict } = await guardOf(stage(check)).before('Hi', 'p');
  expect(text).toBe('');
  expect(verdict).toEqual({ kind: 'refused', by: 'test', reason: 'The stage failed.', instead: null });
});

test.each([
  undefined,
  null,
  'passed',
  7,
  {},
  { kind: 'maybe', reason: 'r' },
  { kind: 'changed', reason: 'r' },
  { kind: 'changed', text: 'x' },
  { kind: 'refused' },
  { kind: 'changed', reason: 'r', text: 'x'.repeat(ANSWER_CHARS_MAX + 1) },
])('a stage that answers nonsense has refused: %#', async (answer) => {
  const check = (() => answer) as unknown as Check;
  expect((await guardOf(stage(check)).before('Hi', 'p')).verdict.kind).toBe('refused');
  const later = (() => Promise.resolve(answer)) as unknown as Check;
  expect((await guardOf(stage(later)).before('Hi', 'p')).verdict.kind).toBe('refused');
});

test('a stage that hangs has refused when its time is over, and is told to stop', async () => {
  const clock = manualClock();
  let told: AbortSignal | undefined;
  const hangs: Check = (_piece, signal) => new Promise(() => (told = signal));
  const judged = createGuard([stage(hangs)], clock).before('Hi', 'p');
  await clock.advance(99);
  expect(told?.aborted).toBe(false);
  await clock.advance(1);
  expect((await judged).verdict).toMatchObject({ kind: 'refused', reason: 'The stage did not answer in time.' });
  expect(told?.aborted).toBe(true);
});

test('a stage that answers later but in time is heard, and no timer is left', async () => {
  const clock = manualClock();
  const later: Check = async () => ({ kind: 'passed' });
  expect((await createGuard([stage(later)], clock).before('Hi', 'p')).text).toBe('Hi');
  expect(clock.sleepers).toBe(0);
});

test('a stage that needs the answer gets it whole, and nothing leaves before', async () => {
  const pieces: GuardPiece[] = [];
  const whole = stage((piece) => (pieces.push(piece), { kind: 'passed' }), { needs: 'answer' });
  const answer = guardOf(stage(passes), whole, stage(passes)).answer('anna');
  expect((await answer.push('One. Two. Three')).text).toBe('');
  expect(pieces).toEqual([]);
  expect((await answer.end()).text).toBe('One. Two. Three');
  expect(pieces).toEqual([{ side: 'after', text: 'One. Two. Three', earlier: '', isLast: true, audience: 'anna' }]);
});

test('a refusal by any stage behind one that needs the answer keeps all of it back', async () => {
  const third = stage(({ text }) => (text.startsWith('Two') ? { kind: 'refused', reason: 'no' } : { kind: 'passed' }));
  const answer = guardOf(stage(passes, { needs: 'answer' }), third).answer('p');
  await answer.push('One. Two. Three.');
  expect(await answer.end()).toMatchObject({ text: '', verdict: { kind: 'refused' } });
  const last = stage(() => ({ kind: 'refused', reason: 'no' }), { needs: 'answer' });
  const other = guardOf(last, stage(passes)).answer('p');
  await other.push('One.');
  expect(await other.end()).toMatchObject({ text: '', verdict: { kind: 'refused' } });
});

test('a refusal before the stage that needs the answer is told at once', async () => {
  const first = stage(({ text }) => (text.startsWith('Two') ? { kind: 'refused', reason: 'no' } : { kind: 'passed' }));
  const answer = guardOf(first, stage(passes, { needs: 'answer' })).answer('p');
  expect((await answer.push('One. Two. Th')).verdict.kind).toBe('refused');
  expect((await answer.end()).text).toBe('');
});

test('a stage is told what was let through before, at most 2,000 characters, and which piece is the last', async () => {
  const pieces: GuardPiece[] = [];
  const answer = guardOf(stage((piece) => (pieces.push(piece), { kind: 'passed' }))).answer('p');
  await answer.push(`${'Blah blah. '.repeat(400)}End`);
  await answer.end();
  expect(pieces.at(1)?.earlier).toBe('Blah blah. ');
  expect(pieces.at(-1)).toMatchObject({ text: 'End', isLast: true });
  expect(pieces.at(-1)?.earlier.length).toBe(2000);
  expect(pieces.filter((piece) => piece.isLast).length).toBe(1);
});

test('an answer longer than can be kept for a stage that needs all of it is refused', async () => {
  const answer = guardOf(stage(passes, { needs: 'answer' })).answer('p');
  expect((await answer.push('a. '.repeat(ANSWER_CHARS_MAX / 3 + 10))).verdict.kind).toBe('refused');
  expect((await answer.end()).text).toBe('');
});

test('pieces are judged in order, also where the caller does not wait', async () => {
  const slow: Check = async ({ text }) => {
    if (text.startsWith('One')) await new Promise((resolve) => setImmediate(resolve));
    return { kind: 'passed' };
  };
  const answer = guardOf(stage(slow)).answer('p');
  const all = await Promise.all([answer.push('One. '), answer.push('Two. '), answer.push('Three. '), answer.end()]);
  expect(all.map(({ text }) => text).join('')).toBe('One. Two. Three. ');
});

const verdicts = fc.constantFrom<'passed' | 'changed' | 'refused' | 'throws' | 'nonsense'>(
  'passed',
  'passed',
  'passed',
  'changed',
  'refused',
  'throws',
  'nonsense',
);

test('whatever stages do, what leaves is what every one of them passed, joined, and nothing after a refusal', async () => {
  const needs = fc.constantFrom<GuardStage['needs']>('sentence', 'sentence', 'answer');
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '. ', '\n', '😀'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ needs, answers: fc.array(verdicts, { minLength: 1, maxLength: 6 }) }), { maxLength: 4 }),
      fc.array(text, { maxLength: 6 }),
      async (plans, texts) => {
        const log: { readonly out: string | null }[][] = plans.map(() => []);
        const stages = plans.map((plan, index) =>
          stage(
            ({ text }): StageVerdict => {
              const kind = plan.answers[(log[index]?.length ?? 0) % plan.answers.length] ?? 'passed';
              const out = kind === 'passed' ? text : kind === 'changed' ? text.toUpperCase() : null;
              log[index]?.push({ out });
              if (kind === 'throws') throw new Error('broken');
              if (kind === 'nonsense') return {} as unknown as StageVerdict;
              if (kind === 'refused') return { kind: 'refused', reason: 'no' };
              return kind === 'passed'
                ? { kind: 'passed' }
                : { kind: 'changed', text: text.toUpperCase(), reason: 'r' };
            },
            { needs: plan.needs, name: `stage-${index}` },
          ),
        );
        const answer = createGuard(stages, manualClock()).answer('p');
        const outs = [];
        for (const piece of texts) outs.push(await answer.push(piece));
        outs.push(await answer.end());
        const left = outs.map((out) => out.text).join('');
        const lastStage = log.at(-1);
        const passed = lastStage === undefined ? texts.join('') : lastStage.map(({ out }) => out ?? '').join('');
        const isRefused = outs.some(({ verdict }) => verdict.kind === 'refused');
        if (isRefused) expect(passed.startsWith(left)).toBe(true);
        else expect(left).toBe(passed);
        const firstRefusal = outs.findIndex(({ verdict }) => verdict.kind === 'refused');
        if (firstRefusal !== -1) for (const out of outs.slice(firstRefusal + 1)) expect(out.text).toBe('');
      },
    ),
  );
});
