// Many rows as one parameter: a statement that is the same for one row and for two hundred, so that it is compiled once.
// The rows travel as JSON and are a table again inside the database.

import { sql, type RawBuilder } from 'kysely';

import type { Dialect } from './store.ts';

export type JsonColumn = readonly [name: string, type: 'text' | 'integer' | 'bigint'];

/** `(select … ) as name`: to be read from. Columns in the order of each row's values; names are ours, never a caller's. */
export function jsonRows(
  dialect: Dialect,
  name: string,
  columns: readonly JsonColumn[],
  rows: readonly (readonly unknown[])[],
): RawBuilder<unknown> {
  const json = JSON.stringify(rows);
  const read = columns.map(([column, type], index) =>
    sql.raw(
      dialect === 'sqlite'
        ? `value ->> ${index} as "${column}"`
        : `(r ->> ${index})${type === 'text' ? '' : `::${type}`} as "${column}"`,
    ),
  );
  const from = dialect === 'sqlite' ? sql`json_each(${json})` : sql`json_array_elements(${json}::json) as r`;
  return sql`(select ${sql.join(read)} from ${from}) as ${sql.raw(`"${name}"`)}`;
}

/** `(…)`: for `in`. */
export function jsonTexts(dialect: Dialect, texts: readonly string[]): RawBuilder<unknown> {
  const json = JSON.stringify(texts);
  return dialect === 'sqlite'
    ? sql`(select value from json_each(${json}))`
    : sql`(select json_array_elements_text(${json}::json))`;
}
