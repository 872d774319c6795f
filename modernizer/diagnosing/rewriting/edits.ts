// Changes of texts as a list of pieces to replace, applied at once, and two such changes of one text put together. Pure.
// Rule: of two changes nothing is lost and nothing is guessed: where both touch one place, they do not go together.

export interface Edit {
  /** Offsets in the text before: what lies between them is replaced. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with every edit made; of two that overlap the first one is made. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  let [result, at] = ['', 0];
  for (const edit of madeEdits(edits)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

/** The edits that are made, in their order: those that overlap one before them are not. */
export function madeEdits(edits: readonly Edit[]): readonly Edit[] {
  const made: Edit[] = [];
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start >= (made.at(-1)?.end ?? 0)) made.push(edit);
  }
  return made;
}

/** A text after its edits, none of which overlap, with offsets in the text before. */
export interface ChangedText {
  readonly after: string;
  readonly edits: readonly Edit[];
}

/** Two changes of the same text in one; null where they touch the same place. What both do alike is done once. */
export function together(one: ChangedText, other: ChangedText): ChangedText | null {
  const more = other.edits.filter((edit) => !one.edits.some((made) => isSame(made, edit)));
  if (more.some((edit) => one.edits.some((made) => touchSame(made, edit)))) return null;
  const moved = more.map((edit) => {
    const by = shiftBefore(one.edits, edit);
    return { ...edit, start: edit.start + by, end: edit.end + by };
  });
  return { after: withEdits(one.after, moved), edits: madeEdits([...one.edits, ...more]) };
}

const isSame = (a: Edit, b: Edit): boolean => a.start === b.start && a.end === b.end && a.text === b.text;

/** Two insertions at one place have no order of their own; a piece that ends where another begins has. */
const touchSame = (a: Edit, b: Edit): boolean =>
  (a.start < b.end && b.start < a.end) || (a.start === a.end && b.start === b.end && a.start === b.start);

/** How much longer the text became before a place. */
const shiftBefore = (edits: readonly Edit[], { start }: Edit): number =>
  edits.filter(({ end }) => end <= start).reduce((sum, made) => sum + made.text.length - (made.end - made.start), 0);
