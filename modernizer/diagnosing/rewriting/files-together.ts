// Several changes of a project's files as one, each made from the project as it is. Pure.
// Rule: a file that two of them change holds both, unless they touch the same place of it.

import { together, type Edit } from './edits.ts';

/** `edits` is absent where it was not written down; then no other change of the file goes with it. */
interface File {
  readonly path: string;
  readonly after: string;
  readonly edits?: readonly Edit[] | undefined;
}

export type FilesTogether =
  | { readonly kind: 'together'; readonly files: readonly File[] }
  | { readonly kind: 'same-place'; readonly path: string };

export function filesTogether(changes: readonly (readonly File[])[]): FilesTogether {
  const files = new Map<string, File>();
  for (const file of changes.flat()) {
    const before = files.get(file.path);
    const both = before === undefined ? file : inOne(before, file);
    if (both === null) return { kind: 'same-place', path: file.path };
    files.set(file.path, both);
  }
  return { kind: 'together', files: [...files.values()] };
}

function inOne(one: File, other: File): File | null {
  if (one.edits === undefined || other.edits === undefined) return null;
  const both = together({ after: one.after, edits: one.edits }, { after: other.after, edits: other.edits });
  return both === null ? null : { path: one.path, ...both };
}
