// Many sorted lists of segments in one column: one list ("shelf") for each patch, ordered by where a segment starts.
// Rule: a segment is found by a byte it holds in O(log n). A list that is full moves to the end, twice as wide.

import { Column, NONE } from './column.ts';

const FIRST_WIDTH = 2;

export class Shelves {
  readonly #from: Column;
  readonly #count: Column;
  readonly #width: Column;
  readonly #places: Column;

  constructor(columns = { from: new Column(), count: new Column(), width: new Column(), places: new Column() }) {
    this.#from = columns.from;
    this.#count = columns.count;
    this.#width = columns.width;
    this.#places = columns.places;
  }

  /** A shelf without anything on it; shelves are numbered from 0. */
  open(): void {
    this.#from.push(0);
    this.#count.push(0);
    this.#width.push(0);
  }

  count(shelf: number): number {
    return this.#count.get(shelf);
  }

  at(shelf: number, index: number): number {
    return index < 0 || index >= this.#count.get(shelf) ? NONE : this.#places.get(this.#from.get(shelf) + index);
  }

  /** Index of the last segment that starts at or before the offset, or NONE. */
  indexAt(shelf: number, offset: number, starts: Column): number {
    const from = this.#from.get(shelf);
    let low = 0;
    let high = this.#count.get(shelf);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (starts.get(this.#places.get(from + middle)) <= offset) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  insert(shelf: number, index: number, segment: number): void {
    const count = this.#count.get(shelf);
    if (count === this.#width.get(shelf)) this.#widen(shelf);
    const place = this.#from.get(shelf) + index;
    if (index < count) this.#places.move(place + 1, place, this.#from.get(shelf) + count);
    this.#places.set(place, segment);
    this.#count.set(shelf, count + 1);
  }

  clear(shelf: number): void {
    this.#count.set(shelf, 0);
  }

  copy(): Shelves {
    return new Shelves({
      from: this.#from.copy(),
      count: this.#count.copy(),
      width: this.#width.copy(),
      places: this.#places.copy(),
    });
  }

  #widen(shelf: number): void {
    const width = this.#width.get(shelf);
    const from = this.#from.get(shelf);
    const more = Math.max(FIRST_WIDTH, width);
    if (width > 0 && from + width === this.#places.length) {
      this.#places.extend(more);
    } else {
      const to = this.#places.length;
      this.#places.extend(width + more);
      this.#places.move(to, from, from + width);
      this.#from.set(shelf, to);
    }
    this.#width.set(shelf, width + more);
  }
}
