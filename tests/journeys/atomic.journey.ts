// Atomic from the outside, on real input: this checkout's own git history is imported and proven, cloned, changed on two
// sides, exchanged over HTTP, killed in the middle of recording, and recorded by two at once. Nothing acknowledged is lost.

import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { minutes } from 'kernel/basics';

import type { Ended, Journey, JourneyContext } from './journey.ts';

/** `KILLS=200` goes further. */
const KILLS = Number(process.env['KILLS'] ?? 15);
const ALIVE_MS_MAX = 220;
const WRITERS = 4;
const RECORDS_EACH = 5;

export const journey: Journey = {
  name: 'a git history is imported and proven, cloned, changed by several, exchanged and killed, and nothing is lost',
  needs: [],
  parallel: true,
  limitMs: minutes(4) + KILLS * 2000,
  async run(context) {
    const atomic = commandOf(context);
    const git = await historyOf(context);
    await atomic(context.folder, 'git', 'import', git, '--into', 'imported', '--verify');
    const imported = join(context.folder, 'imported');
    await sameAsGit(context, git, imported);
    await atomic(context.folder, 'clone', imported, 'cloned');
    const cloned = join(context.folder, 'cloned');
    await sameState(atomic, imported, cloned);
    context.log('imported, proven and cloned');
    await exchangeOverHttp(context, atomic, { imported, cloned });
    await recordAtOnce(context, atomic, cloned);
    await killed(context, atomic, cloned);
    await atomic(cloned, 'doctor', '--oracle');
    await atomic(cloned, 'audit', 'verify');
  },
};

type Run = (cwd: string, ...args: readonly string[]) => Promise<Ended>;

const binOf = ({ root }: JourneyContext): string => join(root, 'atomic/bin/atomic');
const AUTHOR = { ATOMIC_AUTHOR: 'A Person <person@example.org>' };

const commandOf =
  (context: JourneyContext): Run =>
  async (cwd, ...args) => {
    const ended = await context.run([binOf(context), ...args], { cwd, env: AUTHOR });
    if (ended.code !== 0) throw new Error(`atomic ${args.join(' ')} ended with ${ended.code}:\n${ended.output}`);
    return ended;
  };

/** This checkout's own history; where it is a shallow copy, a small one that is made. */
async function historyOf(context: JourneyContext): Promise<string> {
  const git = (cwd: string, ...args: readonly string[]): Promise<Ended> => context.run(['git', ...args], { cwd });
  const shallow = await git(context.root, 'rev-parse', '--is-shallow-repository');
  const to = join(context.folder, 'history.git');
  if (shallow.stdout.trim() === 'false') {
    await git(context.folder, 'clone', '--quiet', '--bare', '--no-hardlinks', context.root, to);
    return to;
  }
  mkdirSync(to);
  await git(to, 'init', '--quiet', '--initial-branch', 'main');
  for (let at = 0; at < 30; at += 1) {
    writeFileSync(join(to, `file-${at % 5}.txt`), `line ${at}\n`.repeat(at + 1));
    await git(to, 'add', '--all');
    await git(to, '-c', 'user.name=P', '-c', 'user.email=p@example.org', 'commit', '--quiet', '-m', `step ${at}`);
  }
  return to;
}

async function sameAsGit(context: JourneyContext, git: string, imported: string): Promise<void> {
  const args = ['--git-dir', git, '--work-tree', imported, '-c', 'core.fileMode=true'];
  const file = join(context.folder, 'index');
  await context.run(['git', ...args, 'read-tree', 'HEAD'], { env: { GIT_INDEX_FILE: file } });
  const diff = await context.run(['git', ...args, 'diff', '--stat'], { env: { GIT_INDEX_FILE: file } });
  if (diff.code !== 0 || diff.stdout.trim() !== '') throw new Error(`The files are not git's:\n${diff.output}`);
}

const rootOf = async (atomic: Run, folder: string): Promise<string> =>
  (JSON.parse((await atomic(folder, 'state', '--json')).stdout) as { root: string }).root;

