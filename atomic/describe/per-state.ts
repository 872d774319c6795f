// Remembers what was found out about a view for as long as its set stays what it was.

import type { Repository } from '../repository/repository.ts';
import type { View } from '../repository/view.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';

export function perState<Value>(
  find: (repository: Repository, view: View) => Value,
): (repository: Repository, view: View) => Value {
  const remembered = new WeakMap<View, { readonly set: ReadonlyPatchSet; readonly value: Value }>();
  return (repository, view) => {
    const known = remembered.get(view);
    if (known?.set.equals(view.set) === true) return known.value;
    const value = find(repository, view);
    remembered.set(view, { set: view.set.clone(), value });
    return value;
  };
}
