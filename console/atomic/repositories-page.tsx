// The repositories that the workbench knows, and where one more is registered.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Diff } from 'lucide-react';

import { Button } from '../components/button.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { Empty } from '../components/empty.tsx';
import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { sessionQuery } from '../requests/queries.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { repositoriesQuery } from './queries.ts';
import { RegisterCard } from './register-card.tsx';
import { RepositoryCard } from './repository-card.tsx';

export function RepositoriesPage() {
  usePageTitle('Atomic');
  const pages = useInfiniteQuery(repositoriesQuery);
  const session = useQuery(sessionQuery);
  const isOwner = session.data?.role === 'owner';
  const face = mapFace(faceOf(pages), (data) => data.pages.flatMap(({ repositories }) => repositories));
  return (
    <>
      <PageHeader
        title="Atomic"
        lead="Code as patches that may be taken and left in any order, with credit for every byte: which person, which model."
      />
      <div className="space-y-6">
        {isOwner && <RegisterCard />}
        <Screen face={face} loading="Loading the repositories">
          {(repositories) =>
            repositories.length === 0 ? (
              <NoneYet />
            ) : (
              <>
                <ul aria-label="Repositories" className="grid gap-4 lg:grid-cols-2">
                  {repositories.map((listed) => (
                    <li key={listed.repository.id} className="min-w-0">
                      <RepositoryCard listed={listed} mayForget={isOwner} />
                    </li>
                  ))}
                </ul>
                {pages.hasNextPage && (
                  <div className="text-center">
                    <Button onClick={() => void pages.fetchNextPage()}>Load more</Button>
                  </div>
                )}
              </>
            )
          }
        </Screen>
      </div>
    </>
  );
}

function NoneYet() {
  return (
    <Empty icon={Diff} title="No repository yet">
      <p>Begin one in any folder, in a terminal on the machine Tandem runs on:</p>
      <CopyLine className="mt-3 text-left" line="atomic init" label="Copy the command that begins a repository" />
      <p className="mt-4">Or bring the history of the git repository you are in:</p>
      <CopyLine
        className="mt-3 text-left"
        line="atomic git import ."
        label="Copy the command that imports a git repository"
      />
      <p className="mt-4">Then register its path above.</p>
    </Empty>
  );
}
