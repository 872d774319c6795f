// One patch: what it did, who wrote it, what it builds on, what builds on it.

import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { CircleMinus, GitFork } from 'lucide-react';
import { useState } from 'react';
import type { PatchDetail } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { CopyButton } from '../components/copy-line.tsx';
import { Moment } from '../components/moment.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { AttributionCard } from './attribution-card.tsx';
import { ChangeCard } from './change-card.tsx';
import { actorLook } from './looks.ts';
import { MovementDrawer } from './movement-drawer.tsx';
import { NeighbourLists, NeighboursGraph } from './neighbours.tsx';
import { patchQuery } from './queries.ts';
import { TrustCard } from './trust-card.tsx';
import { filesText, modelWord, shortHash, titleOf } from './words.ts';

export function PatchPage() {
  const { repository, patch } = useParams({ from: '/atomic/$repository/patches/$patch' });
  const { channel } = useSearch({ from: '/atomic/$repository/patches/$patch' });
  const detail = useQuery(patchQuery({ repository, channel }, patch));
  usePageTitle(`${repository}: ${detail.data === undefined ? shortHash(patch) : titleOf(detail.data.message)}`);
  return (
    <Screen face={faceOf(detail)} loading="Loading the patch" heading={`Patch ${shortHash(patch)}`}>
      {(value) => <PatchDrawing repository={repository} channel={channel} patch={value} />}
    </Screen>
  );
}

interface PatchDrawingFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly patch: PatchDetail;
}

export function PatchDrawing({ repository, channel, patch }: PatchDrawingFace) {
  return (
    <>
      <Heading repository={repository} channel={channel} patch={patch} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="min-w-0 space-y-4 max-lg:order-2">
          <h2 className="text-sm font-semibold">What it did, in {filesText(patch.changes.length)}</h2>
          {patch.changes.map((change) => (
            <ChangeCard key={change.path} {...{ repository, channel, change }} credits={patch.credits} />
          ))}
          {patch.changes.length === 0 && <p className="text-ink-soft">It changes no file by itself.</p>}
        </div>
        <div className="min-w-0 space-y-6 max-lg:order-1">
          <AttributionCard patch={patch} />
          <Card title="What builds on what" icon={GitFork} bare>
            <NeighboursGraph repository={repository} channel={channel} patch={patch} />
            <NeighbourLists repository={repository} channel={channel} patch={patch} />
          </Card>
          <TrustCard patch={patch} />
        </div>
      </div>
    </>
  );
}

/** Leaves this one patch, or takes it: explained before it is done. */
function MoveButton({ repository, patch }: Pick<PatchDrawingFace, 'repository' | 'patch'>) {
  const [isAsked, setAsked] = useState(false);
  const direction = patch.isHere ? 'leave' : 'take';
  return (
    <>
      <Button size="small" onClick={() => setAsked(true)}>
        {patch.isHere ? `Leave out of ${patch.channel}…` : `Take into ${patch.channel}…`}
      </Button>
      {isAsked && (
        <MovementDrawer
          {...{ repository, direction }}
          channel={patch.channel}
          chosen={{ patches: [patch.hash] }}
          onClose={() => setAsked(false)}
          onDone={() => setAsked(false)}
        />
      )}
    </>
  );
}

function Heading({ repository, channel, patch }: PatchDrawingFace) {
  const { hash, message, description, who, author, at, isHere, channels } = patch;
  return (
    <header className="mb-6 space-y-2">
      <p className="text-sm">
        <Link
          to="/atomic/$repository"
          params={{ repository }}
          search={channel === undefined ? {} : { channel }}
          className="rounded font-medium text-accent-text hover:underline"
        >
          {repository}
        </Link>
        <span className="text-ink-soft"> · patch of channel {patch.channel}</span>
      </p>
      <h1 className="text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">{titleOf(message)}</h1>
      {description !== '' && (
        <p className="max-w-3xl whitespace-pre-line text-ink-soft [overflow-wrap:anywhere]">{description}</p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-ink-soft">
        <Chip look={actorLook(who.actor)} />
        <span>
          {author.name}
          {who.model !== null && ` with ${modelWord(who.model)}`}
        </span>
        <Moment at={at} />
        <span className="flex min-w-0 items-center gap-2">
          <code className="font-mono text-xs">{shortHash(hash)}</code>
          <CopyButton text={hash} label="Copy the whole hash" />
        </span>
        <MoveButton repository={repository} patch={patch} />
        {!isHere && (
          <Chip
            look={{
              tone: 'warn',
              icon: CircleMinus,
              word: channels.length === 0 ? 'In no channel' : `Only in ${channels.join(', ')}`,
            }}
          />
        )}
      </div>
    </header>
  );
}
