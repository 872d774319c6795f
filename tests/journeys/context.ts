// The ground a journey stands on: its own folder and home, programs it starts, and the end of all of them.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Ended, JourneyContext, Running, SpawnSettings } from './journey.ts';

const ROOT = join(import.meta.dirname, '../..');
const LOOK_EACH_MS = 50;
const RUN_MS_MAX = 300_000;
/** More than any journey looks at; a program that prints without end must not fill this process. */
const OUTPUT_LENGTH_MAX = 4_000_000;
const SIGNAL_BASE = 128;

export interface OpenContext {
  readonly context: JourneyContext;
  close(): Promise<void>;
}

export function openContext(registry: string, log: (line: string) => void): OpenContext {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-journey-'));
  const home = join(folder, 'home');
  mkdirSync(home);
  const endings: (() => void | Promise<void>)[] = [];

  const start = (argv: readonly [string, ...string[]], settings: SpawnSettings = {}): Running => {
    const running = startProgram(argv, settings, { home, folder });
    endings.push(() => running.kill('SIGKILL'));
    return running;
  };
  const run: JourneyContext['run'] = async (argv, settings = {}) => {
    const running = start(argv, settings);
    const limitMs = settings.limitMs ?? RUN_MS_MAX;
    const code = await Promise.race([running.exit, wait(limitMs, null, { ref: false })]);
    if (code !== null) return ended(running, code);
    running.kill('SIGKILL');
    throw new Error(`${argv.join(' ')} did not end within ${limitMs} ms:\n${running.output()}`);
  };
  return {
    context: {
      root: ROOT,
      folder,
      home,
      registry,
      node: process.execPath,
      async freshClone() {
        const to = join(folder, 'clone');
        const clone = await run(['git', 'clone', '--quiet', '--no-hardlinks', ROOT, to]);
        if (clone.code !== 0) throw new Error(`The checkout could not be cloned: ${clone.output}`);
        return to;
      },
      spawn: start,
      run,
      waitFor,
      log,
      atEnd: (work) => void endings.push(work),
    },
    async close() {
      for (const end of endings.toReversed()) await end();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

const ended = (running: Running, code: number): Ended => ({ code, output: running.output(), stdout: running.stdout() });

function startProgram(
  argv: readonly [string, ...string[]],
  settings: SpawnSettings,
  own: { home: string; folder: string },
): Running {
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    cwd: settings.cwd ?? own.folder,
    env: { ...cleanEnvironment(process.env), TANDEM_HOME: own.home, TANDEM_PORT: '0', ...settings.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const texts = { both: '', stdout: '' };
  const keep = (name: 'both' | 'stdout', chunk: string): void => {
    if (texts[name].length < OUTPUT_LENGTH_MAX) texts[name] += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    keep('stdout', chunk);
    keep('both', chunk);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => keep('both', chunk));
  // A program that does not read its input may have ended before it came.
  child.stdin.on('error', () => undefined).end(settings.input ?? '');
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve(code ?? SIGNAL_BASE + (signal === null ? 0 : constants.signals[signal])),
    );
  });
  // Whoever waits for it hears of it; a journey that ended early does not.
  exit.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    output: () => texts.both,
    stdout: () => texts.stdout,
    exit,
    kill: (signal) => killGroup(child.pid, signal),
  };
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (thrown) {
    if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ESRCH')) throw thrown;
  }
}

const waitFor: JourneyContext['waitFor'] = async (what, condition, limitMs) => {
  for (let waitedMs = 0; waitedMs <= limitMs; waitedMs += LOOK_EACH_MS) {
    const answer = await condition();
    if (answer !== undefined && answer !== null && answer !== false) {
      return answer as NonNullable<Exclude<typeof answer, false>>;
    }
    await wait(LOOK_EACH_MS);
  }
  throw new Error(`Waited ${limitMs} ms in vain for: ${what}`);
};

/** What a person's own shell has: no variable of npm but where its registry is, none of Tandem, none of our tools. */
function cleanEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isKept = (name: string): boolean => !/^(npm_|TANDEM_|DATABASE_URL$|NODE_ENV$|INIT_CWD$)/.test(name);
  const npm = /^npm_config_(registry|cafile|userconfig|cache)$/;
  const kept = Object.entries(environment).filter(([name]) => isKept(name) || npm.test(name));
  const path = (environment['PATH'] ?? '')
    .split(delimiter)
    .filter((part) => !part.startsWith(join(ROOT, 'node_modules')));
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}
