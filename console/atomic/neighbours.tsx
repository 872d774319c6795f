// A patch between what it builds on and what builds on it, as a small picture and as lists.

import { Link } from '@tanstack/react-router';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { PatchDetail, PatchLine } from 'atomic/protocol';

import { actorLook } from './looks.ts';
import { shortHash, titleOf } from './words.ts';

const PatchPicture = lazy(async () => ({ default: (await import('./patch-picture.tsx')).PatchPicture }));

/** More on one side than this is no picture; the lists have them. */
const DRAWN_MAX = 4;

interface NeighboursFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly patch: PatchDetail;
}

export function NeighboursGraph({ repository, channel, patch }: NeighboursFace) {
  const [failed, setFailed] = useState(false);
  const navigate = useNavigate();
  const below = patch.dependencies.patches.slice(0, DRAWN_MAX);
  const above = patch.dependents.patches.slice(0, DRAWN_MAX);
  if (failed || below.length + above.length === 0) return null;
  return (
    <Suspense fallback={<div className="h-48 animate-shimmer bg-sunken" />}>
      <PatchPicture
        nodes={[...above, patch, ...below]}
        edges={[
          ...above.map(({ hash }) => ({ from: hash, to: patch.hash })),
          ...below.map(({ hash }) => ({ from: patch.hash, to: hash })),
        ]}
        marked={patch.hash}
        label="What builds on what: the lists below say the same."
        height={220}
        onOpen={(hash) =>
          void navigate({
            to: '/atomic/$repository/patches/$patch',
            params: { repository, patch: hash },
            search: channel === undefined ? {} : { channel },
          })
        }
        onFailed={() => setFailed(true)}
      />
    </Suspense>
  );
}

export function NeighbourLists({ repository, channel, patch }: NeighboursFace) {
  return (
    <div className="space-y-4 px-4 py-4 sm:px-5">
      <NeighbourList
        title="It builds on"
        empty="Nothing: it stands by itself."
        side={patch.dependencies}
        {...{ repository, channel }}
      />
      <NeighbourList
        title="Built on it"
        empty="Nothing: it may be left alone."
        side={patch.dependents}
        {...{ repository, channel }}
      />
    </div>
  );
}

interface NeighbourListFace extends Omit<NeighboursFace, 'patch'> {
  readonly title: string;
  readonly empty: string;
  readonly side: { readonly patches: readonly PatchLine[]; readonly inAll: number };
}

function NeighbourList({ title, empty, side, repository, channel }: NeighbourListFace) {
  return (
    <div>
      <h3 className="text-xs font-medium text-ink-soft">
        {title} <span className="numeric">{side.inAll}</span>
      </h3>
      {side.inAll === 0 && <p className="text-sm text-ink-soft">{empty}</p>}
      <ul className="mt-1 space-y-1 text-sm">
        {side.patches.map(({ hash, message, who }) => (
          <li key={hash} className="min-w-0">
            <Link
              to="/atomic/$repository/patches/$patch"
              params={{ repository, patch: hash }}
              search={channel === undefined ? {} : { channel }}
              className="flex items-baseline gap-2 rounded hover:text-accent-text"
            >
              <code className="font-mono text-xs text-ink-soft">{shortHash(hash)}</code>
              <span className="min-w-0 flex-1 truncate">{titleOf(message)}</span>
              <span className="shrink-0 text-xs text-ink-soft">{actorLook(who.actor).word}</span>
            </Link>
          </li>
        ))}
        {side.inAll > side.patches.length && (
          <li className="text-ink-soft">and {side.inAll - side.patches.length} more</li>
        )}
      </ul>
    </div>
  );
}
