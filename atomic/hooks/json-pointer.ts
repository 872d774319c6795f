// Values inside of JSON by pointer (RFC 6901), with `*` for every element of a list, and going on inside of a text that is
// JSON itself. Never throws; own properties only.

/** Steps of a pointer; none in use has more than five. */
const DEPTH_MAX = 16;
/** Elements taken of one list. */
const ELEMENTS_MAX = 1000;

/** The first non-empty text that one of the pointers leads to, if it is no longer than `lengthMax`. */
export function textAt(value: unknown, pointers: readonly string[], lengthMax: number): string | null {
  for (const pointer of pointers) {
    const [found] = textsAt(value, pointer, lengthMax);
    if (found !== undefined) return found;
  }
  return null;
}

export function textsAt(value: unknown, pointer: string, lengthMax: number): readonly string[] {
  const steps = pointer.split('/').slice(1, DEPTH_MAX);
  let found: readonly unknown[] = [value];
  for (const step of steps) found = found.flatMap((each) => within(each, step));
  return found.flatMap((each) => {
    const text = typeof each === 'number' ? String(each) : each;
    return typeof text === 'string' && text !== '' && text.length <= lengthMax ? [text] : [];
  });
}

function within(value: unknown, step: string): readonly unknown[] {
  if (typeof value === 'string') {
    const parsed = value.startsWith('{') || value.startsWith('[') ? parsedOf(value) : undefined;
    return parsed === undefined ? [] : within(parsed, step);
  }
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Array.isArray(value) ? value.slice(0, ELEMENTS_MAX) : [];
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
  return Object.hasOwn(value, key) ? [Object.entries(value).find(([name]) => name === key)?.[1]] : [];
}

function parsedOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // A text that only looks like JSON has nothing inside.
    return undefined;
  }
}
