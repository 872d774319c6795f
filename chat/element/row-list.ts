// A long list of which only the rows in sight exist. What one reads stays where it is, whatever is added above or
// grows; whoever is at the end stays at the end.
// Not here: what a row shows (message-row.ts) and when the end is followed (thread/follow.ts).

import { AT_THE_END, follow, type FollowEvent, type Following } from '../thread/index.ts';
import { RowHeights } from './row-heights.ts';

export interface Row {
  readonly element: HTMLElement;
  /** Its place from 1, of how many. */
  place(position: number, of: number): void;
  close(): void;
}

export interface RowListOptions {
  readonly scroller: HTMLElement;
  readonly rows: HTMLElement;
  readonly window: Window & typeof globalThis;
  makeRow(id: string): Row;
  onFollowing(following: Following): void;
  /** The beginning is in sight. */
  onBeginning(): void;
}

/** A question and a short answer; rows are measured as soon as they are seen. */
const ESTIMATED_HEIGHT = 96;
/** Beyond what is in sight, so that quick scrolling shows no gaps. */
const BEYOND = 600;

export class RowList {
  readonly #options: RowListOptions;
  readonly #heights = new RowHeights(ESTIMATED_HEIGHT);
  readonly #rows = new Map<string, Row>();
  readonly #sizes: ResizeObserver;
  readonly #indexes = new Map<string, number>();
  #ids: readonly string[] = [];
  #following: Following = AT_THE_END;
  /** What one reads: the first row in sight, and how far it is scrolled past. */
  #anchor: { readonly id: string; readonly offset: number } | null = null;
  #top = 0;
  #viewHeight = 0;
  #frame: number | null = null;
  readonly #listening = new AbortController();

  constructor(options: RowListOptions) {
    this.#options = options;
    this.#sizes = new options.window.ResizeObserver((entries) => this.#sized(entries));
    this.#sizes.observe(options.scroller);
    this.#listen();
  }

  get following(): Following {
    return this.#following;
  }

