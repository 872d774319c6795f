/** Marks the end of an exhaustive `switch`: a new outcome breaks the build where it was forgotten. */
export function unreachable(value: never): never {
  throw new TypeError(`An outcome nobody handles was reached: ${JSON.stringify(value)}`);
}
