// Answers whose readers are cut off at random moments, and whose server is killed now and then: is any event lost or
// doubled, does each answer end whole, is each message there once? And sends through a proxy that drops a third of all
// replies: one row for each. Everything is real: the server as people start it, its restart, HTTP, SQLite.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { startWireFake } from 'kernel/wire-fakes';

import { inFolder, ROOT } from './measuring/programs.ts';
import { report, rounds } from './measuring/report.ts';

const KILLS = rounds(1000);
const SENDS = Math.min(1000, KILLS);
const CHATS = 8;
const PERSONS = 16;
const WORDS = 200;
/** One kill of the server for so many of readers. */
const SERVER_KILL_EACH = 50;
const MAIN = join(ROOT, 'workbench', 'main.ts');

const answer = Array.from({ length: WORDS }, (_, index) => `w${index + 1} `);

/** Says its words; told that it was cut off, it goes on, or says everything again, as models do. */
const fake = await startWireFake(({ prompt, number }) => {
  const said = Math.max(0, ...[...prompt.matchAll(/\bw(\d+)\b/g)].map(([, count]) => Number(count)));
  const from = said > 0 && said < WORDS && number % 2 === 0 ? said : 0;
  return { kind: 'answer', pieces: answer.slice(from), pieceDelayMs: 5 };
});

interface Running {
  readonly child: ChildProcess;
  readonly url: string;
}

async function startServer(home: string, port: number): Promise<Running> {
  const env = {
    ...process.env,
    TANDEM_HOME: home,
    TANDEM_PORT: String(port),
    LOG_LEVEL: 'silent',
    OPENAI_COMPATIBLE_BASE_URL: fake.url,
    OPENAI_COMPATIBLE_API_KEY: 'sk-of-the-bench',
    OPENAI_COMPATIBLE_MODEL: 'words',
  };
  const child = spawn(process.execPath, [MAIN, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  for (;;) {
    const [, url] = /ready at (\S+)/.exec(said) ?? [];
    if (url !== undefined) return { child, url };
    if (child.exitCode !== null) throw new Error(`the server ended: ${said}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

interface Totals {
  cuts: number;
  serverKills: number;
  events: number;
  wrong: number;
  answers: number;
  broken: number;
}

await inFolder(async (folder) => {
  const home = join(folder, 'home');
  let server = await startServer(home, 0);
  const port = Number(new URL(server.url).port);
  // A person may send a hundred messages a minute: here are several persons.
  const tokens: string[] = [];
  for (let count = 0; count < PERSONS; count += 1) tokens.push(await tokenOf(home));
  const totals: Totals = { cuts: 0, serverKills: 0, events: 0, wrong: 0, answers: 0, broken: 0 };
  const askAs = (number: number): Ask => asker(() => server.url, tokens[number % PERSONS] ?? '');
  let restarting: Promise<void> = Promise.resolve();
  const killServer = async (): Promise<void> => {
    server.child.kill('SIGKILL');
    await once(server.child, 'close');
    server = await startServer(home, port);
  };
  const onCut = async (): Promise<void> => {
    totals.cuts += 1;
    if (totals.cuts % SERVER_KILL_EACH !== 0) return;
    totals.serverKills += 1;
    restarting = restarting.then(killServer);
    await restarting;
  };
  await Promise.all(Array.from({ length: CHATS }, (_, number) => talk(askAs(number), { number, totals, onCut })));
  const rows = await sendThroughDroppingProxy(server.url, tokens);
  server.child.kill('SIGTERM');
  await once(server.child, 'close');
  await fake.close();
  report('chat-kills', [
    { what: 'readers cut off at random moments', value: totals.cuts, unit: '' },
    { what: 'kills of the server (SIGKILL)', value: totals.serverKills, unit: '' },
    { what: 'events read', value: totals.events, unit: '' },
    { what: 'lost or doubled events', value: totals.wrong, unit: '' },
    { what: 'answers', value: totals.answers, unit: '' },
    { what: 'answers that are not whole, word for word', value: totals.broken, unit: '' },
    { what: `rows after ${SENDS} sends through a proxy that drops 30 % of replies`, value: rows, unit: '' },
  ]);
});

type Ask = (path: string, body?: unknown, key?: string) => Promise<Response>;

/** Asks until it is answered, as the SDK does. */
function asker(urlOf: () => string, token: string): Ask {
  return async (path, body, key) => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const response = await fetch(`${urlOf()}${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            ...(key === undefined ? {} : { 'idempotency-key': key }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal: AbortSignal.timeout(5000),
        });
        if (response.status < 500 && response.status !== 429) return response;
      } catch (thrown) {
        if (attempt > 200) throw thrown;
      }
      await new Promise((done) => setTimeout(done, 100));
    }
  };
}

async function tokenOf(home: string): Promise<string> {
  const argv = [MAIN, 'token', 'issue', '--role', 'owner', '--ttl', '1d', '--json'];
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, TANDEM_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  await once(child, 'close');
  return (JSON.parse(said) as { token: string }).token;
}

async function json<Shape>(response: Response): Promise<Shape> {
  return (await response.json()) as Shape;
}

interface Talking {
  readonly number: number;
  readonly totals: Totals;
  onCut(): Promise<void>;
}

/** One conversation: question after question, each answer read over as many connections as it takes. */
async function talk(ask: Ask, { number, totals, onCut }: Talking): Promise<void> {
  const begun = await json<{ userChatId: string }>(
    await ask('/api/chat', { chatId: 'assistant', reset: true }, `begin-${number}`),
  );
  const chat = begun.userChatId;
  for (let turn = 0; totals.cuts < KILLS; turn += 1) {
    const key = `q-${number}-${turn}`;
    const accepted = await json<{ runId: string; answerId: string }>(
      await ask(`/api/chat/${chat}/completion`, { content: `Question ${turn}` }, key),
    );
    const text = await read(ask, accepted.runId, { totals, onCut });
    const page = await json<{ messages: { id: string; content: string; status: string }[] }>(
      await ask(`/api/chat/${chat}/history?limit=5`),
    );
    const kept = page.messages.find(({ id }) => id === accepted.answerId);
    totals.answers += 1;
    const whole = answer.join('');
    if (text !== whole || kept?.content !== whole || kept.status !== 'complete') totals.broken += 1;
    // A new chat each few turns keeps what is told to the model short.
    if (turn % 3 === 2) return talk(ask, { number: number + CHATS, totals, onCut });
  }
}

/** The answer's words, by a reader that is cut off again and again and comes back with the number of its last event. */
async function read(ask: Ask, run: string, { totals, onCut }: Omit<Talking, 'number'>): Promise<string> {
  let last = 0;
  let text = '';
  for (;;) {
    const lengthMs = 20 + Math.random() * 300;
    const response = await ask(`/api/runs/${run}/events?after=${last}`);
    const reader = response.body?.getReader();
    if (!response.ok || reader === undefined) throw new Error(`events: ${response.status}`);
    const cut = setTimeout(() => void reader.cancel().catch(() => undefined), lengthMs);
    let kept = '';
    let hasEnded = false;
    const decoder = new TextDecoder();
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        kept += decoder.decode(value, { stream: true });
        for (let end = kept.indexOf('\n\n'); end !== -1; end = kept.indexOf('\n\n')) {
          const message = kept.slice(0, end);
          kept = kept.slice(end + 2);
          if (message.startsWith('event: end')) hasEnded = true;
          const [, id, body] = /^id: (\d+)\ndata: (.*)$/.exec(message) ?? [];
          if (id === undefined || body === undefined) continue;
          totals.events += 1;
          if (Number(id) !== last + 1) totals.wrong += 1;
          last = Number(id);
          const event = JSON.parse(body) as { kind: string; data: { text?: string } };
          if (event.kind === 'answer-delta') text += event.data.text ?? '';
        }
      }
    } catch {
      // The server was killed: that is what is tried here.
    }
    clearTimeout(cut);
    if (hasEnded) return text;
    await onCut();
  }
}

