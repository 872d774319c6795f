// A server with many runs, each of which says something twenty times a second; each is followed over HTTP by one reader.
// Journal, store, SSE and HTTP are the real ones. Prints its port, begins when it is told to, and says what it used.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';

import { systemClock, type RunId } from 'kernel/basics';
import { afterOf, sseOfRun } from 'kernel/http';
import { createJournal, JOURNAL_MIGRATIONS } from 'kernel/journal';
import { openStore } from 'kernel/store';

const [url = '', streams = '0', lengthMs = '0'] = process.argv.slice(2);
const EVENTS_A_SECOND = 20;

const store = await openStore(url);
await store.migrate([JOURNAL_MIGRATIONS]);
const journal = createJournal(store, systemClock);
const runs: RunId[] = [];
for (let count = 0; count < Number(streams); count += 1) {
  const { run } = await journal.start({ product: 'bench', title: 'b', source: 's', owner: 'o', input: null });
  runs.push(run.id);
}

const app = new Hono();
app.get('/runs', (context) => context.json(runs));
app.get('/runs/:id/events', (context) => {
  const signal = context.req.raw.signal;
  return sseOfRun(journal, context.req.param('id') as RunId, {
    clock: systemClock,
    after: afterOf(context.req.raw),
    signal,
  });
});
app.post('/begin', async (context) => {
  void produce();
  return context.json({});
});
process.on('SIGINT', () => process.exit(0));
serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => process.stdout.write(`${port}\n`));

async function produce(): Promise<void> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  const eachMs = 1000 / EVENTS_A_SECOND;
  // Spread over the twentieth of a second, as answers of many people are.
  await Promise.all(
    runs.map(async (run, index) => {
      await systemClock.sleep((index * eachMs) / runs.length);
      const begun = performance.now();
      for (let turn = 1; performance.now() - startedAt < Number(lengthMs); turn += 1) {
        await journal.append(run, null, 'answer-delta', { text: ' a few words', at: Date.now() });
        await systemClock.sleep(Math.max(0, begun + turn * eachMs - performance.now()));
      }
      await journal.setStatus(run, null, 'done', null);
    }),
  );
  const used = process.cpuUsage(before);
  const cores = (used.user + used.system) / 1000 / (performance.now() - startedAt);
  process.stdout.write(`used ${cores.toFixed(3)} ${process.memoryUsage().rss}\n`);
}
