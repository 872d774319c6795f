import fc from 'fast-check';
import { expect, test } from 'vitest';

import { colouredRuns } from './log-colours.ts';
import { plainText } from './log-state.ts';

const E = '\u001b[';
const ordinary = { tone: null, bold: false };

test('what a program prints in red and green is in tones of ours, and ends where it ends', () => {
  expect(colouredRuns(`${E}31mno${E}39m\n  ${E}32m✔${E}0m ${E}90mfine${E}0m\n`)).toEqual([
    { text: 'no', tone: 'bad', bold: false },
    { text: '\n  ', ...ordinary },
    { text: '✔', tone: 'good', bold: false },
    { text: ' ', ...ordinary },
    { text: 'fine', tone: 'faint', bold: false },
    { text: '\n', ...ordinary },
  ]);
});

test('bold and dim are heard with a colour, and colours out of 256 are none of ours', () => {
  expect(colouredRuns(`${E}1;33mlook${E}22m on${E}0m`)).toEqual([
    { text: 'look', tone: 'warn', bold: true },
    { text: ' on', tone: 'warn', bold: false },
  ]);
  expect(colouredRuns(`${E}38;5;31mx${E}38;2;1;31;3my`)).toEqual([{ text: 'xy', ...ordinary }]);
});

test('a line that was written over shows its last state', () => {
  expect(colouredRuns(`${E}31m10 %\r${E}32m100 %\nnext`)).toEqual([
    { text: '100 %\n', ...ordinary },
    { text: 'next', tone: 'good', bold: false },
  ]);
});

test('whatever is printed, the text is that without colours', () => {
  const piece = fc.constantFrom(
    'a',
    ' ',
    '\n',
    '\r\n',
    '\r',
    `${E}31m`,
    `${E}0m`,
    `${E}1;2;99m`,
    `${E}2K`,
    `${E}38;5m`,
    '\u001b]0;t\u0007',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      expect(
        colouredRuns(text)
          .map((run) => run.text)
          .join(''),
      ).toBe(plainText(text));
    }),
    { numRuns: 500 },
  );
});

test('a program that changes its colour at every letter is drawn without any', () => {
  const text = Array.from({ length: 8_000 }, (_, at) => `${E}3${(at % 2) + 1}mx\n`).join('');
  expect(colouredRuns(text)).toHaveLength(1);
});
