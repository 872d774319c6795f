// What taking or leaving would do, before it is done: what comes along and why, which files, what is in conflict then.

import { useQuery } from '@tanstack/react-query';
import { FileText, TriangleAlert } from 'lucide-react';
import { Fault, toFault } from 'kernel/basics';
import { useRef } from 'react';
import type { Direction, Movement, PatchLine } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Chip } from '../components/chip.tsx';
import { Drawer } from '../components/drawer.tsx';
import { FaultCard } from '../components/fault-card.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { freshKey } from '../requests/orders.ts';
import { actorLook } from './looks.ts';
import { PatchSays } from './patch-row.tsx';
import { planQuery } from './queries.ts';
import { conflictWords, movementWords, reasonsText, type Chosen } from './take-state.ts';
import { useMovement } from './use-movement.ts';
import { filesText, titleOf } from './words.ts';

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

export function PlanDrawing({ movement }: { readonly movement: Movement }) {
  const words = movementWords(movement);
  const { asked, askedInAll, also, alsoInAll, paths, pathsInAll, isCurrent } = movement;
  if (movement.outcome === 'nothing') {
    return (
      <p className="py-8 text-center text-ink-soft">
        Nothing to do: {movement.direction === 'take' ? 'the channel has them all.' : 'the channel has none of them.'}
      </p>
    );
  }
  return (
    <>
      <PatchSection title={words.asked} patches={asked} inAll={askedInAll} />
      {alsoInAll > 0 && (
        <section>
          <h3 className="mb-2 text-sm font-semibold">{words.also}</h3>
          <ul className="divide-y rounded-lg border">
            {also.map((each) => (
              <li key={each.patch.hash} className="px-3 py-2">
                <PlannedPatch patch={each.patch} />
                <p className="mt-1 text-sm text-ink-soft [overflow-wrap:anywhere]">
                  {words.why}: {reasonsText(each)}
                </p>
              </li>
            ))}
            <More shown={also.length} inAll={alsoInAll} />
          </ul>
        </section>
      )}
      <section className="space-y-2 text-sm">
        <h3 className="font-semibold">What follows</h3>
        <p className="flex gap-2">
          <FileText aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
          <span className="min-w-0 [overflow-wrap:anywhere]">
            {isCurrent
              ? `${filesText(pathsInAll)} in the folder may change with it: `
              : `The folder stays as it is, because another channel is current. It is about ${filesText(pathsInAll)}: `}
            <span className="font-mono text-xs">{paths.slice(0, PATHS_SHOWN).join(', ')}</span>
            {pathsInAll > PATHS_SHOWN && ` and ${pathsInAll - PATHS_SHOWN} more`}. Changes of yours that are not
            recorded are kept, or all of it is refused.
          </span>
        </p>
        <p className="flex gap-2">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-faint" />
          {conflictWords(movement)}
        </p>
      </section>
    </>
  );
}

const PATHS_SHOWN = 8;

interface PatchSectionFace {
  readonly title: string;
  readonly patches: readonly PatchLine[];
  readonly inAll: number;
}

function PatchSection({ title, patches, inAll }: PatchSectionFace) {
  return (
    <section>
      <h3 className="mb-2 text-sm font-semibold">{title}</h3>
      <ul className="divide-y rounded-lg border">
        {patches.map((patch) => (
          <li key={patch.hash} className="px-3 py-2">
            <PlannedPatch patch={patch} />
          </li>
        ))}
        <More shown={patches.length} inAll={inAll} />
      </ul>
    </section>
  );
}

function More({ shown, inAll }: { readonly shown: number; readonly inAll: number }) {
  return inAll > shown ? <li className="px-3 py-2 text-sm text-ink-soft">and {inAll - shown} more</li> : null;
}

function PlannedPatch({ patch }: { readonly patch: PatchLine }) {
  return (
    <div className="flex min-w-0 items-start gap-3">
      <Chip look={actorLook(patch.who.actor)} className="max-sm:hidden" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">{titleOf(patch.message)}</p>
        <PatchSays patch={patch} />
      </div>
    </div>
  );
}
