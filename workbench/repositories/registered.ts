// Which repositories the workbench knows. Registering writes down where one lies; its own files are never touched.
// Rule: one folder is registered once, under one name; names are unique, because they stand in addresses.

import { realpathSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';

import { findRepositoryRoot } from 'atomic/repository';
import type { Kysely } from 'kysely';

import { instant, newId, toIso, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';
import type { Repository, RepositoryToRegister } from 'atomic/protocol';

import { repositoriesTooMany, repositoryNameTaken, repositoryNotRegistered, repositoryPathRelative } from './faults.ts';
import type { RepositoryTables } from './table.ts';

/** More than a person looks after; each is opened when they are listed. */
const REPOSITORIES_MAX = 200;

interface RepositoryPage {
  readonly repositories: readonly Repository[];
  readonly nextCursor: string | null;
}

export interface Registered {
  /** By name. */
  list(page: { readonly limit: number; readonly cursor?: string | undefined }): Promise<RepositoryPage>;
  /** By id or name. Throws REPOSITORY_NOT_REGISTERED. */
  find(idOrName: string): Promise<Repository>;
  /** Throws ATOMIC_REPOSITORY_MISSING where there is none in the folder or above it. */
  register(
    wanted: RepositoryToRegister,
    by: string,
  ): Promise<{ readonly repository: Repository; readonly already: boolean }>;
  forget(idOrName: string): Promise<void>;
}

type Row = RepositoryTables['atomic_repositories'];

export function createRegistered(store: Store, clock: Clock): Registered {
  const rows = () => store.read<RepositoryTables>().selectFrom('atomic_repositories').selectAll();
  const find = async (idOrName: string): Promise<Repository> => {
    const row = await rows()
      .where((where) => where.or([where('id', '=', idOrName), where('name', '=', idOrName)]))
      .executeTakeFirst();
    if (row === undefined) throw repositoryNotRegistered(idOrName);
    return repositoryOf(row);
  };
  return {
    async list({ limit, cursor }) {
      const query = rows()
        .orderBy('name')
        .limit(limit + 1);
      const found = await (cursor === undefined ? query : query.where('name', '>', cursor)).execute();
      const page = found.slice(0, limit).map(repositoryOf);
      return { repositories: page, nextCursor: found.length > limit ? (page.at(-1)?.name ?? null) : null };
    },
    find,
    register(wanted, by) {
      const root = rootOf(wanted.path);
      return store.write(async (tx: Kysely<RepositoryTables>) => {
        const all = await tx.selectFrom('atomic_repositories').selectAll().execute();
        const known = all.find((row) => row.root === root);
        if (known !== undefined) return { repository: repositoryOf(known), already: true };
        if (all.length >= REPOSITORIES_MAX) throw repositoriesTooMany(REPOSITORIES_MAX);
        const name = nameFor(wanted.name, root, all);
        const row: Row = { id: newId(), name, root, registered_at: clock.now(), registered_by: by };
        await tx.insertInto('atomic_repositories').values(row).execute();
        return { repository: repositoryOf(row), already: false };
      });
    },
    async forget(idOrName) {
      const { id } = await find(idOrName);
      await store.write((tx: Kysely<RepositoryTables>) =>
        tx.deleteFrom('atomic_repositories').where('id', '=', id).execute(),
      );
    },
  };
}

/** The folder of the repository that a path lies in, by its one true path. */
function rootOf(path: string): string {
  if (!isAbsolute(path)) throw repositoryPathRelative(path);
  return realpathSync(findRepositoryRoot(path));
}

const repositoryOf = ({ id, name, root, registered_at: registeredAt }: Row): Repository => ({
  id,
  name,
  path: root,
  // PostgreSQL gives a bigint as text.
  registeredAt: toIso(instant(Number(registeredAt))),
});

/** The wanted name, if it is free; else the folder's, with a number where that is taken. */
function nameFor(wanted: string | undefined, root: string, taken: readonly Row[]): string {
  const other = taken.find(({ name }) => name === wanted);
  if (wanted !== undefined && other !== undefined) throw repositoryNameTaken(wanted, other.root);
  if (wanted !== undefined) return wanted;
  const own = plainName(basename(root));
  for (let number = 1; number <= REPOSITORIES_MAX; number += 1) {
    const name = number === 1 ? own : `${own}-${number}`;
    if (!taken.some((row) => row.name === name)) return name;
  }
  throw repositoriesTooMany(REPOSITORIES_MAX);
}

const NAME_LENGTH_MAX = 50;
/** A folder's name as it may stand in an address. */
const plainName = (folder: string): string =>
  folder
    .replaceAll(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, NAME_LENGTH_MAX) || 'repository';
