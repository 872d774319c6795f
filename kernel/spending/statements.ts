// The statements of the book, written out once for each database: they are run by every call, and to build them anew
// each time costs as much as to run them.
// Rule: many rows are one parameter, as JSON, so that a statement is the same for one row and for two hundred.

import { jsonRowsText, jsonTextsText, type Dialect, type JsonColumn } from '../store/index.ts';

export const BEGUN: readonly JsonColumn[] = [
  ['id', 'text'],
  ['at', 'bigint'],
  ['call', 'text'],
  ['person', 'text'],
  ['product', 'text'],
  ['run', 'text'],
  ['key', 'text'],
  ['provider', 'text'],
  ['model', 'text'],
  ['leg', 'text'],
  ['outcome', 'text'],
  ['input_tokens', 'bigint'],
  ['cache_read_tokens', 'bigint'],
  ['cache_write_tokens', 'bigint'],
  ['output_tokens', 'bigint'],
  ['is_estimated', 'integer'],
  ['cost_micro_usd', 'bigint'],
  ['held_micro_usd', 'bigint'],
  ['price_version', 'text'],
  ['price_tiers', 'text'],
  ['holds', 'text'],
  ['holder', 'text'],
  ['seen_at', 'bigint'],
];

export const CLOSED: readonly JsonColumn[] = [
  ['id', 'text'],
  ['outcome', 'text'],
  ['input_tokens', 'bigint'],
  ['cache_read_tokens', 'bigint'],
  ['cache_write_tokens', 'bigint'],
  ['output_tokens', 'bigint'],
  ['is_estimated', 'integer'],
  ['cost_micro_usd', 'bigint'],
  ['first_token_ms', 'integer'],
  ['took_ms', 'bigint'],
  ['error', 'text'],
  ['verdict', 'text'],
];

const ADDED: readonly JsonColumn[] = [
  ['budget', 'text'],
  ['window', 'text'],
  ['spent', 'bigint'],
  ['held', 'bigint'],
];

interface Statements {
  /** Parameter: ids. Those of them that are open. */
  readonly open: string;
  /** Parameters: window of the day, window of the month, subjects. Budgets with what their window holds. */
  readonly balances: string;
  /** Parameter: rows as `BEGUN`. */
  readonly insert: string;
  /** Parameter: rows as `CLOSED`. */
  readonly close: string;
  /** Parameter: rows of budget, window, what is added to spent and to held. */
  readonly add: string;
}

const BY_DIALECT: Readonly<Record<Dialect, Statements>> = {
  sqlite: statements('sqlite', () => '?'),
  postgres: statements('postgres', (index) => `$${index}`),
};

export const statementsOf = (dialect: Dialect): Statements => BY_DIALECT[dialect];

function statements(dialect: Dialect, place: (index: number) => string): Statements {
  const names = BEGUN.map(([column]) => `"${column}"`).join(', ');
  const [, ...changed] = CLOSED;
  const changes = changed.map(([column]) => `"${column}" = closed."${column}"`).join(', ');
  return {
    open: `select id from spending_lines where id in ${jsonTextsText(dialect, place(1))} and outcome = 'open'`,
    balances: `select b.*, coalesce(w.spent_micro_usd, 0) as spent, coalesce(w.held_micro_usd, 0) as held
      from spending_budgets b left join spending_windows w on w.budget = b.id and w."window" =
        case b.period when 'total' then 'total' when 'day' then ${place(1)} else ${place(2)} end
      where b.scope = 'all' or b.subject in ${jsonTextsText(dialect, place(3))} order by b.id`,
    insert: `insert into spending_lines (${names}) select ${names} from ${jsonRowsText(dialect, 'rows', BEGUN, place(1))}`,
    close: `update spending_lines set ${changes} from ${jsonRowsText(dialect, 'closed', CLOSED, place(1))}
      where spending_lines.id = closed.id`,
    // `where true` tells the parser that what follows is no join.
    add: `insert into spending_windows (budget, "window", spent_micro_usd, held_micro_usd)
      select budget, "window", spent, held from ${jsonRowsText(dialect, 'added', ADDED, place(1))} where true
      on conflict (budget, "window") do update set
        spent_micro_usd = spending_windows.spent_micro_usd + excluded.spent_micro_usd,
        held_micro_usd = spending_windows.held_micro_usd + excluded.held_micro_usd`,
  };
}
