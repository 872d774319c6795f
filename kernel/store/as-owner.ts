import type { Kysely } from 'kysely';

/** The database as the owner of some tables sees it. Types only: the migrations say what is really there. */
export const asOwner = <Tables>(db: Kysely<unknown>): Kysely<Tables> => db as unknown as Kysely<Tables>;