async function sameState(atomic: Run, one: string, other: string): Promise<void> {
  const [a, b] = [await rootOf(atomic, one), await rootOf(atomic, other)];
  if (a !== b) throw new Error(`The states differ: ${a} and ${b}.`);
}

async function exchangeOverHttp(
  context: JourneyContext,
  atomic: Run,
  { imported, cloned }: { readonly imported: string; readonly cloned: string },
): Promise<void> {
  const server = context.spawn([binOf(context), 'serve', '--port', '0', '--repo', imported], {
    env: AUTHOR,
  });
  const url = await context.waitFor('the address', () => /http:\/\/\S+/.exec(server.output())?.[0], 10_000);
  await atomic(cloned, 'remote', 'add', 'web', url);
  appendFileSync(join(cloned, 'README.md'), 'one side\n');
  await atomic(cloned, 'record', '-m', 'One side', '--no-ai-assisted');
  await atomic(cloned, 'push', 'web');
  await sameState(atomic, imported, cloned);
  await atomic(imported, 'reset', '--force');
  writeFileSync(join(imported, 'other.txt'), 'other side\n');
  await atomic(imported, 'record', '--all', '-m', 'Other side', '--no-ai-assisted');
  await atomic(cloned, 'pull', 'web');
  await sameState(atomic, imported, cloned);
  if (readFileSync(join(cloned, 'other.txt'), 'utf8') !== 'other side\n') throw new Error('The file did not come.');
  server.kill('SIGTERM');
  context.log('pushed and pulled over HTTP');
}

/** Several processes record at once, each a file of its own: all of their patches are there. */
async function recordAtOnce(context: JourneyContext, atomic: Run, folder: string): Promise<void> {
  const before = await countOf(atomic, folder);
  const writer = async (number: number): Promise<void> => {
    for (let at = 0; at < RECORDS_EACH; at += 1) {
      writeFileSync(join(folder, `writer-${number}.txt`), `${at}\n`);
      await atomic(folder, 'record', '--all', '-m', `writer ${number}, ${at}`, `writer-${number}.txt`);
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, (_, number) => writer(number)));
  const added = (await countOf(atomic, folder)) - before;
  if (added !== WRITERS * RECORDS_EACH) throw new Error(`${added} of ${WRITERS * RECORDS_EACH} records are there.`);
  context.log(`${added} records by ${WRITERS} at once`);
}

const countOf = async (atomic: Run, folder: string): Promise<number> =>
  (JSON.parse((await atomic(folder, 'state', '--json')).stdout) as { patches: number }).patches;

/** kill -9 at random moments of a record: what was acknowledged is there, and the next command works. */
async function killed(context: JourneyContext, atomic: Run, folder: string): Promise<void> {
  let acknowledged = await countOf(atomic, folder);
  let kills = 0;
  for (let at = 0; at < KILLS; at += 1) {
    appendFileSync(join(folder, 'diary.txt'), `entry ${at}\n`);
    const running = context.spawn([binOf(context), 'record', '--all', '-m', `entry ${at}`], {
      cwd: folder,
      env: AUTHOR,
    });
    const ended = await Promise.race([running.exit, wait(Math.random() * ALIVE_MS_MAX, null)]);
    if (ended === null) {
      running.kill('SIGKILL');
      await running.exit;
      kills += 1;
    }
    const count = await countOf(atomic, folder);
    const isOldOrNext = count === acknowledged + 1 || (ended !== 0 && count === acknowledged);
    if (!isOldOrNext)
      throw new Error(`After entry ${at} (${ended}) there are ${count} patches, not ${acknowledged} or one more.`);
    acknowledged = count;
  }
  await context.run([binOf(context), 'record', '--all', '-m', 'what is left'], { cwd: folder, env: AUTHOR });
  const diary = readFileSync(join(folder, 'diary.txt'), 'utf8');
  const output = join(context.folder, 'output');
  await atomic(folder, 'output', '--to', output);
  if (readFileSync(join(output, 'diary.txt'), 'utf8') !== diary) throw new Error('The diary is not what was written.');
  context.log(`${kills} kills, nothing lost`);
}
