// The statements of the book, written out once for each database: they are run by every call, and to build them anew
// each time costs as much as to run them.
// Rule: many rows are one parameter, as JSON, so that a statement is the same for two rows and for two hundred. One row
// alone has a parameter for each of its values: that takes the database a third of the time.

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
  /** Parameters: window of the day, window of the month, person, product, run and key of one payer. */
  readonly balancesOfOne: string;
  /** Parameter: rows as `BEGUN`. */
  readonly insert: string;
  /** Parameters: the values of one row as `BEGUN`. */
  readonly insertOne: string;
  /** Parameter: rows as `CLOSED`. */
  readonly close: string;
  /** Parameter: rows of budget, window, what is added to spent and to held. */
  readonly add: string;
  /** Parameters: budget, window, what is added to spent and to held. */
  readonly addOne: string;
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
  const places = (from: number, until: number): string =>
    Array.from({ length: until - from + 1 }, (_, index) => place(from + index)).join(', ');
  const balancesOf = (subjects: string): string =>
    `select b.*, coalesce(w.spent_micro_usd, 0) as spent, coalesce(w.held_micro_usd, 0) as held
      from spending_budgets b left join spending_windows w on w.budget = b.id and w."window" =
        case b.period when 'total' then 'total' when 'day' then ${place(1)} else ${place(2)} end
      where b.scope = 'all' or b.subject in ${subjects} order by b.id`;
  const addFrom = (source: string): string =>
    `insert into spending_windows (budget, "window", spent_micro_usd, held_micro_usd) ${source}
      on conflict (budget, "window") do update set
        spent_micro_usd = spending_windows.spent_micro_usd + excluded.spent_micro_usd,
        held_micro_usd = spending_windows.held_micro_usd + excluded.held_micro_usd`;
  return {
    open: `select id from spending_lines where id in ${jsonTextsText(dialect, place(1))} and outcome = 'open'`,
    balances: balancesOf(jsonTextsText(dialect, place(3))),
    balancesOfOne: balancesOf(`(${places(3, 6)})`),
    insert: `insert into spending_lines (${names}) select ${names} from ${jsonRowsText(dialect, 'rows', BEGUN, place(1))}`,
    insertOne: `insert into spending_lines (${names}) values (${places(1, BEGUN.length)})`,
    close: `update spending_lines set ${changes} from ${jsonRowsText(dialect, 'closed', CLOSED, place(1))}
      where spending_lines.id = closed.id`,
    // `where true` tells the parser that what follows is no join.
    add: addFrom(
      `select budget, "window", spent, held from ${jsonRowsText(dialect, 'added', ADDED, place(1))} where true`,
    ),
    addOne: addFrom(`values (${places(1, ADDED.length)})`),
  };
}
