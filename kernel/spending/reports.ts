// Reading the ledger: pages, sums by what people ask for, and CSV.
// Rule: a cell of the CSV never begins with a character that a spreadsheet would take for a formula.

import { sql, type ExpressionBuilder, type Kysely, type SelectQueryBuilder } from 'kysely';

import { instant, microdollars, toIso, type Microdollars } from '../basics/index.ts';
import { lineOf } from './book.ts';
import { cursorWrong } from './faults.ts';
import type { LedgerLine, LineFilter, ReportKey, ReportRow } from './spending.ts';
import type { SpendingTables } from './tables.ts';

type Db = Kysely<SpendingTables>;
type Lines<Selected> = SelectQueryBuilder<SpendingTables, 'spending_lines', Selected>;

const PAGE_MAX = 200;
const CSV_PAGE = 1000;
const GROUPS_MAX = 1000;

export async function pageOfLines(
  db: Db,
  filter: LineFilter,
  page: { readonly limit: number; readonly cursor?: string },
): Promise<{ readonly lines: readonly LedgerLine[]; readonly nextCursor: string | null }> {
  const limit = Math.min(Math.max(1, Math.trunc(page.limit)), PAGE_MAX);
  let query = narrowed(db.selectFrom('spending_lines').selectAll(), filter);
  query = query
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (page.cursor !== undefined) {
    const { at, id } = parseCursor(page.cursor);
    query = query.where((row) => row.or([row('at', '<', at), row.and([row('at', '=', at), row('id', '<', id)])]));
  }
  const rows = await query.execute();
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    lines: rows.slice(0, limit).map(lineOf),
    nextCursor: last === undefined ? null : `${last.at}.${last.id}`,
  };
}

export async function reportBy(db: Db, by: ReportKey, filter: LineFilter): Promise<readonly ReportRow[]> {
  const group = by === 'day' ? sql<string>`cast(at / 86400000 as bigint)` : sql<string>`coalesce(${sql.ref(by)}, '')`;
  const total = (
    row: ExpressionBuilder<SpendingTables, 'spending_lines'>,
    column: keyof SpendingTables['spending_lines'],
  ) => row.fn.sum<number>(column);
  const count = (outcomes: string) => sql<number>`sum(case when outcome in (${sql.raw(outcomes)}) then 1 else 0 end)`;
  const rows = await narrowed(db.selectFrom('spending_lines'), filter)
    .select((row) => [
      group.as('group'),
      row.fn.countAll<number>().as('attempts'),
      count("'failed'").as('failed'),
      count("'cut','lost'").as('cut'),
      total(row, 'input_tokens').as('input'),
      total(row, 'cache_read_tokens').as('cacheRead'),
      total(row, 'cache_write_tokens').as('cacheWrite'),
      total(row, 'output_tokens').as('output'),
      total(row, 'cost_micro_usd').as('cost'),
      sql<number>`sum(cost_micro_usd * is_estimated)`.as('estimated'),
    ])
    .groupBy(group)
    .orderBy(by === 'day' ? 'group' : 'cost', 'desc')
    .limit(GROUPS_MAX)
    .execute();
  return rows.map((row) => ({
    group: by === 'day' ? toIso(instant(Number(row.group) * 86_400_000)).slice(0, 10) : row.group,
    attempts: Number(row.attempts),
    failed: Number(row.failed),
    cut: Number(row.cut),
    usage: {
      inputTokens: Number(row.input),
      cacheReadTokens: Number(row.cacheRead),
      cacheWriteTokens: Number(row.cacheWrite),
      outputTokens: Number(row.output),
    },
    costMicroUsd: microdollars(Number(row.cost)),
    estimatedMicroUsd: microdollars(Number(row.estimated)),
  }));
}

export async function costOfRun(db: Db, run: string): Promise<Microdollars> {
  const row = await db
    .selectFrom('spending_lines')
    .select((lines) => lines.fn.sum<number | null>('cost_micro_usd').as('cost'))
    .where('run', '=', run)
    .executeTakeFirst();
  return microdollars(Number(row?.cost ?? 0));
}

const COLUMNS: readonly (readonly [string, (line: LedgerLine) => string | number | null])[] = [
  ['time', (line) => toIso(line.at)],
  ['attempt', (line) => line.id],
  ['call', (line) => line.call],
  ['person', (line) => line.person],
  ['product', (line) => line.product],
  ['run', (line) => line.run],
  ['key', (line) => line.key],
  ['provider', (line) => line.provider],
  ['model', (line) => line.model],
  ['leg', (line) => line.leg],
  ['outcome', (line) => line.outcome],
  ['input tokens', (line) => line.usage.inputTokens],
  ['of them cached', (line) => line.usage.cacheReadTokens],
  ['of them written to a cache', (line) => line.usage.cacheWriteTokens],
  ['output tokens', (line) => line.usage.outputTokens],
  ['estimated', (line) => (line.isEstimated ? 'yes' : 'no')],
  ['cost in US dollars', (line) => (line.costMicroUsd / 1_000_000).toFixed(6)],
  ['price list', (line) => line.priceVersion],
  ['first token after ms', (line) => line.firstTokenMs],
  ['took ms', (line) => line.tookMs],
  ['error', (line) => line.error],
  ['verdict', (line) => line.verdict],
];

export async function* csvOf(db: Db, filter: LineFilter): AsyncGenerator<string> {
  yield `${COLUMNS.map(([name]) => cell(name)).join(',')}\r\n`;
  let after = { at: -1, id: '' };
  for (;;) {
    const { at, id } = after;
    const rows = await narrowed(db.selectFrom('spending_lines').selectAll(), filter)
      .where((row) => row.or([row('at', '>', at), row.and([row('at', '=', at), row('id', '>', id)])]))
      .orderBy('at')
      .orderBy('id')
      .limit(CSV_PAGE)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => `${COLUMNS.map(([, read]) => cell(read(lineOf(row)))).join(',')}\r\n`).join('');
    after = { at: last.at, id: last.id };
  }
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function narrowed<Selected>(query: Lines<Selected>, filter: LineFilter): Lines<Selected> {
  let narrow = query;
  if (filter.from !== undefined) narrow = narrow.where('at', '>=', filter.from);
  if (filter.until !== undefined) narrow = narrow.where('at', '<', filter.until);
  for (const column of ['person', 'product', 'run', 'key', 'provider', 'model'] as const) {
    const wanted = filter[column];
    if (wanted !== undefined) narrow = narrow.where(column, '=', wanted);
  }
  return narrow;
}

function parseCursor(cursor: string): { readonly at: number; readonly id: string } {
  const [, at, id] = /^(\d{1,15})\.([0-9a-z]{1,32})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined) throw cursorWrong(cursor);
  return { at: Number(at), id };
}
