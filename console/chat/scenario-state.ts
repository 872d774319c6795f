// What is told only when one of its words comes up, as a person writes it: `word, word: text`, a line each. Pure.

import type { Scenario } from 'chat/protocol';

/** Shorter words come up everywhere; the server refuses them. */
const WORD_LENGTH_MIN = 2;

export function entriesIn(text: string): Scenario['entries'] {
  return text.split('\n').flatMap((line) => {
    const [, before = '', after = ''] = /^([^:]+):\s*(.+)$/.exec(line.trim()) ?? [];
    const words = before
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word.length >= WORD_LENGTH_MIN);
    return words.length === 0 || after === '' ? [] : [{ words, text: after.trim() }];
  });
}