  setIds(ids: readonly string[], isOwn: boolean): void {
    const wasLast = this.#ids.at(-1);
    const isAppended = ids.length > this.#ids.length && ids.at(-1) !== wasLast && this.#ids.length > 0;
    this.#ids = ids;
    this.#heights.setIds(ids);
    this.#indexes.clear();
    ids.forEach((id, index) => this.#indexes.set(id, index));
    if (isAppended) this.tell({ kind: 'message-added', isOwn });
    this.#render();
  }

  tell(event: FollowEvent): void {
    const before = this.#following;
    this.#following = follow(before, event);
    if (this.#following === before) return;
    this.#options.onFollowing(this.#following);
    if (this.#following.isFollowing && event.kind !== 'scrolled') this.#render();
  }

  /** The row of a message, where it is in sight. */
  row(id: string): Row | undefined {
    return this.#rows.get(id);
  }

  close(): void {
    this.#listening.abort();
    this.#sizes.disconnect();
    if (this.#frame !== null) this.#options.window.cancelAnimationFrame(this.#frame);
    for (const row of this.#rows.values()) row.close();
    this.#rows.clear();
  }

  #listen(): void {
    const { scroller, window } = this.#options;
    const passive = { passive: true, signal: this.#listening.signal };
    scroller.addEventListener('scroll', () => this.#scrolled(), passive);
    scroller.addEventListener('wheel', ({ deltaY }) => this.tell({ kind: 'wheel', isUp: deltaY < 0 }), passive);
    scroller.addEventListener('touchmove', () => this.tell({ kind: 'touch-moved' }), passive);
    scroller.addEventListener('keydown', ({ key }) => this.tell({ kind: 'key', key }), passive);
    window.addEventListener(
      'keydown',
      ({ key, ctrlKey, metaKey }) =>
        key === 'f' && (ctrlKey || metaKey) ? this.tell({ kind: 'searched' }) : undefined,
      passive,
    );
    window.document.addEventListener(
      'selectionchange',
      () => {
        const selection = selectionIn(scroller);
        const isInside = selection !== null && scroller.contains(selection.anchorNode);
        if (isInside) this.tell({ kind: 'selected', isEmpty: selection.isCollapsed });
      },
      passive,
    );
  }

  #scrolled(): void {
    const { scroller } = this.#options;
    const { scrollTop } = scroller;
    const byPerson = Math.abs(scrollTop - this.#top) > 1;
    this.#top = scrollTop;
    if (byPerson) {
      const pixelsToEnd = this.#paddedTotal() - scrollTop - this.#viewHeight;
      this.tell({ kind: 'scrolled', pixelsToEnd, byPerson });
      this.#hold();
    }
    this.#frame ??= this.#options.window.requestAnimationFrame(() => {
      this.#frame = null;
      this.#render();
    });
  }

  #paddedTotal(): number {
    return this.#options.rows.offsetTop + this.#heights.total;
  }

  /** Remembers what one reads. */
  #hold(): void {
    const index = this.#heights.indexAt(this.#top);
    const id = this.#ids[index];
    this.#anchor = id === undefined ? null : { id, offset: this.#top - this.#heights.topOf(index) };
  }

  #sized(entries: readonly ResizeObserverEntry[]): void {
    let isChanged = false;
    for (const { target, borderBoxSize, contentRect } of entries) {
      if (target === this.#options.scroller) {
        isChanged ||= this.#viewHeight !== contentRect.height;
        this.#viewHeight = contentRect.height;
        continue;
      }
      const id = target.getAttribute('data-message-id') ?? '';
      const index = this.#indexes.get(id);
      const height = borderBoxSize[0]?.blockSize ?? contentRect.height;
      if (index !== undefined && height > 0) isChanged = this.#heights.measure(id, index, height) || isChanged;
    }
    if (isChanged) this.#render();
  }

  #render(): void {
    const { scroller, rows } = this.#options;
    const top = this.#wantedTop();
    const { start, end } = this.#heights.between(top - BEYOND, top + this.#viewHeight + BEYOND);
    const shown = this.#ids.slice(start, end);
    this.#place(shown, start);
    rows.style.paddingTop = `${this.#heights.topOf(start)}px`;
    rows.style.paddingBottom = `${this.#heights.total - this.#heights.topOf(end)}px`;
    if (this.#following.isFollowing) {
      scroller.scrollTop = scroller.scrollHeight;
      this.#top = scroller.scrollTop;
    } else if (Math.abs(top - this.#top) > 0.5) {
      scroller.scrollTop = top;
      this.#top = scroller.scrollTop;
    }
    if (this.#following.isFollowing || this.#anchor === null) this.#hold();
    if (start === 0 && this.#top < BEYOND) this.#options.onBeginning();
  }

  /** Where the view belongs: at the end, or where what one reads is now. */
  #wantedTop(): number {
    if (this.#following.isFollowing) return Math.max(0, this.#heights.total - this.#viewHeight);
    const index = this.#anchor === null ? undefined : this.#indexes.get(this.#anchor.id);
    return index === undefined || this.#anchor === null ? this.#top : this.#heights.topOf(index) + this.#anchor.offset;
  }

  #place(shown: readonly string[], start: number): void {
    const { rows, makeRow } = this.#options;
    const wanted = new Set(shown);
    for (const [id, row] of this.#rows) {
      const isWanted = wanted.has(id);
      // What has the focus stays, beside the others, or the focus would be lost.
      const isHeld = !isWanted && this.#indexes.has(id) && row.element.matches(':focus-within');
      row.element.classList.toggle('aside', isHeld);
      if (isWanted || isHeld) continue;
      this.#sizes.unobserve(row.element);
      row.element.remove();
      row.close();
      this.#rows.delete(id);
    }
    let after: Element | null = rows.firstElementChild;
    for (const [offset, id] of shown.entries()) {
      const row = this.#rows.get(id) ?? this.#made(id, makeRow(id));
      row.place(start + offset + 1, this.#ids.length);
      if (row.element === after) after = after.nextElementSibling;
      else rows.insertBefore(row.element, after);
    }
  }

  #made(id: string, row: Row): Row {
    this.#rows.set(id, row);
    this.#sizes.observe(row.element);
    return row;
  }
}

/** In a shadow root some browsers tell of a selection only when that root is asked. */
function selectionIn(element: HTMLElement): Selection | null {
  const root = element.getRootNode();
  const own: unknown = 'getSelection' in root && typeof root.getSelection === 'function' ? root.getSelection() : null;
  return own instanceof Selection ? own : document.getSelection();
}
