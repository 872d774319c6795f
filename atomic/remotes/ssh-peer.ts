// A repository behind ssh: the system's own ssh runs `atomic serve --stdio` over there. ATOMIC_SSH names another program.
// Rule: what goes to the shell over there is quoted, and nothing of an address is ever taken for an option.

import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

import type { Fault } from 'kernel/basics';

import { remoteCommandFailed, remoteSilent } from './faults.ts';
import type { Peer } from './peer.ts';
import type { SshAddress } from './remote-url.ts';

export interface SshPeerOptions {
  readonly address: SshAddress;
  /** `ssh` by default. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
}

/** What ssh says goes into a fault: its last lines are enough. */
const STDERR_MAX = 2000;
/** After the end of input the other side has nothing to do. */
const END_MS = 5000;

export function sshPeer({ address, program, environment, timeoutMs }: SshPeerOptions): Peer {
  const child = spawn(program, sshArguments(address), { stdio: ['pipe', 'pipe', 'pipe'], env: { ...environment } });
  const said = new StderrTail(child.stderr);
  const ended = exitOf(child);
  // A pipe that breaks is told by what ends: no answer.
  child.stdin.on('error', () => undefined);
  const chunks = child.stdout.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array, unknown>;
  const failure = async (): Promise<Fault> => remoteCommandFailed(program, await ended, said.text());
  return {
    url: address.text,
    async *exchange(body) {
      let isSent = false;
      const sent = send(child, body).then(() => (isSent = true));
      // A request that cannot be made is no request: the other side is let go, and the reading below ends.
      sent.catch(() => child.kill());
      try {
        for (;;) {
          const next = await withTimeout(chunks.next(), timeoutMs, () => remoteSilent(address.text, timeoutMs));
          if (next.done === true) throw await failure();
          yield next.value;
        }
      } finally {
        if (!isSent) child.kill();
        await sent.catch(() => undefined);
      }
    },
    async close() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill(), END_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** `-p 22 -- user@host atomic serve --stdio --repo='path'` */
export function sshArguments({ user, host, port, path }: SshAddress): readonly string[] {
  const target = user === null ? host : `${user}@${host}`;
  const command = `atomic serve --stdio --repo=${quoted(path)}`;
  return [...(port === null ? [] : ['-p', String(port)]), '--', target, command];
}

/** For a POSIX shell. `~/` at the beginning is left to it. */
function quoted(path: string): string {
  const [home, rest] = path.startsWith('~/') ? ['~/', path.slice(2)] : ['', path];
  return `${home}'${rest.replaceAll("'", String.raw`'\''`)}'`;
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

async function send(child: Child, body: AsyncIterable<Uint8Array>): Promise<void> {
  let isFull = false;
  for await (const chunk of body) {
    if (isFull) await Promise.race([once(child.stdin, 'drain'), once(child.stdin, 'close')]);
    if (child.stdin.destroyed) return;
    isFull = !child.stdin.write(chunk);
  }
}

function exitOf(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal === null ? `status ${code}` : `signal ${signal}`));
  });
}

async function withTimeout<Result>(work: Promise<Result>, ms: number, fault: () => Fault): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fault()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The end of what a program says on standard error, without what would move a cursor. */
class StderrTail {
  #text = '';

  constructor(stream: Readable) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (this.#text = (this.#text + chunk).slice(-STDERR_MAX)));
  }

  text(): string {
    // eslint-disable-next-line no-control-regex
    return this.#text.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  }
}
