// Many answers at once: so many streams at twenty events a second, from the append to the reader's socket, with the
// server on one core. Counted: how late events come, and whether any is lost or doubled.

import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';

import { sqliteUrl } from 'kernel/store';

import { inFolder } from './measuring/programs.ts';
import { quantile, report, rounds } from './measuring/report.ts';

const STREAMS = rounds(1000);
const LENGTH_MS = 10_000;
const SERVER = join(import.meta.dirname, 'streams', 'serve.ts');

interface Read {
  readonly delaysMs: readonly number[];
  readonly seqs: readonly number[];
}

/** Reads one stream to its end. */
function follow(port: number, run: string): Promise<Read> {
  return new Promise((resolve, reject) => {
    const delaysMs: number[] = [];
    const seqs: number[] = [];
    let kept = '';
    const asking = request({ host: '127.0.0.1', port, path: `/runs/${run}/events` }, (response) => {
      response.setEncoding('utf8').on('data', (piece: string) => {
        const now = Date.now();
        kept += piece;
        const end = kept.lastIndexOf('\n\n');
        if (end === -1) return;
        for (const message of kept.slice(0, end).split('\n\n')) {
          const [, seq] = /^id: (\d+)/.exec(message) ?? [];
          const [, at] = /"at":(\d{13})/.exec(message) ?? [];
          if (seq === undefined || at === undefined) continue;
          seqs.push(Number(seq));
          delaysMs.push(now - Number(at));
        }
        kept = kept.slice(end + 2);
      });
      response.on('end', () => resolve({ delaysMs, seqs }));
    });
    asking.on('error', reject).end();
  });
}

await inFolder(async (folder) => {
  const argv = [process.execPath, SERVER, sqliteUrl(join(folder, 'tandem.db')), String(STREAMS), String(LENGTH_MS)];
  const server = spawn('taskset', ['-c', '0', ...argv], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  server.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const match = pattern.exec(said);
      if (match !== null) return match;
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  const port = Number((await until(/^(\d+)\n/))[1]);
  const runs = (await (await fetch(`http://127.0.0.1:${port}/runs`)).json()) as string[];
  const reading = runs.map((run) => follow(port, run));
  await new Promise((done) => setTimeout(done, 1500));
  await fetch(`http://127.0.0.1:${port}/begin`, { method: 'POST' });
  const reads = await Promise.all(reading);
  const [, cores = '', rss = ''] = await until(/used (\S+) (\d+)\n/);
  server.kill();
  const delays = reads.flatMap(({ delaysMs }) => delaysMs);
  const wrong = reads.filter(({ seqs }) => seqs.some((seq, index) => seq !== index + 1)).length;
  report('chat-streams', [
    {
      what: `${STREAMS} streams for ${LENGTH_MS / 1000} s: events delivered a second`,
      value: delays.length / (LENGTH_MS / 1000),
      unit: 'events/s',
    },
    { what: 'from append to reader, p50', value: quantile(delays), unit: 'ms' },
    { what: 'from append to reader, p99', value: quantile(delays, 0.99), unit: 'ms' },
    { what: 'streams with a lost or doubled event', value: wrong, unit: '' },
    { what: 'cores used by the server', value: Number(cores), unit: '' },
    { what: 'memory of the server', value: Number(rss), unit: 'bytes' },
  ]);
});
