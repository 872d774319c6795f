// What taking or leaving would do, before it is done: what comes along and why, which files, what is in conflict then.

import { useQuery } from '@tanstack/react-query';
import { Fault, toFault } from 'kernel/basics';
import { useRef } from 'react';
import type { Direction } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Drawer } from '../components/drawer.tsx';
import { FaultCard } from '../components/fault-card.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { PlanDrawing } from './movement-plan.tsx';
import { planQuery } from './queries.ts';
import { movementWords, type Chosen } from './take-state.ts';
import { useMovement } from './use-movement.ts';

interface MovementDrawerFace {
  readonly repository: string;
  readonly channel: string;
  readonly direction: Direction;
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function MovementDrawer({ repository, channel, direction, chosen, onClose, onDone }: MovementDrawerFace) {
  const asked = { patches: [...chosen.patches], ...(chosen.expr === undefined ? {} : { expr: chosen.expr }) };
  const plan = useQuery(planQuery({ repository, channel, direction, asked }));
  const key = useRef(freshKey());
  const move = useMovement(repository, onDone);
  return (
    <Drawer
      open
      onClose={onClose}
      title={direction === 'take' ? `Take into ${channel}` : `Leave out of ${channel}`}
      description="What would happen. Nothing has been done yet."
    >
      <div className="min-h-0 flex-1 space-y-5 overflow-y-auto px-5 py-4" tabIndex={0} role="region" aria-label="Plan">
        {move.error !== null && <FaultCard fault={toFault(move.error, 'Moving the patches')} />}
        <Screen face={faceOf(plan)} loading="Working out what comes along">
          {(movement) => <PlanDrawing movement={movement} />}
        </Screen>
      </div>
      <footer className="flex justify-end gap-2 border-t px-5 py-3">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          look="primary"
          disabled={plan.data === undefined || plan.data.outcome !== 'planned' || move.isPending}
          onClick={() =>
            move.mutate(
              { key: key.current, repository, channel, direction, asked: { ...asked, withDependents: true } },
              // A refusal is an answer; the next try is another wish.
              { onError: (thrown) => thrown instanceof Fault && (key.current = freshKey()) },
            )
          }
        >
          {move.isPending ? 'Moving…' : plan.data === undefined ? 'Working out…' : movementWords(plan.data).order}
        </Button>
      </footer>
    </Drawer>
  );
}
