// tandem spend: what was spent, by model, provider, product, person or day; as a table, JSON or CSV.

import { instant } from 'kernel/basics';
import { createSpending, REPORT_KEYS, type LineFilter, type ReportKey, type ReportRow } from 'kernel/spending';
import { EXIT, type ExitCode } from 'kernel/terminal';

import { spendByWrong, spendDayWrong } from '../faults.ts';
import { holderOptions } from '../open-models.ts';
import type { Shell } from './shell.ts';

export interface SpendOptions {
  readonly by: string;
  readonly csv: boolean;
  readonly from: string | undefined;
  readonly until: string | undefined;
}

export async function spend(shell: Shell, options: SpendOptions): Promise<ExitCode> {
  const by = REPORT_KEYS.find((key) => key === options.by);
  if (by === undefined) throw spendByWrong(options.by, REPORT_KEYS);
  const filter: LineFilter = { ...momentIn('from', options.from), ...momentIn('until', options.until) };
  return shell.withWorkbench(shell.configuration(), async ({ store, clock }) => {
    const spending = createSpending({ store, clock, ...holderOptions() });
    try {
      if (options.csv) {
        for await (const lines of spending.csv(filter)) shell.terminal.say(lines.replace(/\r\n$/, ''));
        return EXIT.done;
      }
      const rows = await spending.report(by, filter);
      const totalMicroUsd = rows.reduce((sum, row) => sum + row.costMicroUsd, 0);
      shell.terminal.document({ by, totalMicroUsd, rows });
      show(shell, by, rows);
      return EXIT.done;
    } finally {
      await spending.close();
    }
  });
}

function show(shell: Shell, by: ReportKey, rows: readonly ReportRow[]): void {
  if (rows.length === 0) {
    shell.terminal.say('Nothing was asked yet, so nothing was spent.');
    return;
  }
  const total = rows.reduce((sum, row) => sum + row.costMicroUsd, 0);
  shell.terminal.table([
    [by, 'calls', 'failed', 'cut', 'tokens in', 'tokens out', 'US dollars'],
    ...rows.map((row) => [
      row.group === '' ? '-' : row.group,
      String(row.attempts),
      String(row.failed),
      String(row.cut),
      String(row.usage.inputTokens),
      String(row.usage.outputTokens),
      dollars(row.costMicroUsd),
    ]),
    ['together', '', '', '', '', '', dollars(total)],
  ]);
}

const dollars = (microUsd: number): string => (microUsd / 1_000_000).toFixed(4);

function momentIn(name: 'from' | 'until', text: string | undefined): LineFilter {
  if (text === undefined) return {};
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at)) throw spendDayWrong(name, text);
  return { [name]: instant(at) };
}
