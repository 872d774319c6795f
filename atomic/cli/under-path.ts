// Paths and what lies below them.

/** Whether a path is one of these, or lies below one; '' is the top. */
export const isUnder = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => folder === '' || folder === path || path.startsWith(`${folder}/`));
