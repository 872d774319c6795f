// The patches that a command is about: named by the beginnings of their hashes, or chosen by an expression.

import type { PatchNumber } from '../patches/facts.ts';
import type { Repository } from '../repository/repository.ts';
import type { ReadonlyPatchSet } from '../store/patch-set.ts';
import { optionsContradict, patchesUnnamed } from './faults.ts';
import type { Shell } from './shell.ts';

export interface PatchesQuestion {
  /** For the message when nothing is named. */
  readonly command: string;
  readonly typed: readonly string[];
  readonly where: string | undefined;
  /** What an expression chooses from. */
  readonly among: ReadonlyPatchSet;
}

/** In the order in which they were named, or by number. Throws for a name that no patch, or more than one, has. */
export async function namedPatches(
  shell: Shell,
  repository: Repository,
  { command, typed, where, among }: PatchesQuestion,
): Promise<readonly PatchNumber[]> {
  if (where !== undefined && typed.length > 0) {
    throw optionsContradict('--where', 'names of patches', 'Either patches are named, or an expression chooses them.');
  }
  if (where === undefined) {
    if (typed.length === 0) throw patchesUnnamed(command);
    return [...new Set(typed.map((text) => repository.find(text)))];
  }
  const { chosenPatches } = await import('./where.ts');
  return chosenPatches(shell, repository, { expression: where, among });
}
