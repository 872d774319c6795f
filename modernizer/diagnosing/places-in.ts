// Finds the places in the project's own files that a log points to.

/** Nobody looks at more. */
const PLACES_MAX = 5;

const FRAME =
  /(?:\(|at |^\s*|file:\/\/)(?:\/project\/)?((?:[\w@.-]+\/)*[\w@.-]+\.(?:[cm]?[jt]sx?))[:(](\d+)(?:[:,](\d+))?\)?/gm;
const ABSOLUTE = /\/project\/((?:[\w@.-]+\/)*[\w@.-]+\.[cm]?[jt]sx?):(\d+)/g;

/** `file:line` in the project, in the order of the log; never a file of an installed package or of Node. */
export function placesIn(text: string): readonly string[] {
  const places = new Set<string>();
  for (const pattern of [ABSOLUTE, FRAME]) {
    for (const [, file = '', line = ''] of text.matchAll(pattern)) {
      if (!isOwn(file)) continue;
      places.add(`${file.replace(/^\.\//, '')}:${line}`);
      if (places.size >= PLACES_MAX) return [...places];
    }
    if (places.size > 0) return [...places];
  }
  return [...places];
}

const isOwn = (file: string): boolean =>
  !file.includes('node_modules/') &&
  !file.startsWith('node:') &&
  !file.startsWith('internal/') &&
  !file.startsWith('tandem-probes/');
