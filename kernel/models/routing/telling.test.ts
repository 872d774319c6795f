import fc from 'fast-check';
import { expect, test } from 'vitest';

import { anchorOf } from './stitch.ts';
import { Telling, type Part } from './telling.ts';

const telling = (alreadySaid = '') => new Telling({ guard: undefined, alreadySaid, includeRaw: false });
const delta = (text: string): Part => ({ type: 'text-delta', id: 'x', delta: text });
const textIn = (parts: readonly Part[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
const types = (parts: readonly Part[]): readonly string[] => parts.map(({ type }) => type);

/** Cut between any two code units, as a provider may cut a character in two. */
const unitPieces = (text: string, size: number): readonly string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));

test('no half character is ever shown, however an answer is cut and wherever it breaks off', async () => {
  const unit = fc.constantFrom('a', 'word ', '😀', '🏴‍☠️', ' ', '\n', '大');
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit, minLength: 1, maxLength: 40 }),
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      async (text, cut, size) => {
        const told = telling();
        const given: Part[] = [...told.beginAttempt()];
        for (const piece of unitPieces(text.slice(0, cut % text.length), size))
          given.push(...(await told.take(delta(piece))));
        given.push(...told.beginAttempt());
        const { said } = told;
        const rest = said.trim() === '' ? text.slice(said.length) : anchorOf(said) + text.slice(said.trimEnd().length);
        for (const piece of unitPieces(rest, size)) given.push(...(await told.take(delta(piece))));
        given.push(...(await told.end()));
        expect(textIn(given)).toBe(text);
        for (const part of given) if (part.type === 'text-delta') expect(part.delta.isWellFormed()).toBe(true);
      },
    ),
  );
});

test('nothing goes out before there is a word, and then what came first', async () => {
  const told = telling();
  told.beginAttempt();
  expect(await told.take({ type: 'stream-start', warnings: [] })).toEqual([]);
  expect(await told.take({ type: 'response-metadata', id: 'r' })).toEqual([]);
  expect(await told.take({ type: 'custom', kind: 'anthropic.message_start' })).toEqual([]);
  expect(told.hasGiven).toBe(false);
  expect(types(await told.take(delta('Hi')))).toEqual([
    'stream-start',
    'response-metadata',
    'custom',
    'text-start',
    'text-delta',
  ]);
});

test('thoughts are told once, and closed where the answer breaks off', async () => {
  const told = telling();
  told.beginAttempt();
  await told.take({ type: 'reasoning-start', id: '0' });
  await told.take({ type: 'reasoning-delta', id: '0', delta: 'Hm.' });
  expect(types(told.beginAttempt())).toEqual(['reasoning-end']);
  expect(await told.take({ type: 'reasoning-start', id: '0' })).toEqual([]);
  expect(await told.take({ type: 'reasoning-delta', id: '0', delta: 'Hm again.' })).toEqual([]);
  expect(await told.take({ type: 'reasoning-end', id: '0' })).toEqual([]);
  expect(textIn(await told.take(delta('Yes.')))).toBe('Yes.');
});

test('the input of a tool comes with its call, in order, and the text before it is closed', async () => {
  const told = telling();
  told.beginAttempt();
  await told.take(delta('Let me see.'));
  expect(await told.take({ type: 'tool-input-start', id: 'a', toolName: 'add' })).toEqual([]);
  expect(await told.take({ type: 'tool-input-delta', id: 'a', delta: '{}' })).toEqual([]);
  expect(await told.take({ type: 'tool-input-end', id: 'a' })).toEqual([]);
  const call: Part = { type: 'tool-call', toolCallId: 'a', toolName: 'add', input: '{}' };
  expect(types(await told.take(call))).toEqual([
    'text-end',
    'tool-input-start',
    'tool-input-delta',
    'tool-input-end',
    'tool-call',
  ]);
  expect(told.toolCalls).toBe(1);
  expect(types(await told.take(delta('Done.')))).toEqual(['text-start', 'text-delta']);
});

test('what a continuation still holds back is told before a tool that it calls', async () => {
  const told = telling('The quick brown fox jumps over the lazy dog.');
  told.beginAttempt();
  expect(await told.take(delta(' The quick'))).toEqual([]);
  const call: Part = { type: 'tool-call', toolCallId: 'a', toolName: 'add', input: '{}' };
  expect(textIn(await told.take(call))).toBe(' The quick');
});
