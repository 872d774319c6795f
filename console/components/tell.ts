// Tells the person something in passing. What shows it is loaded with the first word there is to tell.

export interface Telling {
  readonly tone?: 'plain' | 'good' | 'bad';
  readonly detail?: string;
  /** A later word under the same id takes the place of the earlier one. */
  readonly id?: string;
  /** One thing the person may want to do about it. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

export interface Told extends Telling {
  readonly text: string;
}

/** Words that may wait until they can be shown: nobody reads more at once. */
const WAITING_MAX = 5;

const waiting: Told[] = [];
const listeners = new Set<() => void>();
let wanted = false;
let show: ((told: Told) => void) | undefined;

export function tell(text: string, telling: Telling = {}): void {
  const told = { ...telling, text };
  if (show !== undefined) return show(told);
  waiting.push(told);
  if (waiting.length > WAITING_MAX) waiting.shift();
  wanted = true;
  for (const listener of listeners) listener();
}

/** Whether anything was told yet, as a store for the page. */
export const isToldAnything = (): boolean => wanted;
export function onTold(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** From now on words are shown so; first those that wait. Returns how to stop. */
export function showTold(how: (told: Told) => void): () => void {
  show = how;
  for (const told of waiting.splice(0)) how(told);
  return () => {
    show = undefined;
  };
}
