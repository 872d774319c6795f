// The pictures that go with the next message: kept in the page until the message is sent, so that each can be described.

/** A message carries no more. */
export const ATTACHED_MAX = 8;
/** The server takes no larger ones. */
export const PICTURE_BYTES_MAX = 5 * 1024 * 1024;
export const PICTURE_TYPES: readonly string[] = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

export interface Attached {
  readonly id: number;
  readonly file: File;
  /** What it shows, for those who do not see it. */
  readonly alt: string;
}

export interface Taken {
  readonly all: readonly Attached[];
  /** Why some of them were not taken; null where all were. */
  readonly problem: string | null;
}

/** Adds what can be sent, and says why the rest cannot. Pure. */
export function withFiles(before: readonly Attached[], files: readonly File[]): Taken {
  const pictures = files.filter(({ type }) => PICTURE_TYPES.includes(type));
  const small = pictures.filter(({ size }) => size <= PICTURE_BYTES_MAX);
  const taken = small.slice(0, ATTACHED_MAX - before.length);
  const from = Math.max(0, ...before.map(({ id }) => id)) + 1;
  const all = [...before, ...taken.map((file, index) => ({ id: from + index, file, alt: altOf(file.name) }))];
  return { all, problem: problemOf(files.length, pictures.length, small.length, taken.length) };
}

/** The name of a file says what it shows more often than nothing does. */
const altOf = (name: string): string => (/^image\.\w+$/.test(name) ? '' : name.replace(/\.\w+$/, ''));

function problemOf(files: number, pictures: number, small: number, taken: number): string | null {
  if (pictures < files) return 'Only PNG, JPEG, WebP and GIF pictures can be attached.';
  if (small < pictures) return 'A picture may have at most 5 MiB.';
  return taken < small ? `A message carries at most ${ATTACHED_MAX} pictures.` : null;
}
