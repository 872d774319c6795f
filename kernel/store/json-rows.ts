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
  const [before = '', after = ''] = jsonRowsText(dialect, name, columns, '?').split('?');
  return sql`${sql.raw(before)}${JSON.stringify(rows)}${sql.raw(after)}`;
}

/** The same as text around the place of the JSON, for a statement that is made once and run by every call. */
export function jsonRowsText(dialect: Dialect, name: string, columns: readonly JsonColumn[], place: string): string {
  const read = columns.map(([column, type], index) =>
    dialect === 'sqlite'
      ? `value ->> ${index} as "${column}"`
      : `(r ->> ${index})${type === 'text' ? '' : `::${type}`} as "${column}"`,
  );
  const from = dialect === 'sqlite' ? `json_each(${place})` : `json_array_elements(${place}::json) as r`;
  return `(select ${read.join(', ')} from ${from}) as "${name}"`;
}

/** `(…)`: for `in`. */
export function jsonTexts(dialect: Dialect, texts: readonly string[]): RawBuilder<unknown> {
  const [before = '', after = ''] = jsonTextsText(dialect, '?').split('?');
  return sql`${sql.raw(before)}${JSON.stringify(texts)}${sql.raw(after)}`;
}

/** The same as text around the place of the JSON. */
export const jsonTextsText = (dialect: Dialect, place: string): string =>
  dialect === 'sqlite'
    ? `(select value from json_each(${place}))`
    : `(select json_array_elements_text(${place}::json))`;
