// Files of a state: the tree, one file with who wrote each of its lines, and who wrote how much of everything.

import * as z from 'zod/mini';

import { StateQuery } from './patch.ts';
import { Conflict, ModelCount } from './repository.ts';
import { Actor, Author, Credit, Shares } from './who.ts';

const PATH_LENGTH_MAX = 4096;

export const TreeEntry = z.object({
  path: z.string(),
  kind: z.string(),
  isExecutable: z.boolean(),
  /** What is in conflict about its place. */
  conflicts: z.array(z.string()),
});
export type TreeEntry = z.infer<typeof TreeEntry>;

/** What a state leaves out because of `without`: those that were chosen, and those that build on them. */
export const LeftOut = z.object({ chosen: z.number(), dependents: z.number() });

export type LeftOut = z.infer<typeof LeftOut>;

/** GET …/tree: sorted, folders before what lies in them. */
export const Tree = z.object({
  channel: z.string(),
  root: z.string(),
  leftOut: z.nullable(LeftOut),
  entries: z.array(TreeEntry),
  /** Also those beyond what one answer holds. */
  inAll: z.number(),
});
export type Tree = z.infer<typeof Tree>;

/** GET …/file */
export const FileQuery = z.object({
  ...StateQuery.shape,
  path: z.string().check(z.minLength(1), z.maxLength(PATH_LENGTH_MAX)),
  /** The first line that is wanted. */
  from: z._default(z.coerce.number().check(z.int(), z.minimum(1)), 1),
});
export type FileQuery = z.infer<typeof FileQuery>;

export const FileLine = z.object({
  text: z.string(),
  actor: Actor,
  /** Whose bytes it has, most first; empty: a marker, which is nobody's. */
  credits: z.array(z.object({ credit: z.number(), bytes: z.number() })),
  /** Which conflict of the file it lies in. */
  conflict: z.nullable(z.number()),
});
export type FileLine = z.infer<typeof FileLine>;

export const FileDetail = z.object({
  channel: z.string(),
  root: z.string(),
  leftOut: z.nullable(LeftOut),
  path: z.string(),
  kind: z.string(),
  isExecutable: z.boolean(),
  bytes: z.number(),
  /** Null: not text. */
  lines: z.nullable(z.array(FileLine)),
  from: z.number(),
  linesInAll: z.number(),
  credits: z.array(Credit),
  conflicts: z.array(Conflict),
  /** Bytes of the whole file by class. */
  shares: Shares,
});
export type FileDetail = z.infer<typeof FileDetail>;

/** GET …/statistics: bytes that are there now. */
export const StatisticsDetail = z.object({
  channel: z.string(),
  root: z.string(),
  leftOut: z.nullable(LeftOut),
  shares: Shares,
  patches: Shares,
  models: z.array(z.object({ ...ModelCount.shape, bytes: z.number() })),
  authors: z.array(z.object({ ...Author.shape, bytes: z.number() })),
  /** By path. */
  files: z.array(z.object({ path: z.string(), shares: Shares })),
  /** Fewer than there are where reading all of them would take too long. */
  filesRead: z.number(),
  filesInAll: z.number(),
});
export type StatisticsDetail = z.infer<typeof StatisticsDetail>;
