// Whether a plain Enter sends. Ctrl or Cmd with Enter always does.

const KEY = 'tandem-enter-sends';

/** Enter sends unless somebody chose otherwise. */
export function enterSends(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'no';
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
    return true;
  }
}

export function keepEnterSends(sends: boolean): void {
  try {
    localStorage.setItem(KEY, sends ? 'yes' : 'no');
  } catch {
    // As above: nothing is lost but the memory of it.
    return;
  }
}
