import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, Diff } from 'lucide-react';
import { useState } from 'react';
import type { ListedRepository, Standing } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { forgetRepository } from './queries.ts';
import { SharesBar } from './shares-bar.tsx';
import { patchesText, shortHash } from './words.ts';

interface RepositoryCardFace {
  readonly listed: ListedRepository;
  readonly mayForget: boolean;
}

/** One repository of the list: where it stands, or why it cannot be opened. */
export function RepositoryCard({ listed, mayForget }: RepositoryCardFace) {
  const { repository, standing, problem } = listed;
  return (
    <article className="flex h-full flex-col rounded-xl border bg-surface shadow-card">
      <div className="flex-1 p-4 sm:p-5">
        <h2 className="text-lg font-semibold [overflow-wrap:anywhere]">
          <Link
            to="/atomic/$repository"
            params={{ repository: repository.name }}
            data-row=""
            className="inline-flex items-center gap-2 rounded hover:text-accent-text"
          >
            <Diff aria-hidden className="size-4 shrink-0 text-ink-faint" />
            {repository.name}
          </Link>
        </h2>
        <p className="truncate font-mono text-xs text-ink-soft" title={repository.path}>
          {repository.path}
        </p>
        {standing !== null && <Stands standing={standing} />}
        {problem !== null && (
          <div className="mt-3 flex gap-2 rounded-lg bg-bad-soft px-3 py-2 text-sm [overflow-wrap:anywhere]">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
            <p>
              <span className="font-semibold text-bad">{problem.what}</span> {problem.why} {problem.next}
            </p>
          </div>
        )}
      </div>
      {mayForget && <Forgetting name={repository.name} />}
    </article>
  );
}

function Stands({ standing }: { readonly standing: Standing }) {
  const { channels, current, counts, root } = standing;
  const here = channels.find(({ isCurrent }) => isCurrent)?.patches ?? 0;
  const others = channels.length - 1;
  return (
    <>
      <p className="mt-3 text-sm">
        <span className="font-medium">{current}</span>: {patchesText(here)}, state{' '}
        <code className="font-mono text-xs">{shortHash(root)}</code>
        {others > 0 && (
          <span className="text-ink-soft"> and {others === 1 ? 'one other channel' : `${others} other channels`}</span>
        )}
      </p>
      <SharesBar shares={counts} unit="patches" className="mt-3" />
    </>
  );
}

/** The files stay, so it is no danger; still the first press only asks. */
function Forgetting({ name }: { readonly name: string }) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState(false);
  const forget = useOrder({
    send: forgetRepository,
    doing: 'Forgetting the repository',
    done: () => {
      void queries.invalidateQueries({ queryKey: ['atomic', 'list'] });
      tell(`${name} is forgotten. Its files are as they were.`);
    },
  });
  return (
    <div className="flex items-center justify-end gap-2 border-t px-4 py-2 sm:px-5">
      {asked ? (
        <>
          <span className="mr-auto text-sm text-ink-soft">Its files stay as they are.</span>
          <Button look="quiet" size="small" onClick={() => setAsked(false)}>
            Keep it
          </Button>
          <Button
            size="small"
            disabled={forget.isPending}
            onClick={() => forget.mutate({ key: freshKey(), repository: name })}
          >
            Forget {name}
          </Button>
        </>
      ) : (
        <Button look="quiet" size="small" onClick={() => setAsked(true)} aria-label={`Forget ${name}`}>
          Forget
        </Button>
      )}
    </div>
  );
}
