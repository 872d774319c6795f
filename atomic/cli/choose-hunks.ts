// Choosing hunks on a terminal. (To come.)
import type { Change } from '../working-copy/changes.ts';
import type { Repository } from '../repository/repository.ts';
import type { Shell } from './shell.ts';

export type ChosenHunks =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'chosen';
      readonly isChosen: (change: Change) => boolean;
      readonly partOf: (change: Change) => Buffer | undefined;
    };

export async function chooseHunks(
  _shell: Shell,
  _repository: Repository,
  isChosen: (change: Change) => boolean,
): Promise<ChosenHunks> {
  return { kind: 'chosen', isChosen, partOf: () => undefined };
}
