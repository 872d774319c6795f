import { useQueryClient } from '@tanstack/react-query';
import type { Movement } from 'atomic/protocol';

import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { movePatches } from './queries.ts';
import { doneText, isNamedWhole, opposite } from './take-state.ts';

/** Moves patches, says so with a way back, and has everything about repositories read anew. */
export function useMovement(repository: string, done: () => void) {
  const queries = useQueryClient();
  const readAnew = (): void => void queries.invalidateQueries({ queryKey: ['atomic'] });
  const undo = useOrder({
    send: movePatches,
    doing: 'Taking it back',
    done: (movement: Movement) => {
      readAnew();
      if (movement.outcome === 'done') tell('Taken back.', { tone: 'good' });
      else tell('It was not taken back.', { tone: 'bad', detail: 'Other patches build on these by now.' });
    },
  });
  return useOrder({
    send: movePatches,
    doing: 'Moving the patches',
    quiet: true,
    done: (movement: Movement) => {
      readAnew();
      done();
      const { direction, channel, hashes } = movement;
      // Where not all of them are named, taking back those that are would be another state.
      if (!isNamedWhole(movement))
        return tell(doneText(movement), { tone: 'good', detail: 'atomic undo takes it back.' });
      tell(doneText(movement), {
        tone: 'good',
        action: {
          label: 'Undo',
          run: () =>
            undo.mutate({
              key: freshKey(),
              repository,
              channel,
              direction: opposite(direction),
              asked: { patches: [...hashes] },
            }),
        },
      });
    },
  });
}
