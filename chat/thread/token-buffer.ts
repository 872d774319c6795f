// Collects the words of an answer and shows them once in a frame, however fast they come.
// Rule: a hidden page gets no frames, so it is shown four times a second instead, and at once when it is seen again.
// What is shown never gets shorter: a stream that is read again from its start shows nothing until it is past it.

/** Calls back soon: in the next frame, or by a timer where there are none. Gives back what calls it off. */
export type Frames = (callback: () => void) => () => void;

/** Nobody looks at a hidden page; its title and notifications still live. */
export const HIDDEN_MS = 250;

interface FramesOf {
  requestAnimationFrame(callback: () => void): number;
  cancelAnimationFrame(handle: number): void;
  setTimeout(callback: () => void, delayMs: number): number;
  clearTimeout(handle: number): void;
}

export const browserFrames =
  (window: FramesOf, document: EventTarget & { readonly hidden: boolean }): Frames =>
  (callback) => {
    let isOver = false;
    const run = (): void => {
      if (isOver) return;
      stop();
      callback();
    };
    const frame = document.hidden ? null : window.requestAnimationFrame(run);
    // A frame that was asked for never comes if the page is hidden meanwhile.
    const timer = window.setTimeout(run, HIDDEN_MS);
    const stop = (): void => {
      isOver = true;
      if (frame !== null) window.cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', run);
    };
    document.addEventListener('visibilitychange', run);
    return stop;
  };

export class TokenBuffer {
  readonly #frames: Frames;
  readonly #show: (id: string, text: string) => void;
  readonly #texts = new Map<string, string>();
  readonly #changed = new Set<string>();
  #cancel: (() => void) | null = null;

  constructor(frames: Frames, show: (id: string, text: string) => void) {
    this.#frames = frames;
    this.#show = show;
  }

  /** Begins a text anew. */
  begin(id: string): void {
    this.#texts.set(id, '');
  }

  push(id: string, delta: string): void {
    this.#texts.set(id, (this.#texts.get(id) ?? '') + delta);
    this.#changed.add(id);
    this.#cancel ??= this.#frames(() => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = null;
    for (const id of this.#changed) this.#show(id, this.#texts.get(id) ?? '');
    this.#changed.clear();
  }

  /** Shows nothing more of it: it is known in whole, or gone. */
  end(id: string): void {
    this.#texts.delete(id);
    this.#changed.delete(id);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#changed.clear();
  }
}
