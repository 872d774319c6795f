// Answers of a person, one line each. Whoever ends the input answers nothing more.

import { createInterface } from 'node:readline';

export interface LineReader {
  /** The next line without blanks around it, or null at the end of the input. */
  next(): Promise<string | null>;
  close(): void;
}

export function lineReader(stdin: NodeJS.ReadableStream): LineReader {
  const lines = createInterface({ input: stdin, terminal: false });
  const iterator = lines[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await iterator.next();
      return done === true ? null : value.trim();
    },
    close: () => lines.close(),
  };
}
