// What the doctor looks at. Each check is a question to this machine with one of three answers, and says what to do.
// Rule: a check never throws and never waits longer than its limit; one that fails does not keep the others from asking.

import { execFile } from 'node:child_process';
import { existsSync, statfsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { sql } from 'kysely';

import { bytesText, durationText, mebibytes, scrub, toFault } from 'kernel/basics';
import { probeSandbox } from 'kernel/sandbox';
import type { Store } from 'kernel/store';

import type { Configuration } from '../configuration/configuration.ts';
import { CHECKOUT, npmVersion, withoutPassword } from '../machine.ts';
import { openWorkbench } from '../open-workbench.ts';
import { runningServer } from '../server/home-lock.ts';

export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly why: string | null;
  readonly next: string | null;
}

type Check = (configuration: Configuration) => Promise<Omit<Finding, 'name'>>;

const NODE_MAJOR = 24;
const REGISTRY_MS_MAX = 5000;
/** A trial copies a project and installs into it: a few hundred megabytes are soon used. */
const DISK_BYTES_WANTED = mebibytes(2048);
const DISK_BYTES_MIN = mebibytes(200);

const ok = (what: string) => ({ state: 'ok', what, why: null, next: null }) as const;
const warn = (what: string, why: string, next: string) => ({ state: 'warn', what, why, next }) as const;
const fail = (what: string, why: string, next: string) => ({ state: 'fail', what, why, next }) as const;

const CHECKS: Readonly<Record<string, Check>> = {
  node: async () =>
    Number(process.versions.node.split('.')[0]) >= NODE_MAJOR
      ? ok(`Node ${process.versions.node}`)
      : fail(
          `Node ${process.versions.node}`,
          `Tandem runs on Node ${NODE_MAJOR}.`,
          'Use npx tandem or npm start: they bring it.',
        ),
  npm: async () => {
    const version = npmVersion();
    return version === undefined
      ? fail('The pinned npm is missing.', 'It is what trials install with.', `Run npm ci in ${CHECKOUT}.`)
      : ok(`npm ${version}`);
  },
  git: async () => {
    const { stdout } = await promisify(execFile)('git', ['--version']);
    return ok(stdout.trim());
  },
  home: async ({ home }) => {
    if (!existsSync(home))
      return warn(`The home ${home} is not there yet.`, 'Nothing was started so far.', 'Run npm start: it makes it.');
    const mode = statSync(home).mode & 0o777;
    if ((mode & 0o077) === 0) return ok(`The home ${home} is private.`);
    return warn(`Others may look into the home ${home}.`, `Its mode is ${mode.toString(8)}.`, `Run chmod 700 ${home}`);
  },
  store: checkStore,
  disk: async ({ home }) => {
    const { bavail, bsize } = statfsSync(existsSync(home) ? home : CHECKOUT);
    const free = bavail * bsize;
    const what = `${bytesText(free)} are free.`;
    if (free < DISK_BYTES_MIN) return fail(what, 'Trials need more.', 'Free some disk space.');
    return free < DISK_BYTES_WANTED
      ? warn(what, 'Trials of large projects need more.', 'Free some disk space.')
      : ok(what);
  },
  registry: checkRegistry,
  sandbox: async ({ registry, home }) => {
    const probe = await probeSandbox({ registry, scratch: join(home, 'sandbox') });
    if (probe.kind === 'refused') return fail('Code cannot be run safely here.', probe.reason, probe.next);
    const { backEnd, memory, processes } = probe.confinement;
    return ok(`Code runs in ${backEnd}; memory by ${memory}, processes by ${processes}.`);
  },
  port: checkPort,
  console: async () =>
    existsSync(join(CHECKOUT, '.build', 'console', 'index.html'))
      ? ok('The console is built.')
      : warn('The console is not built.', 'Its pages are made from source at the first start.', 'Run npm start once.'),
};

/** Every check at once, in the order of the table. */
export const examine = (configuration: Configuration): Promise<Finding[]> =>
  Promise.all(
    Object.entries(CHECKS).map(async ([name, check]): Promise<Finding> => {
      try {
        return { name, ...(await check(configuration)) };
      } catch (thrown) {
        const fault = toFault(thrown, `The check of ${name}`);
        return { name, ...fail(fault.what, scrub(fault.why), nextFor(name) ?? fault.next) };
      }
    }),
  );

const nextFor = (name: string): string | undefined =>
  name === 'git' ? 'Install git, for example: sudo apt-get install git' : undefined;

async function checkStore(configuration: Configuration): ReturnType<Check> {
  const { store } = await openWorkbench(configuration);
  try {
    // A write that changes nothing still takes the lock and the disk.
    await store.write((tx) => sql`delete from tokens where id = ''`.execute(tx), { durable: true });
    const damage = await damageOf(store);
    if (damage === undefined) return ok(`The ${store.dialect} database is writable and whole.`);
    return fail('The database is damaged.', `${damage}.`, 'Move it away and restore it from a backup.');
  } finally {
    await store.close();
  }
}

async function damageOf(store: Store): Promise<string | undefined> {
  if (store.dialect !== 'sqlite') return undefined;
  const { rows } = await sql<{ readonly quick_check: string }>`pragma quick_check(1)`.execute(store.read());
  const said = rows[0]?.quick_check ?? 'no answer';
  return said === 'ok' ? undefined : said;
}

async function checkRegistry({ registry }: Configuration): ReturnType<Check> {
  const startedAt = performance.now();
  const url = withoutPassword(registry);
  const next = 'Check the network, or set TANDEM_REGISTRY (or registry= in ~/.npmrc) to one that you can reach.';
  try {
    // A small package that every registry has; the ping of npm is not answered by all of them.
    const response = await fetch(new URL('ms/2.1.3', registry), { signal: AbortSignal.timeout(REGISTRY_MS_MAX) });
    await response.body?.cancel();
    const took = durationText(performance.now() - startedAt);
    if (response.ok) return ok(`The registry ${url} answers in ${took}.`);
    if (response.status < 500)
      return warn(`The registry ${url} answers.`, `It said ${response.status} when asked for ms.`, next);
    return fail(`The registry ${url} does not work.`, `It said ${response.status}.`, next);
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    return fail(
      `The registry ${url} does not answer.`,
      `${cause instanceof Error ? cause.message : String(cause)}.`,
      next,
    );
  }
}

async function checkPort({ home, host, port }: Configuration): ReturnType<Check> {
  const running = runningServer(home);
  if (running !== undefined) return ok(`A server answers at ${running}.`);
  if (port === 0) return ok('Any free port is taken.');
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
  if (isFree) return ok(`Port ${port} is free.`);
  return warn(
    `Port ${port} is taken.`,
    'Another program listens there.',
    'Start with another one: TANDEM_PORT=4601 npm start',
  );
}
