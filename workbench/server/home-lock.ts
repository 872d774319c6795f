// One server for each home. The lock is the operating system's, on a small database file, so it ends with the process
// that holds it, also after kill -9. Beside it lies a note for people and commands: which process, at which address.

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import * as z from 'zod/mini';

import { homeInUse } from '../faults.ts';

const Note = z.object({ pid: z.number(), url: z.nullable(z.string()) });
type Note = z.infer<typeof Note>;

export interface HomeLock {
  /** Tells commands where this server answers. */
  announce(url: string): void;
  release(): void;
}

export function lockHome(home: string): HomeLock {
  const lock = new DatabaseSync(join(home, 'server.lock'), { timeout: 0 });
  try {
    lock.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
  } catch (thrown) {
    lock.close();
    if (thrown instanceof Error && 'errcode' in thrown && thrown.errcode === 5) throw homeInUse(home, holderOf(home));
    throw thrown;
  }
  const note = (url: string | null): void =>
    writeFileSync(join(home, 'server.json'), JSON.stringify({ pid: process.pid, url } satisfies Note), { mode: 0o600 });
  note(null);
  return {
    announce: note,
    release() {
      rmSync(join(home, 'server.json'), { force: true });
      lock.close();
    },
  };
}

/** Where the server of this home answers, if one runs. */
export function runningServer(home: string): string | undefined {
  const note = noteOf(home);
  return note?.url ?? undefined;
}

function holderOf(home: string): string {
  const note = noteOf(home);
  if (note === undefined) return 'Another process holds its lock';
  return `Process ${note.pid} holds its lock${note.url === null ? '' : ` and answers at ${note.url}`}`;
}

function noteOf(home: string): Note | undefined {
  try {
    return Note.parse(JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')));
  } catch {
    // Missing, or being written at this moment: nobody has said where it answers.
    return undefined;
  }
}
