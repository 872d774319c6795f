// What every page of a repository begins with: its name, its channels, its state, and its four pages.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { GitFork, History, ListChecks, FolderTree, type LucideIcon } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import type { RepositoryDetail } from 'atomic/protocol';

import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { ConflictsNotice } from './conflicts-notice.tsx';
import { repositoryQuery } from './queries.ts';
import { SelectField } from '../components/select-field.tsx';
import { patchesText, shortHash } from './words.ts';

interface Page {
  readonly to:
    '/atomic/$repository' | '/atomic/$repository/files' | '/atomic/$repository/graph' | '/atomic/$repository/take';
  readonly label: string;
  readonly icon: LucideIcon;
}

const PAGES: readonly Page[] = [
  { to: '/atomic/$repository', label: 'History', icon: History },
  { to: '/atomic/$repository/files', label: 'Files', icon: FolderTree },
  { to: '/atomic/$repository/graph', label: 'Graph', icon: GitFork },
  { to: '/atomic/$repository/take', label: 'Take and leave', icon: ListChecks },
];

interface RepositoryFrameFace {
  readonly repository: string;
  readonly channel: string | undefined;
  /** What this page is called, beside the repository's name. */
  readonly title: string;
  readonly onChannel: (channel: string) => void;
  readonly children: (detail: RepositoryDetail) => ReactNode;
}

export function RepositoryFrame({ repository, channel, title, onChannel, children }: RepositoryFrameFace) {
  const detail = useQuery(repositoryQuery({ repository, channel }));
  useReadAnew(repository, detail.data?.root);
  const name = detail.data?.repository.name ?? repository;
  usePageTitle(`${name}: ${title}`);
  return (
    <Screen face={faceOf(detail)} loading="Opening the repository" heading={`${name}: ${title}`}>
      {(value) => (
        <>
          <Heading detail={value} channel={channel ?? value.current} title={title} onChannel={onChannel} />
          <Pages repository={repository} channel={channel} />
          {value.conflictsInAll > 0 && <ConflictsNotice repository={repository} channel={channel} detail={value} />}
          {children(value)}
        </>
      )}
    </Screen>
  );
}

/** Somebody recorded or moved patches meanwhile: what else is shown of the repository is asked for again. */
function useReadAnew(repository: string, root: string | undefined): void {
  const queries = useQueryClient();
  const known = useRef(root);
  useEffect(() => {
    if (known.current !== undefined && known.current !== root) {
      const isOfIt = ({ queryKey }: { readonly queryKey: readonly unknown[] }): boolean =>
        queryKey[0] === 'atomic' && queryKey[1] !== 'one' && queryKey[2] === repository;
      void queries.invalidateQueries({ predicate: isOfIt });
    }
    known.current = root;
  }, [queries, repository, root]);
}

interface HeadingFace {
  readonly detail: RepositoryDetail;
  readonly channel: string;
  readonly title: string;
  readonly onChannel: (channel: string) => void;
}

function Heading({ detail, channel, title, onChannel }: HeadingFace) {
  const { repository, channels, root } = detail;
  return (
    <header className="mb-4 flex flex-wrap items-end gap-x-6 gap-y-3">
      <div className="min-w-0 flex-1 basis-64">
        <h1 className="text-2xl font-semibold tracking-tight [overflow-wrap:anywhere]">
          {repository.name}
          <span className="sr-only">: {title}</span>
        </h1>
        <p className="mt-0.5 truncate font-mono text-xs text-ink-soft" title={repository.path}>
          {repository.path}
        </p>
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2">
        <span className="text-sm text-ink-soft" title={`State ${root}: equal on every machine with the same patches.`}>
          State <code className="font-mono text-xs">{shortHash(root)}</code>
        </span>
        <SelectField
          label="Channel"
          labelShown
          value={channel}
          onChange={onChannel}
          options={channels.map(({ name, patches, isCurrent }) => ({
            value: name,
            label: `${name} (${patchesText(patches)}${isCurrent ? ', current' : ''})`,
          }))}
        />
      </div>
    </header>
  );
}

function Pages({ repository, channel }: { readonly repository: string; readonly channel: string | undefined }) {
  return (
    <nav aria-label="Pages of the repository" className="mb-6 overflow-x-auto border-b">
      <ul className="flex min-w-max gap-1">
        {PAGES.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link
              to={to}
              params={{ repository }}
              search={channel === undefined ? {} : { channel }}
              activeOptions={{ exact: true, includeSearch: false }}
              className="flex h-10 items-center gap-2 border-b-2 border-transparent px-2.5 text-sm text-ink-soft -outline-offset-2 hover:text-ink sm:px-3"
              activeProps={{ className: '!border-accent font-medium !text-ink', 'aria-current': 'page' }}
            >
              <Icon aria-hidden className="size-4 max-sm:hidden" />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
