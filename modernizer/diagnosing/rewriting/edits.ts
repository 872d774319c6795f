// Changes of texts as a list of pieces to replace, applied at once. Pure.

export interface Edit {
  /** Offsets in the text before: what lies between them is replaced. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with every edit made; of two that overlap the first one is made. */
export function withEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  let [result, at] = ['', 0];
  for (const edit of sorted) {
    if (edit.start < at) continue;
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}
