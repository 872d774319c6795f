// Whether money can get lost: 500 callers at once in a process that is killed again and again, against one budget.
// Counted: attempts that were sent and have no line, budgets that were passed, and budgets that are not their lines' sum.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { microdollars, systemClock } from 'kernel/basics';
import { createSpending, SPENDING_MIGRATIONS, type LedgerLine } from 'kernel/spending';
import { openStore, sqliteUrl } from 'kernel/store';

import { inFolder } from './measuring/programs.ts';
import { report, rounds } from './measuring/report.ts';

const KILLS = rounds(20);
const LIMIT = microdollars(60_000_000);
const CALLER = join(import.meta.dirname, 'ledger', 'caller.ts');

async function killedCaller(url: string, name: string, afterMs: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [CALLER, url, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => (said += piece.toString()));
  await once(child.stdout, 'data');
  setTimeout(() => child.kill('SIGKILL'), afterMs);
  await once(child, 'close');
  // The last line may have been cut by the kill: then it was not said.
  return said
    .slice(0, said.lastIndexOf('\n'))
    .split('\n')
    .filter((line) => line.startsWith('sent '))
    .map((line) => line.slice('sent '.length));
}

await inFolder(async (folder) => {
  const url = sqliteUrl(join(folder, 'tandem.db'));
  const store = await openStore(url);
  await store.migrate([SPENDING_MIGRATIONS]);
  const spending = createSpending({
    store,
    clock: systemClock,
    holder: 'bench',
    isGone: (holder) => holder !== 'bench',
  });
  await spending.setBudget({ scope: 'all', subject: '', period: 'total', limitMicroUsd: LIMIT, note: '' });
  const sent: string[] = [];
  let overruns = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    sent.push(...(await killedCaller(url, `caller-${kill}`, 50 + ((kill * 137) % 400))));
    const [budget] = await spending.budgets();
    if ((budget?.spentMicroUsd ?? 0) + (budget?.heldMicroUsd ?? 0) > LIMIT) overruns += 1;
    await spending.recover();
  }
  const lines: LedgerLine[] = [];
  let cursor: string | undefined;
  do {
    const page = await spending.lines({}, cursor === undefined ? { limit: 200 } : { limit: 200, cursor });
    lines.push(...page.lines);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  const known = new Set(lines.map(({ call }) => call));
  const [budget] = await spending.budgets();
  const sum = lines.reduce((total, { costMicroUsd }) => total + costMicroUsd, 0);
  await spending.close();
  await store.close();
  report('ledger', [
    { what: `attempts sent by 500 callers at once, over ${KILLS} kills`, value: sent.length, unit: '' },
    { what: 'of them without a line', value: sent.filter((call) => !known.has(call)).length, unit: '' },
    {
      what: 'lines closed for a process that was killed',
      value: lines.filter(({ outcome }) => outcome === 'lost').length,
      unit: '',
    },
    { what: 'times a limit was passed', value: overruns, unit: '' },
    { what: 'budget beside the sum of its lines', value: (budget?.spentMicroUsd ?? 0) - sum, unit: '' },
    { what: 'still set aside at the end', value: budget?.heldMicroUsd ?? -1, unit: '' },
  ]);
});
