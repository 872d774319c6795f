// Runs a statement that is written out once, past the query builder: what every call runs should cost what SQLite does,
// and the way through the builder and its driver costs several times that.
// Rule: the same connection, the same transaction and the same faults as through the builder.

import { CompiledQuery, type Kysely } from 'kysely';

type Direct = (text: string, parameters: readonly unknown[]) => readonly unknown[];

const direct = new WeakMap<object, Direct>();

/** Says how statements are run on the connection under `db`. */
export const runsDirectly = (db: Kysely<unknown>, run: Direct): void => void direct.set(db, run);

/** Placeholders are `?` on SQLite and `$1` on PostgreSQL. A statement that gives no rows gives an empty list. At once on SQLite. */
export function runText<Row>(
  tx: Pick<Kysely<never>, 'executeQuery'>,
  text: string,
  parameters: readonly unknown[],
): readonly Row[] | Promise<readonly Row[]> {
  const run = direct.get(tx);
  if (run !== undefined) return run(text, parameters) as readonly Row[];
  return throughBuilder<Row>(tx, text, parameters);
}

async function throughBuilder<Row>(
  tx: Pick<Kysely<never>, 'executeQuery'>,
  text: string,
  parameters: readonly unknown[],
): Promise<readonly Row[]> {
  const { rows } = await tx.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
  return rows;
}
