// The files of a channel, one of them with who wrote each line; also as they would be without some patches.

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronLeft, FileSearch } from 'lucide-react';

import { buttonLook } from '../components/button.tsx';
import { classes } from '../components/classes.ts';
import { Empty } from '../components/empty.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { FileCard } from './file-card.tsx';
import { fileQuery, treeQuery } from './queries.ts';
import { RepositoryFrame } from './repository-frame.tsx';
import { changed, textsIn } from '../shell/address-texts.ts';
import { TreeCard } from './tree-card.tsx';
import { WithoutBar } from './without-bar.tsx';

export function FilesPage() {
  const { repository } = useParams({ from: '/atomic/$repository/files' });
  const search = useSearch({ from: '/atomic/$repository/files' });
  const navigate = useNavigate({ from: '/atomic/$repository/files' });
  const { channel, without, path } = search;
  const tree = useQuery(treeQuery(repository, { channel, without }));
  return (
    <RepositoryFrame
      repository={repository}
      channel={channel}
      title={path ?? 'Files'}
      onChannel={(name) => void navigate({ search: changed(search, { channel: name }) })}
    >
      {(detail) => (
        <>
          <WithoutBar
            detail={detail}
            without={without}
            leftOut={tree.isPlaceholderData ? null : tree.data?.leftOut}
            onChange={(expression) =>
              void navigate({ search: changed(search, { without: expression }), replace: true })
            }
          />
          <Screen face={faceOf(tree)} loading="Loading the files">
            {(value) => (
              <div className="grid items-start gap-6 lg:grid-cols-[280px_minmax(0,1fr)]">
                {/* On a phone one thing at a time: the file, or the files. */}
                <div className={classes('min-w-0', path !== undefined && 'max-lg:hidden')}>
                  <TreeCard
                    repository={repository}
                    search={textsIn(search, ['channel', 'without'])}
                    tree={value}
                    path={path}
                  />
                </div>
                {path === undefined ? (
                  <NoneChosen />
                ) : (
                  <div className="min-w-0 space-y-3">
                    <Link
                      to="/atomic/$repository/files"
                      params={{ repository }}
                      search={textsIn(search, ['channel', 'without'])}
                      className={buttonLook({ size: 'small', className: 'lg:hidden' })}
                    >
                      <ChevronLeft aria-hidden /> All files
                    </Link>
                    <OneFile repository={repository} search={{ ...search, path }} />
                  </div>
                )}
              </div>
            )}
          </Screen>
        </>
      )}
    </RepositoryFrame>
  );
}

function NoneChosen() {
  return (
    <Empty icon={FileSearch} title="Choose a file">
      <p>Each of its lines shows who, or which model, wrote it, and in which patch.</p>
    </Empty>
  );
}

interface OneFileFace {
  readonly repository: string;
  readonly search: { readonly channel?: string; readonly without?: string; readonly path: string };
}

function OneFile({ repository, search }: OneFileFace) {
  const pages = useInfiniteQuery(fileQuery(repository, search));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  return (
    <Screen face={faceOf(pages)} loading="Loading the file">
      {({ pages: [first, ...rest] }) =>
        first !== undefined && (
          <FileCard
            key={first.path}
            repository={repository}
            channel={search.channel}
            pages={[first, ...rest]}
            more={hasNextPage ? { isLoading: isFetchingNextPage, load: () => void fetchNextPage() } : undefined}
          />
        )
      }
    </Screen>
  );
}
