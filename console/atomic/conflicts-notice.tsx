// Where the patches of a channel disagree, on every page of its repository.

import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { RepositoryDetail } from 'atomic/protocol';

import { channelIn } from './search.ts';
import { conflictsText } from './words.ts';

/** Conflicts that a line has room for. */
const CONFLICTS_SHOWN = 5;

interface ConflictsFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly detail: RepositoryDetail;
}

export function ConflictsNotice({ repository, channel, detail: { conflicts, conflictsInAll } }: ConflictsFace) {
  const paths = [...new Set(conflicts.map(({ path }) => path))];
  return (
    <section
      aria-label="Conflicts"
      className="mb-6 flex gap-3 rounded-xl border border-warn-solid/40 bg-surface px-4 py-3 shadow-card"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
      <div className="min-w-0">
        <p className="font-medium">{conflictsText(conflictsInAll)} in this channel</p>
        <p className="text-sm text-ink-soft">
          Nothing is lost: each side is in the file, and any later patch may settle it.
        </p>
        <ul className="mt-1 flex flex-wrap gap-x-4 text-sm">
          {paths.slice(0, CONFLICTS_SHOWN).map((path) => (
            <li key={path} className="[overflow-wrap:anywhere]">
              <Link
                to="/atomic/$repository/files"
                params={{ repository }}
                search={{ ...channelIn(channel === undefined ? {} : { channel }), path }}
                className="rounded font-mono text-xs text-accent-text underline"
              >
                {path}
              </Link>
            </li>
          ))}
          {paths.length > CONFLICTS_SHOWN && <li>and {paths.length - CONFLICTS_SHOWN} more</li>}
        </ul>
      </div>
    </section>
  );
}
