import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock, seconds, systemClock, type Clock, type RunId } from 'kernel/basics';
import { afterOf, sseOfRun } from 'kernel/http';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { openStore, sqliteUrl } from 'kernel/store';
import { afterEach, expect, test } from 'vitest';

import { followRun } from './follow-a-run.ts';

const TOKEN = 'a token of this test';
const golden = (name: string): string => readFileSync(join(import.meta.dirname, 'golden', name), 'utf8');
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** Waiting before a reconnect takes no time; a connection is believed for as long as ever. */
const hasty: Clock = {
  ...systemClock,
  now: systemClock.now,
  sleep: (delayMs, signal) => (delayMs < seconds(20) ? Promise.resolve() : systemClock.sleep(delayMs, signal)),
};

/** The journal of a modernization of jsonwebtoken@5.7.0, without the steps of its trials. */
async function recordedRun(): Promise<{ readonly journal: Journal; readonly run: RunId; readonly events: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-example-'));
  const store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  endings.push(
    () => rmSync(folder, { recursive: true }),
    () => store.close(),
  );
  await store.migrate([JOURNAL_MIGRATIONS]);
  const journal = createJournal(store, manualClock());
  const { run } = await journal.start({ product: 'modernizer', title: 't', source: 's', owner: 'o', input: null });
  const lines = golden('journal.jsonl').trim().split('\n');
  for (const line of lines) {
    const { kind, data } = JSON.parse(line) as { readonly kind: string; readonly data: unknown };
    await journal.append(run.id, null, kind, data);
  }
  await journal.setStatus(run.id, null, 'done', null);
  return { journal, run: run.id, events: lines.length };
}

/** Serves the run as the workbench does, but cuts the first connection in the middle of the given event. */
async function serve(journal: Journal, run: RunId, cutAt: number): Promise<{ server: string; asked: number[] }> {
  const asked: number[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
    const headers = { 'last-event-id': String(request.headers['last-event-id']) };
    const after = afterOf(new Request(`http://localhost${request.url}`, { headers }));
    asked.push(after);
    const signal = new AbortController().signal;
    const sse = sseOfRun(journal, run, { clock: systemClock, after, signal });
    response.writeHead(sse.status, Object.fromEntries(sse.headers));
    for await (const chunk of sse.body ?? []) {
      const isCut = asked.length === 1 && Buffer.from(chunk).toString().startsWith(`id: ${cutAt}\n`);
      if (isCut) return void response.write(chunk.subarray(0, chunk.length >> 1), () => response.destroy());
      response.write(chunk);
    }
    response.end();
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => server.close().closeAllConnections());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It does not listen.');
  return { server: `http://127.0.0.1:${address.port}`, asked };
}

test('every verdict is printed once and in order, although the connection breaks in the middle', async () => {
  const { journal, run, events } = await recordedRun();
  const cutAt = Math.ceil(events / 2);
  const { server, asked } = await serve(journal, run, cutAt);
  const lines: string[] = [];
  const signal = AbortSignal.timeout(seconds(15));
  await followRun({ server, run, token: TOKEN, signal, clock: hasty }, (line) => lines.push(line));
  expect(asked).toEqual([0, cutAt - 1]);
  expect(`${lines.join('\n')}\n`).toBe(golden('printed.txt'));
});

test('a token that is not accepted ends it with a reason', async () => {
  const { journal, run } = await recordedRun();
  const { server } = await serve(journal, run, 0);
  const following = followRun({ server, run, token: 'wrong', signal: AbortSignal.timeout(seconds(15)) }, () => {});
  await expect(following).rejects.toThrow('401');
});
