// A process that asks for money without a pause until it is killed: 500 callers at once, each of which begins an
// attempt, says that it was sent, and settles it. What it says on its output was paid for.

import { systemClock } from 'kernel/basics';
import { createSpending, type AttemptDraft } from 'kernel/spending';
import { openStore } from 'kernel/store';

const [url = '', name = ''] = process.argv.slice(2);
const CALLERS = 500;
const tokens = (inputTokens: number, outputTokens: number) => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

const store = await openStore(url);
const spending = createSpending({ store, clock: systemClock, holder: name, isGone: () => false });

async function call(number: number): Promise<void> {
  for (let turn = 0; ; turn += 1) {
    const attempt: AttemptDraft = {
      payer: { person: `person-${number % 7}`, product: 'bench', run: null, key: null },
      call: `${name}-${number}-${turn}`,
      provider: 'openai',
      model: 'gpt-4o',
      leg: 'openai/gpt-4o#1',
      worstCase: tokens(500, 100 + (number % 30) * 10),
    };
    const begun = await spending.begin(attempt);
    if (begun.kind !== 'begun') return;
    process.stdout.write(`sent ${attempt.call}\n`);
    spending.note(begun.attempt, tokens(500, 40));
    await new Promise((done) => setImmediate(done));
    const usage = tokens(500, 20 + ((number * 31 + turn * 17) % 80));
    const end = {
      outcome: 'ok',
      usage,
      isEstimated: false,
      firstTokenMs: 1,
      tookMs: 2,
      error: null,
      verdict: null,
    } as const;
    await spending.settle(begun.attempt, end);
  }
}

await Promise.all(Array.from({ length: CALLERS }, (_, number) => call(number)));
process.stdout.write('refused all\n');
await spending.close();
await store.close();
