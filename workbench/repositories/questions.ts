// What is asked of a repository and what the answer is. Answered in a thread of its own (thread.ts), because a large
// view is some seconds of work, and the server has others to answer meanwhile.
// Rule: reading opens a repository read-only and keeps it for the next question; moving patches opens it for writing, for
// as long as that takes.

import {
  describeFile,
  describePatch,
  describeRepository,
  describeStatistics,
  describeTree,
  pageOfHistory,
  patchGraph,
  planMovement,
  standingOf,
  type MovementQuery,
  type PatchQuery,
} from 'atomic/describe';
import type {
  FileDetail,
  FileQuery,
  GraphQuery,
  HistoryQuery,
  Movement,
  PatchDetail,
  PatchGraph,
  PatchPage,
  RepositoryDetail,
  Standing,
  StateQuery,
  StatisticsDetail,
  Tree,
} from 'atomic/protocol';
import { applyPatches, openRepository, unrecordPatches, type Repository } from 'atomic/repository';

import { systemClock } from 'kernel/basics';

import type { OpenRepositories } from './open-repositories.ts';

interface MoveQuery extends MovementQuery {
  readonly dryRun: boolean;
  /** For the audit log. */
  readonly actor: string;
}

export interface Queries {
  readonly standing: Readonly<Record<never, never>>;
  readonly repository: Pick<StateQuery, 'channel'>;
  readonly history: HistoryQuery;
  readonly patch: PatchQuery;
  readonly graph: GraphQuery;
  readonly tree: StateQuery;
  readonly file: FileQuery;
  readonly statistics: StateQuery;
  readonly move: MoveQuery;
}

export interface Answers {
  readonly standing: Standing;
  readonly repository: Omit<RepositoryDetail, 'repository'>;
  readonly history: PatchPage;
  readonly patch: PatchDetail;
  readonly graph: PatchGraph;
  readonly tree: Tree;
  readonly file: FileDetail;
  readonly statistics: StatisticsDetail;
  readonly move: Movement;
}

export type Question = keyof Queries;

/** Asks a repository that is kept open. Everything in one answer is of one moment. */
type Look = <Result>(read: (repository: Repository) => Result) => Result;

interface Asking<Name extends Question> {
  readonly root: string;
  readonly query: Queries[Name];
  readonly look: Look;
}

const ANSWERS: { readonly [Name in Question]: (asking: Asking<Name>) => Answers[Name] } = {
  standing: ({ look }) => look(standingOf),
  repository: ({ look, query }) => look((repository) => describeRepository(repository, query)),
  history: ({ look, query }) => look((repository) => pageOfHistory(repository, query)),
  patch: ({ look, query }) => look((repository) => describePatch(repository, query)),
  graph: ({ look, query }) => look((repository) => patchGraph(repository, query)),
  tree: ({ look, query }) => look((repository) => describeTree(repository, query)),
  file: ({ look, query }) => look((repository) => describeFile(repository, query)),
  statistics: ({ look, query }) => look((repository) => describeStatistics(repository, query, systemClock)),
  move: ({ root, query }) => move(root, query),
};

export function answer<Name extends Question>(
  open: OpenRepositories,
  { root, name, query }: { readonly root: string; readonly name: Name; readonly query: Queries[Name] },
): Answers[Name] {
  const look: Look = (read) => {
    const repository = open.at(root);
    return repository.store.read(() => read(repository));
  };
  return ANSWERS[name]({ root, query, look });
}

function move(root: string, { dryRun, actor, ...query }: MoveQuery): Movement {
  const repository = openRepository(root, { readOnly: dryRun, processName: 'the workbench' });
  try {
    const { asked, patches, movement } = planMovement(repository, query);
    if (dryRun || patches.length === 0) return movement;
    const { direction, channel } = query;
    const op = direction === 'take' ? 'apply' : 'unrecord';
    const command = { channel: movement.channel, op, args: { patches: movement.hashes }, actor };
    if (direction === 'take') applyPatches(repository, asked, command);
    else unrecordPatches(repository, asked, { ...command, withDependents: query.withDependents === true });
    return { ...movement, outcome: 'done', root: standingRoot(repository, channel) };
  } finally {
    repository.close();
  }
}

const standingRoot = (repository: Repository, channel: string): string =>
  standingOf(repository).channels.find(({ name }) => name === channel)?.root ?? '';
