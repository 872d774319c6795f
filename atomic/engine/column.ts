// A column of a table held in one typed array: whole numbers that fit in 32 bits, growing by doubling, cheap to copy.
// Rule: tables of tens of thousands of rows are columns, never one object for each row.

/** What a column says where there is nothing: no row, no edge, no mark. */
export const NONE = -1;

const FIRST_ROOM = 16;

export class Column {
  #cells: Int32Array;
  #length: number;

  constructor(cells = new Int32Array(FIRST_ROOM), length = 0) {
    this.#cells = cells;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  get(row: number): number {
    return row < this.#length ? (this.#cells[row] ?? NONE) : NONE;
  }

  set(row: number, value: number): void {
    this.#cells[row] = value;
  }

  /** The row it was given. */
  push(value: number): number {
    const row = this.#length;
    this.extend(1);
    this.#cells[row] = value;
    return row;
  }

  /** Adds rows whose values do not matter yet. */
  extend(rows: number): void {
    this.#length += rows;
    if (this.#length > this.#cells.length) this.reserve(Math.max(this.#length, this.#cells.length * 2));
  }

  /** Makes room for so many rows at once. */
  reserve(rows: number): void {
    if (rows <= this.#cells.length) return;
    const wider = new Int32Array(rows);
    wider.set(this.#cells);
    this.#cells = wider;
  }

  /** Copies the rows `from` up to, without, `until` to where `to` is; they may overlap. */
  move(to: number, from: number, until: number): void {
    this.#cells.copyWithin(to, from, until);
  }

  /** All values, as they are now. */
  cells(): Int32Array {
    return this.#cells.slice(0, this.#length);
  }

  copy(): Column {
    return new Column(this.#cells.slice(0, Math.max(FIRST_ROOM, this.#length)), this.#length);
  }
}
