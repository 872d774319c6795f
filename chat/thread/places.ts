// The order of the messages that are shown. Pure.

export const withoutId = (ids: readonly string[], id: string): readonly string[] => ids.filter((each) => each !== id);

/** Another branch begins where this message stands: what followed it is on the old branch. */
export function placedInstead(ids: readonly string[], instead: string, id: string): readonly string[] {
  const at = ids.indexOf(instead);
  return at < 0 ? [...withoutId(ids, id), id] : [...ids.slice(0, at), id];
}
