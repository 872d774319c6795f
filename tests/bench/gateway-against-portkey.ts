// What our gateway adds to a call, with ledger, budget, guard and keys on, beside Portkey's with nothing on: the delay of
// one call after another, calls a second at 50 connections, and the most memory. The model server answers at once.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { join } from 'node:path';

import { inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { note, quantile, report, rounds } from './measuring/report.ts';

const CALLS = rounds(1500);
const CONNECTIONS = 50;
/** Calls before anything is measured: a gateway is judged as one that has been at work for a while. */
const WARMING = 6000;
/** The three take turns, so that none of them meets a quieter machine than the others. */
const TURNS = 10;
const PEERS = join(ROOT, 'tests', 'bench', 'peers');
const PORTKEY = join(PEERS, 'node_modules', '@portkey-ai', 'gateway', 'build', 'start-server.js');
const PORTKEY_PORT = 18_787;
const BODY = JSON.stringify({
  model: 'openai/gpt-4o',
  messages: [{ role: 'user', content: 'Please tell me what the quick brown fox does all day long.' }],
  max_tokens: 64,
});

interface Target {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

function call({ port, path, headers, body }: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
      },
      (response) => {
        let length = 0;
        response.on('data', (piece: Buffer) => (length += piece.length));
        response.on('end', () =>
          response.statusCode === 200 ? resolve(length) : reject(new Error(`status ${response.statusCode}`)),
        );
      },
    );
    asking.on('error', reject).end(body);
  });
}

async function oneByOne(targets: readonly Target[]): Promise<readonly (readonly number[])[]> {
  const times = targets.map((): number[] => []);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const [place, target] of targets.entries()) {
      for (let each = 0; each < CALLS / TURNS; each += 1) {
        const startedAt = performance.now();
        await call(target);
        times[place]?.push(performance.now() - startedAt);
      }
    }
  }
  return times;
}

/** Calls a second at many connections. */
async function atOnce(target: Target, calls: number): Promise<number> {
  let left = calls;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (left > 0) {
        left -= 1;
        await call(target);
      }
    }),
  );
  return (calls * 1000) / (performance.now() - startedAt);
}

/** The most memory that the process had, as the kernel counted it. */
const peakBytes = ({ pid }: ChildProcess): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

async function started(argv: readonly string[], ready: RegExp, env: Record<string, string> = {}) {
  const child = spawn(process.execPath, argv, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  for (;;) {
    const match = ready.exec(said);
    if (match !== null) return { child, match };
    if (child.exitCode !== null) throw new Error(`it ended: ${said.slice(-500)}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

async function isStreaming(target: Target): Promise<boolean> {
  try {
    return (await call({ ...target, body: BODY.replace('}', ',"x":0}').replace(/\}$/, ',"stream":true}') })) > 500;
  } catch {
    // What a gateway does instead of streaming is its affair; that it does not is what is told.
    return false;
  }
}

await inFolder(async (folder) => {
  if (!existsSync(PORTKEY)) {
    note('Installing the peer once, into tests/bench/peers.');
    await outputOf(['npm', 'install', '--prefix', PEERS, '--no-audit', '--no-fund', '--ignore-scripts']);
  }
  const model = await started([join(import.meta.dirname, 'gateway', 'model-server.ts')], /^(\d+)\n/);
  const modelPort = Number(model.match[1]);
  const home = { TANDEM_HOME: join(folder, 'home'), TANDEM_PORT: '0', LOG_LEVEL: 'warn' };
  const main = join(ROOT, 'workbench', 'main.ts');
  const issued = await outputOf(
    [process.execPath, main, 'key', 'issue', '--name', 'bench', '--budget', '100000', '--json'],
    { env: home },
  );
  const { key } = JSON.parse(issued) as { key: string };
  const env = {
    ...home,
    OPENAI_API_KEY: 'sk-of-the-bench',
    OPENAI_BASE_URL: `http://127.0.0.1:${modelPort}/v1`,
    OPENAI_MODEL: 'gpt-4o',
  };
  // As the command starts it.
  const ours = await started(['--max-semi-space-size=32', main, 'serve'], /ready at http:\/\/127\.0\.0\.1:(\d+)/, env);
  const portkey = await started([PORTKEY, `--port=${PORTKEY_PORT}`, '--headless'], /running|Ready|localhost/i);
  const direct: Target = { port: modelPort, path: '/v1/chat/completions', headers: {}, body: BODY };
  const tandem: Target = { ...direct, port: Number(ours.match[1]), headers: { authorization: `Bearer ${key}` } };
  const peer: Target = {
    ...direct,
    port: PORTKEY_PORT,
    headers: {
      authorization: 'Bearer sk-of-the-bench',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${modelPort}/v1`,
    },
  };
  for (const target of [direct, tandem, peer]) await atOnce(target, WARMING);
  const [floor = [], ownTimes = [], peerTimes = []] = await oneByOne([direct, tandem, peer]);
  const [ownRate, peerRate] = [await atOnce(tandem, CALLS * 4), await atOnce(peer, CALLS * 4)];
  const streaming = { ours: await isStreaming(tandem), peer: await isStreaming(peer) };
  const [ownPeak, peerPeak] = [peakBytes(ours.child), peakBytes(portkey.child)];
  for (const { child } of [ours, portkey, model]) child.kill();
  agent.destroy();
  const added = (times: readonly number[], at: number): number => quantile(times, at) - quantile(floor, at);
  const floorName = 'Portkey';
  report('gateway-against-portkey', [
    { what: 'added to a call, p50', value: added(ownTimes, 0.5), floor: added(peerTimes, 0.5), floorName, unit: 'ms' },
    {
      what: 'added to a call, p99',
      value: added(ownTimes, 0.99),
      floor: added(peerTimes, 0.99),
      floorName,
      unit: 'ms',
    },
    { what: `calls a second at ${CONNECTIONS} connections`, value: ownRate, floor: peerRate, floorName, unit: '' },
    { what: 'most memory', value: ownPeak, floor: peerPeak, floorName, unit: 'bytes' },
    { what: 'streams (1: yes)', value: Number(streaming.ours), unit: '' },
    { what: 'Portkey streams (1: yes)', value: Number(streaming.peer), unit: '' },
  ]);
});
