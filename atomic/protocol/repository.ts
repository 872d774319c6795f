// Repositories that are registered with the workbench, and where each stands.

import * as z from 'zod/mini';

import { Shares } from './who.ts';

const NAME_LENGTH_MAX = 60;
/** Linux allows no longer path. */
const PATH_LENGTH_MAX = 4096;

/** As it stands in addresses: letters, digits, dot, dash and underline, beginning with a letter or a digit. */
export const RepositoryName = z.string().check(z.regex(/^[A-Za-z0-9][\w.-]*$/), z.maxLength(NAME_LENGTH_MAX));

export const Repository = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string(),
  registeredAt: z.iso.datetime(),
});
export type Repository = z.infer<typeof Repository>;

/** POST /api/atomic/repositories: registers the repository that a folder on the server lies in. */
export const RepositoryToRegister = z.object({
  path: z.string().check(z.minLength(1), z.maxLength(PATH_LENGTH_MAX)),
  /** The folder's own name by default. */
  name: z.optional(RepositoryName),
});
export type RepositoryToRegister = z.infer<typeof RepositoryToRegister>;

/** Its answer. `already`: it was registered before. */
export const RepositoryRegistered = z.object({ repository: Repository, already: z.boolean() });
export const RepositoryForgotten = z.object({ forgotten: z.literal(true) });

export const Channel = z.object({
  name: z.string(),
  patches: z.number(),
  /** The state: equal on every machine with the same set of patches. */
  root: z.string(),
  isCurrent: z.boolean(),
});
export type Channel = z.infer<typeof Channel>;

/** Where a repository stands, from what is counted already; nothing is opened for it. */
export const Standing = z.object({
  channels: z.array(Channel),
  current: z.string(),
  /** Of the current channel. */
  root: z.string(),
  /** Patches of the current channel, by class. */
  counts: Shares,
  /** Patches of the whole repository. */
  patches: z.number(),
});
export type Standing = z.infer<typeof Standing>;

/** One of a list: a repository that cannot be opened says so and does not hide the others. */
export const ListedRepository = z.object({
  repository: Repository,
  standing: z.nullable(Standing),
  problem: z.nullable(z.object({ code: z.string(), what: z.string(), why: z.string(), next: z.string() })),
});
export type ListedRepository = z.infer<typeof ListedRepository>;

/** GET /api/atomic/repositories. Give `next` as `cursor` to read on. */
export const Repositories = z.object({ repositories: z.array(ListedRepository), nextCursor: z.nullable(z.string()) });
export type Repositories = z.infer<typeof Repositories>;

export const Conflict = z.object({
  path: z.string(),
  /** Of its first marker; null where the whole file, or its name, is in conflict. */
  line: z.nullable(z.number()),
  kind: z.string(),
  /** Hashes of the patches on each side. */
  sides: z.array(z.array(z.string())),
});
export type Conflict = z.infer<typeof Conflict>;

/** Models of a channel's patches, most patches first. */
export const ModelCount = z.object({ model: z.string(), patches: z.number() });

/** GET /api/atomic/repositories/{repository} */
export const RepositoryDetail = z.object({
  repository: Repository,
  ...Standing.shape,
  models: z.array(ModelCount),
  conflicts: z.array(Conflict),
  /** Also those that are not listed. */
  conflictsInAll: z.number(),
});
export type RepositoryDetail = z.infer<typeof RepositoryDetail>;
