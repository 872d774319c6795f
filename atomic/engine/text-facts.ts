// Facts by hand, for tests: five lines that everybody begins with, and what one patch does to them.

import type { History, PatchNumber, Range, TextFacts, TextInsert } from '../patches/facts.ts';
import type { Item, Layout, Run } from '../patches/layout.ts';
import { NO_FACTS } from './random-facts.ts';

/** Patches are compared by number; nobody knows anybody but patch 0, unless it is said. */
export class FiveLines {
  readonly #texts = new Map<PatchNumber, string>();
  readonly #knows = new Set<string>();
  /** Patch 0 wrote `1\n2\n3\n4\n5\n`. */
  readonly base = this.write(0, '1\n2\n3\n4\n5\n', { up: [], down: [] });

  readonly history: History = {
    compare: (a, b) => a - b,
    knows: (deleter, owner) => owner === 0 || this.#knows.has(`${deleter} ${owner}`),
    text: ({ patch, start, end }) => Buffer.from(this.#texts.get(patch) ?? '', 'latin1').subarray(start, end),
  };

  /** One insertion. */
  write(
    patch: PatchNumber,
    text: string,
    place: Pick<TextInsert, 'up' | 'down'>,
    replaces: readonly Range[] = [],
  ): TextFacts {
    this.#texts.set(patch, text);
    const insert = { start: 0, end: text.length, ...place, replaces, origins: [] };
    return { ...NO_FACTS, patch, inserts: [insert], deletes: replaces };
  }

  /** Text between line n and the next; 0 is before all. */
  insertAfter(patch: PatchNumber, n: number, text: string): TextFacts {
    return this.write(patch, text, {
      up: n === 0 ? [] : [{ patch: 0, offset: 2 * n - 1 }],
      down: n === 5 ? [] : [{ patch: 0, offset: 2 * n }],
    });
  }

  replace(patch: PatchNumber, n: number, text: string): TextFacts {
    const up = n === 1 ? [] : [{ patch: 0, offset: 2 * n - 3 }];
    return this.write(patch, text, { up, down: [{ patch: 0, offset: 2 * n - 2 }] }, [line(n)]);
  }

  remove(patch: PatchNumber, ...ranges: readonly Range[]): TextFacts {
    return { ...NO_FACTS, patch, deletes: ranges };
  }

  /** From now on the one is known to have seen the other. */
  sees(deleter: PatchNumber, owner: PatchNumber): void {
    this.#knows.add(`${deleter} ${owner}`);
  }

  /** `~` before contested text, twins `{a=b}`, an order conflict `<a|b>`, a cycle `(a,b)`; newlines are blanks. */
  show(layout: Layout): string {
    const run = (one: Run): string =>
      (one.contestedBy.length > 0 ? '~' : '') + Buffer.from(this.history.text(one)).toString().replaceAll('\n', ' ');
    const each = (item: Item): string => {
      switch (item.kind) {
        case 'text':
          return run(item.run);
        case 'twins':
          return `{${item.sides.map((side) => side.map(run).join('')).join('=')}}`;
        case 'order':
          return `<${item.sides.map((side) => side.map(each).join('')).join('|')}>`;
        case 'cyclic':
          return `(${item.members.map(run).join(',')})`;
      }
    };
    return layout.map(each).join('');
  }
}

/** Lines n to m of the base. */
export const line = (n: number, m = n): Range => ({ patch: 0, start: 2 * n - 2, end: 2 * m });
