// npm as a resolver that stays: one process in the sandbox for a whole run, which knows what the registry said before.
// To start npm anew for each trial, and to let it ask the registry level by level, took longer than all else of a trial.
// Rule: it only ever says yes. Whatever it cannot answer (a refusal, a limit, its own end) is `null`, and is asked again
// of npm's own command, which has the words for it.
// Rule: what it is given are the files of a trial as they lie there, and nothing of the project's code is among them.

import { closeSync, constants, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import npa from 'npm-package-arg';
import * as z from 'zod';

import { mebibytes, minutes, seconds, type Clock } from 'kernel/basics';
import { removeTree, type Sandbox } from 'kernel/sandbox';

import { readOwnFile } from '../../read-own-file.ts';
import { NPM } from '../npm.ts';

export interface Resolver {
  /**
   * The lockfile for the manifest, the settings and the lockfile that lie in the folder; null where npm's own command
   * has to be asked.
   */
  lockfileFor(folder: string, signal: AbortSignal): Promise<string | null>;
  close(): Promise<void>;
}

export interface ResolverSetting {
  readonly sandbox: Sandbox;
  /** Host folder for npm's cache. */
  readonly cache: string;
  readonly clock: Pick<Clock, 'alarm'>;
  /** An own folder of the run; made and emptied. */
  readonly place: string;
  readonly env: Readonly<Record<string, string>>;
}

const PROGRAM = fileURLToPath(new URL('./resolve-in-sandbox.mjs', import.meta.url));
const PROGRAM_INSIDE = '/tandem-resolver.mjs';
/** Node and npm are read from the disk within a second; nobody waits longer for them than for an answer. */
const START_MS_MAX = seconds(30);
/** The largest tree that was met, 1,581 packages, took half a minute. What is late once is not asked again. */
const ANSWER_MS_MAX = minutes(2);
/** Longer than any run may take. */
const RUN_MS_MAX = minutes(24 * 60);
const LOCKFILE_LENGTH_MAX = mebibytes(64);
const FILES = ['package.json', '.npmrc', 'package-lock.json'] as const;

const Answer = z.union([
  z.object({ id: z.number(), lock: z.string().max(LOCKFILE_LENGTH_MAX) }),
  z.object({ id: z.number(), why: z.string() }),
]);

export function openResolver(setting: ResolverSetting): Resolver {
  const end = new AbortController();
  let working: Promise<Working | null> | undefined;
  return {
    async lockfileFor(folder, signal) {
      const files = await filesIn(folder);
      if (files === null || end.signal.aborted) return null;
      const program = await (working ??= begin(setting, end));
      return program === null ? null : program.ask(files, signal);
    },
    async close() {
      end.abort();
      await (
        await working
      )?.over;
    },
  };
}

type Files = Readonly<Record<string, string>>;

/** Null where something of it lies on the disk or elsewhere: the resolver sees neither. */
async function filesIn(folder: string): Promise<Files | null> {
  const files: Record<string, string> = {};
  for (const name of FILES) {
    const text = await readOwnFile(join(folder, name));
    if (text !== null) files[name] = text;
  }
  return isFromRegistry(files['package.json'] ?? '') ? files : null;
}

const Ranges = z.record(z.string(), z.string()).optional();
const OfRegistry = z.object({
  dependencies: Ranges,
  devDependencies: Ranges,
  optionalDependencies: Ranges,
  peerDependencies: Ranges,
  workspaces: z.undefined().optional(),
  overrides: z.undefined().optional(),
});

function isFromRegistry(manifestText: string): boolean {
  let json: unknown;
  try {
    json = JSON.parse(manifestText);
  } catch {
    return false;
  }
  const parsed = OfRegistry.safeParse(json);
  if (!parsed.success) return false;
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = parsed.data;
  const all = [dependencies, devDependencies, optionalDependencies, peerDependencies];
  return all.flatMap((ranges) => Object.entries(ranges ?? {})).every(([name, range]) => isOfRegistry(name, range));
}

const REGISTRY_TYPES: ReadonlySet<string> = new Set(['version', 'range', 'tag', 'alias']);

function isOfRegistry(name: string, range: string): boolean {
  try {
    return REGISTRY_TYPES.has(npa.resolve(name, range).type);
  } catch {
    return false;
  }
}

interface Working {
  ask(files: Files, signal: AbortSignal): Promise<string | null>;
  /** Once the program has ended. */
  readonly over: Promise<void>;
}

/** Null when it did not start in time. `end` ends it, also where it is late: whatever it hangs on, it would again. */
async function begin(setting: ResolverSetting, end: AbortController): Promise<Working | null> {
  const { place } = setting;
  await removeTree(place);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const { ready, over } = runProgram(setting, end.signal);
  const stopWaiting = setting.clock.alarm(START_MS_MAX, () => end.abort());
  const isReady = await ready;
  stopWaiting();
  if (!isReady || end.signal.aborted) return null;
  const socket = await connected(place);
  if (socket === null) return null;
  const waiting = new Map<number, (lock: string | null) => void>();
  const endAll = (): void => {
    for (const done of waiting.values()) done(null);
    waiting.clear();
    socket.destroy();
  };
  void over.then(endAll);
  socket.on('error', endAll).on('close', endAll);
  createInterface({ input: socket }).on('line', (line) => {
    const answer = readAnswer(line);
    if (answer === undefined) return endAll();
    waiting.get(answer.id)?.('lock' in answer ? answer.lock : null);
  });
  let asked = 0;
  return {
    over,
    ask(files, signal) {
      if (socket.destroyed || signal.aborted) return Promise.resolve(null);
      asked += 1;
      const id = asked;
      const stopWaiting = setting.clock.alarm(ANSWER_MS_MAX, () => end.abort());
      return answered(signal, (done) => {
        waiting.set(id, done);
        socket.write(`${JSON.stringify({ id, files })}\n`);
        return () => {
          stopWaiting();
          waiting.delete(id);
        };
      });
    },
  };
}

/** Until it is answered or stopped. */
function answered(
  signal: AbortSignal,
  ask: (done: (lock: string | null) => void) => () => void,
): Promise<string | null> {
  return new Promise((resolve) => {
    const stop = (): void => done(null);
    const forget = ask((lock) => done(lock));
    function done(lock: string | null): void {
      signal.removeEventListener('abort', stop);
      forget();
      resolve(lock);
    }
    signal.addEventListener('abort', stop, { once: true });
  });
}

function readAnswer(line: string): z.infer<typeof Answer> | undefined {
  try {
    return Answer.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function runProgram({ sandbox, cache, place, env }: ResolverSetting, signal: AbortSignal) {
  const { promise: ready, resolve: tellReady } = Promise.withResolvers<boolean>();
  const [, ...flags] = NPM.resolve.argv;
  const isUnsafe = sandbox.confinement.unsafe;
  const program = isUnsafe ? PROGRAM : PROGRAM_INSIDE;
  const job = sandbox.run({
    phase: 'install',
    project: place,
    argv: ['node', `--max-old-space-size=${HEAP_MB}`, program, ...flags, '--silent'],
    ...(isUnsafe ? {} : { readOnly: [{ from: PROGRAM, at: PROGRAM_INSIDE }] }),
    cache,
    env,
    limits: { wallMs: RUN_MS_MAX, outputBytesMax: mebibytes(1), processesMax: 64, memoryBytesMax: mebibytes(2048) },
    signal,
    onOutput: (stream, text) => {
      if (stream === 'stdout' && text.includes('ready')) tellReady(true);
    },
  });
  // A sandbox that cannot start it will say so to the trials, too.
  const over = job.then(
    () => tellReady(false),
    () => tellReady(false),
  );
  return { ready, over };
}

const HEAP_MB = 1536;

/** Socket paths end at 107 characters; through the folder's descriptor any folder will do. Null where there is no such. */
async function connected(place: string): Promise<Socket | null> {
  const direct = join(place, 'ask.sock');
  const folder = direct.length < PATH_LENGTH_MAX ? null : openSync(place, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    const socket = createConnection(folder === null ? direct : `/proc/self/fd/${folder}/ask.sock`);
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(socket)).once('error', () => resolve(null));
    });
  } finally {
    if (folder !== null) closeSync(folder);
  }
}

const PATH_LENGTH_MAX = 100;
