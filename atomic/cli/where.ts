// Expressions that choose patches, as a person types them.

import { whereWrong } from '../attribution/faults.ts';
import { mistakeText, parseWhere, type Where } from '../attribution/where.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { Repository } from '../repository/repository.ts';
import { selectPatches } from '../repository/select-patches.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import { registryOf } from './registry-file.ts';
import type { Shell } from './shell.ts';

/** Throws ATOMIC_WHERE_WRONG. */
export function parseExpression(expression: string): Where {
  const parsed = parseWhere(expression);
  if (parsed.kind === 'where') return parsed.where;
  throw whereWrong(expression, parsed.expected, mistakeText(expression, parsed));
}

export function chosenPatches(
  shell: Shell,
  repository: Repository,
  { expression, among }: { readonly expression: string; readonly among: ReadonlyPatchSet },
): readonly PatchNumber[] {
  const where = parseExpression(expression);
  const view = repository.view();
  return selectPatches(repository.store, among, { where, registry: registryOf(repository.root), view });
}
