// Which rows a search has been at. One table for all searches of a graph: beginning anew costs nothing, where a Set for
// each search would cost more than the search.

import { Column } from './column.ts';

export class Visits {
  readonly #turns = new Column();
  #turn = 0;

  /** Forgets all visits; there are so many rows now. */
  begin(rows: number): void {
    this.#turn += 1;
    if (this.#turns.length < rows) this.#turns.extend(rows - this.#turns.length);
  }

  /** Whether it is the first visit to the row. */
  isFirst(row: number): boolean {
    if (this.#turns.get(row) === this.#turn) return false;
    this.#turns.set(row, this.#turn);
    return true;
  }
}
