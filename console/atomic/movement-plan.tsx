// A movement in words: what is asked for, what comes along and why, which files, what is in conflict then.

import { FileText, TriangleAlert } from 'lucide-react';
import type { Movement, PatchLine } from 'atomic/protocol';

import { Chip } from '../components/chip.tsx';
import { actorLook } from './looks.ts';
import { PatchSays } from './patch-row.tsx';
import { conflictWords, movementWords, reasonsText } from './take-state.ts';
import { filesText, titleOf } from './words.ts';

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
