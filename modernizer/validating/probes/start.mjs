// Runs inside the sandbox: starts a service, waits until it listens on loopback, asks it once, and says so in one
// JSON line. argv: the command for `sh -c`, then the longest wait in milliseconds.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

const [command = 'npm start', waitText = '20000'] = process.argv.slice(2);
const waitMs = Number(waitText);
const began = Date.now();
const PATHS = ['/health', '/healthz', '/'];
const LISTENING = '0A';

function listeningPorts() {
  const ports = new Set();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    let text = '';
    try {
      text = readFileSync(table, 'utf8');
    } catch {
      continue;
    }
    for (const line of text.split('\n').slice(1)) {
      const [, local, , state] = line.trim().split(/\s+/);
      if (state === LISTENING) ports.add(parseInt(local.split(':')[1], 16));
    }
  }
  return ports;
}

const before = listeningPorts();
const child = spawn('sh', ['-c', command], {
  stdio: 'inherit',
  detached: true,
  env: { ...process.env, PORT: '3000', HOST: '127.0.0.1' },
});
let ended;
child.on('exit', (code, signal) => (ended = signal ?? code));

async function ask(port) {
  for (const path of PATHS) {
    const url = `http://127.0.0.1:${port}${path}`;
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) });
      await response.body?.cancel();
      if (response.status !== 404 || path === '/') {
        return { url, ok: response.status < 500, status: response.status, detail: `It answered ${response.status}.` };
      }
    } catch (error) {
      const refused = error?.cause?.code === 'ECONNREFUSED';
      if (refused) return { url, ok: false, status: null, detail: 'It stopped listening.' };
      const http = error?.cause?.code?.startsWith?.('HPE') ?? false;
      if (http)
        return { url, ok: true, status: null, detail: 'It accepts connections and speaks something other than HTTP.' };
      if (path === '/')
        return { url, ok: false, status: null, detail: `It listens but gave no answer: ${error?.message ?? error}.` };
    }
  }
  return undefined;
}

async function outcome() {
  while (Date.now() - began < waitMs) {
    const fresh = [...listeningPorts()].filter((port) => !before.has(port)).sort((a, b) => a - b);
    for (const port of fresh) {
      const answer = await ask(port);
      if (answer !== undefined) return answer;
    }
    if (ended !== undefined && fresh.length === 0) {
      return { url: '', ok: false, status: null, detail: `It ended (${ended}) before it listened on any port.` };
    }
    await wait(100);
  }
  return { url: '', ok: false, status: null, detail: `It listened on no port within ${waitMs / 1000} s.` };
}

const result = await outcome();
process.stdout.write(`\n${JSON.stringify({ tandem: 'start', ...result, waitedMs: Date.now() - began })}\n`);
try {
  process.kill(-child.pid, 'SIGKILL');
} catch {
  // It ended by itself.
}
process.exit(result.ok ? 0 : 1);
