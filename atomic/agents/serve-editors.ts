// The socket of a repository to which editors tell what they see.
// Rule: only this user may connect (the socket is 0600, in the spool's folder, which is 0700); lines, connections and waiting are bounded; a
// socket that a dead process left is taken over, one in use is not.

import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';

import type { Clock } from 'kernel/basics';

import { EDITOR_LINE_MAX, readEditorLine } from './editor-protocol.ts';
import { editorSocketFailed, editorSocketTaken } from './faults.ts';
import { keepEdit } from './keep-edit.ts';
import { spoolFolder } from './spool.ts';

const SOCKET = 'editor.sock';
/** Editors of one person that have the same folder open. */
const CONNECTIONS_MAX = 32;
/** An editor that says nothing for an hour connects anew. */
const SILENCE_MS_MAX = 3_600_000;

export interface EditorServer {
  readonly path: string;
  /** Ends when it is closed. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

export async function serveEditors({
  root,
  clock,
}: {
  readonly root: string;
  readonly clock: Clock;
}): Promise<EditorServer> {
  const folder = spoolFolder(join(root, '.atomic'));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, SOCKET);
  if (await isAnswered(path)) throw editorSocketTaken(path);
  rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, (line) => answer(root, line, clock.now()));
  });
  server.maxConnections = CONNECTIONS_MAX;
  await listening(server, path);
  const closed = new Promise<void>((resolve) => server.once('close', resolve));
  return {
    path,
    closed,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function answer(root: string, line: string, nowMs: number): object {
  const read = readEditorLine(line);
  if (read.kind === 'wrong') return { ok: false, why: read.why };
  try {
    const kept = keepEdit(root, read.edit, nowMs);
    return kept.kind === 'kept' ? { ok: true } : { ok: false, why: kept.why };
  } catch (cause) {
    // One edit that cannot be kept ends no connection: it is untracked.
    return { ok: false, why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function serve(socket: Socket, answerTo: (line: string) => object): void {
  let open = '';
  socket.setEncoding('utf8');
  socket.setTimeout(SILENCE_MS_MAX, () => socket.destroy());
  // Whoever goes away in the middle has nothing more to say.
  socket.on('error', () => socket.destroy());
  socket.on('data', (part: string) => {
    const lines = `${open}${part}`.split('\n');
    open = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') socket.write(`${JSON.stringify(answerTo(line))}\n`);
    if (open.length > EDITOR_LINE_MAX) socket.end(`${JSON.stringify({ ok: false, why: 'The line is too long.' })}\n`);
  });
}

async function listening(server: Server, path: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
    chmodSync(path, 0o600);
  } catch (cause) {
    throw editorSocketFailed(path, cause);
  }
}

/** Whether somebody listens there. */
const isAnswered = async (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
