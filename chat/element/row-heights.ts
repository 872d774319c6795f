// Where the rows of a long list are, when only those in sight exist. Pure but for what it remembers.
// Rule: a change at the end, as while an answer comes, costs nothing for the rows before it.

export interface RowRange {
  readonly start: number;
  /** Past the last. */
  readonly end: number;
}

export class RowHeights {
  readonly #measured = new Map<string, number>();
  readonly #estimate: number;
  #ids: readonly string[] = [];
  /** Where each row begins; one more than there are rows, the last is the whole height. */
  #tops = new Float64Array(1);
  /** Tops up to this index are right. */
  #right = 0;

  constructor(estimate: number) {
    this.#estimate = estimate;
  }

  get count(): number {
    return this.#ids.length;
  }

  setIds(ids: readonly string[]): void {
    let same = 0;
    while (same < ids.length && ids[same] === this.#ids[same]) same += 1;
    this.#ids = ids;
    if (this.#tops.length < ids.length + 1) {
      const roomier = new Float64Array(Math.ceil((ids.length + 1) * 1.5));
      roomier.set(this.#tops);
      this.#tops = roomier;
    }
    this.#right = Math.min(this.#right, same);
  }

  heightOf(id: string): number {
    return this.#measured.get(id) ?? this.#estimate;
  }

  /** True when it was another height before. */
  measure(id: string, index: number, height: number): boolean {
    if (this.heightOf(id) === height) return false;
    this.#measured.set(id, height);
    this.#right = Math.min(this.#right, index);
    return true;
  }

  topOf(index: number): number {
    for (; this.#right < index; this.#right += 1) {
      const height = this.heightOf(this.#ids[this.#right] ?? '');
      this.#tops[this.#right + 1] = (this.#tops[this.#right] ?? 0) + height;
    }
    return this.#tops[index] ?? 0;
  }

  get total(): number {
    return this.topOf(this.#ids.length);
  }

  /** The row that is at this height. */
  indexAt(top: number): number {
    void this.total;
    let low = 0;
    let high = Math.max(0, this.#ids.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= top) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The rows between two heights. */
  between(top: number, bottom: number): RowRange {
    if (this.#ids.length === 0) return { start: 0, end: 0 };
    return { start: this.indexAt(Math.max(0, top)), end: this.indexAt(Math.max(0, bottom)) + 1 };
  }
}
