export { Direction, MOVED_PATCHES_MAX, Movement, MovementAsked, Reason } from './movement.ts';
export {
  Attribution,
  DiffHunk,
  DiffLine,
  FileChange,
  GraphQuery,
  HistoryQuery,
  PatchDetail,
  PatchGraph,
  PatchLine,
  PatchPage,
  Review,
  Signature,
  StateQuery,
} from './patch.ts';
export {
  Channel,
  Conflict,
  ListedRepository,
  Repositories,
  Repository,
  RepositoryDetail,
  RepositoryForgotten,
  RepositoryName,
  RepositoryRegistered,
  RepositoryToRegister,
  Standing,
} from './repository.ts';
export { FileDetail, FileLine, FileQuery, LeftOut, StatisticsDetail, Tree, TreeEntry } from './tree.ts';
export { Actor, ACTOR_CLASSES, ActorClass, Author, classOf, Credit, Shares, Who } from './who.ts';