/** A proxy that passes every request on and throws three of ten replies away. */
async function sendThroughDroppingProxy(url: string, tokens: readonly string[]): Promise<number> {
  const target = new URL(url);
  const proxy = createServer((incoming, outgoing) => {
    const headers = { ...incoming.headers, host: target.host };
    const passed = request(
      { host: target.hostname, port: target.port, path: incoming.url, method: incoming.method, headers },
      (reply) => {
        if (Math.random() < 0.3) {
          reply.resume();
          outgoing.destroy();
        } else {
          outgoing.writeHead(reply.statusCode ?? 502, reply.headers);
          reply.pipe(outgoing);
        }
      },
    );
    passed.on('error', () => outgoing.destroy());
    incoming.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const each = Math.ceil(SENDS / tokens.length);
  const rows = await Promise.all(
    tokens.map(async (token, person) => {
      const ask = asker(() => url, token);
      const through = asker(() => `http://127.0.0.1:${port}`, token);
      const begun = await ask('/api/chat', { chatId: 'assistant', reset: true }, `proxy-${person}`);
      const { userChatId } = await json<{ userChatId: string }>(begun);
      const count = Math.min(each, SENDS - person * each);
      for (let send = 0; send < count; send += 1) {
        await through(`/api/chat/${userChatId}/message`, { content: `Message ${send}` }, `send-${send}`);
      }
      const { total } = await json<{ total: number }>(await ask(`/api/chat/${userChatId}/history?limit=1`));
      // One is the greeting.
      return total - 1;
    }),
  );
  proxy.close();
  return rows.reduce((sum, count) => sum + count, 0);
}
