// One patch in a list.

import { Link } from '@tanstack/react-router';
import { BadgeCheck } from 'lucide-react';
import type { PatchLine } from 'atomic/protocol';

import { Chip } from '../components/chip.tsx';
import { Moment } from '../components/moment.tsx';
import { actorLook } from './looks.ts';
import { channelIn } from './search.ts';
import { filesText, modelWord, shortHash, titleOf } from './words.ts';

interface PatchRowFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly patch: PatchLine;
}

export function PatchRow({ repository, channel, patch }: PatchRowFace) {
  return (
    <Link
      to="/atomic/$repository/patches/$patch"
      params={{ repository, patch: patch.hash }}
      search={channelIn(channel === undefined ? {} : { channel })}
      data-row=""
      className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1.5 px-4 py-2.5 -outline-offset-2 transition-colors hover:bg-sunken sm:px-5 md:grid-cols-[116px_minmax(0,1fr)_auto]"
    >
      <Chip look={actorLook(patch.who.actor)} className="max-md:order-2" />
      <span className="order-1 col-span-2 min-w-0 md:order-none md:col-span-1">
        <span className="block truncate font-medium">{titleOf(patch.message)}</span>
        <PatchSays patch={patch} />
      </span>
      <span className="order-3 flex items-center justify-end gap-3 text-sm text-ink-soft md:w-44">
        <Moment at={patch.at} />
        <code className="font-mono text-xs text-ink-faint">{shortHash(patch.hash)}</code>
      </span>
    </Link>
  );
}

/** Who, with which model, where. */
export function PatchSays({ patch }: { readonly patch: PatchLine }) {
  const { author, who, paths, files } = patch;
  const [first] = paths;
  return (
    <span className="flex min-w-0 items-center gap-x-1.5 text-xs text-ink-soft">
      <span className="max-w-[40%] shrink-0 truncate">{author.name}</span>
      {who.model !== null && (
        <span className="max-w-[45%] shrink-0 truncate">
          <span aria-hidden>· </span>
          with {modelWord(who.model)}
        </span>
      )}
      {first !== undefined && (
        <span className="min-w-0 truncate font-mono max-sm:hidden">
          <span aria-hidden>· </span>
          {files === 1 ? first : `${first} and ${filesText(files - 1)}`}
        </span>
      )}
      {patch.isSigned && (
        <span className="inline-flex shrink-0 items-center gap-1 text-good">
          <BadgeCheck aria-hidden className="size-3.5" />
          signed
        </span>
      )}
    </span>
  );
}
