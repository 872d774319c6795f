// Attacks that want to stay, to grow, or to change what they stand on.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { mebibytes } from 'kernel/basics';
import { copyOut, removeTree } from 'kernel/sandbox';
import { none, shell, type Attack } from './attack.ts';
import type { Ground } from './ground.ts';

/** The limit of this suite, and what a fast disk takes between two looks. */
const DISK_BYTES_PASSED = mebibytes(64 + 1024);
/** Several beats of the heart below. */
const LISTEN_MS = 400;
const wouldHarm = none('without limits it would harm this machine');

export const EXHAUSTING: readonly Attack[] = [
  {
    name: 'forks without end',
    tries: 'A fork bomb, of processes that carry a mark.',
    argv: ({ canary }) => shell(`bomb() { sh -c 'sleep 30 # ${canary}' & bomb | bomb & }; bomb; sleep 30`),
    ends: ['timed-out', 'exited', 'too-much-output'],
    wallMs: 1500,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'takes all memory',
    tries: 'It allocates until it is stopped, in several processes.',
    argv: () =>
      shell(
        `node -e 'const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1))' & node -e 'const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1))'; sleep 30`,
      ),
    ends: ['out-of-memory'],
    wallMs: 15_000,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'fills memory through files',
    tries: 'It writes without end to the places that live in memory.',
    argv: () => shell('cat /dev/zero >/dev/shm/full & cat /dev/zero >/tmp/full & cat /dev/zero >~/full; sleep 30'),
    ends: ['out-of-memory', 'exited', 'timed-out'],
    wallMs: 8000,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'prints without end',
    tries: 'Two writers fill both streams as fast as they can.',
    argv: ({ canary }) => shell(`yes ${canary} & yes ${canary} >&2`),
    ends: ['too-much-output'],
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'never ends',
    tries: 'It ignores every signal it can ignore.',
    argv: ({ canary }) => [
      'node',
      '-e',
      `for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {}); setInterval(() => {}, 1000, '${canary}')`,
    ],
    ends: ['timed-out'],
    wallMs: 800,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'leaves a daemon behind',
    tries: 'A process that has cut itself loose in every way goes on beating after the job has ended.',
    argv: ({ canary }) =>
      shell(
        `setsid sh -c 'setsid nohup sh -c "while :; do date +%N >/project/heart; sleep 0.05; done # ${canary}" >/dev/null 2>&1 &' & sleep 0.4; test -e heart`,
      ),
    ends: ['exited'],
    async escaped(ground) {
      const before = heartOf(ground);
      if (before === null) return 'the daemon never ran, so nothing was tried';
      await wait(LISTEN_MS);
      return heartOf(ground) === before ? leftBehind(ground) : 'its heart still beats';
    },
    control: none('a process without a sandbox is ended by its control group as well'),
  },
  {
    name: 'mounts and makes namespaces',
    tries: 'It mounts over the system, makes namespaces in which it would be root, and enters others’.',
    argv: () =>
      shell(
        `for try in 'mount -t tmpfs x /usr' 'mount --bind /project /etc' 'mount -o remount,rw /usr' 'unshare -Urm true' 'unshare -m true' 'chroot / true' 'nsenter -t 1 -m true' 'umount /proc' 'umount -l /usr'; do $try 2>/dev/null && echo "did $try"; done; true`,
      ),
    ends: ['exited'],
    escaped: (_, { stdout }) => (stdout.includes('did') ? stdout : null),
    control: none('it would mount over the host'),
  },
  {
    name: 'hands out a program that runs as its owner',
    tries: 'It leaves a set-user-id copy of a shell in the project.',
    argv: () => shell('cp /bin/sh root-shell && chmod 4755 root-shell; ./root-shell -p -c "id -u" >uid; true'),
    ends: ['exited'],
    escaped: ({ project }) => (readFileSync(join(project, 'uid'), 'utf8').trim() === '0' ? 'it ran as root' : null),
    control: none('as root it proves nothing'),
  },
  {
    name: 'fills the disk',
    tries: 'It writes without end into the project.',
    argv: () => shell('cat /dev/zero >full'),
    ends: ['too-much-disk'],
    escaped: ({ project }) => moreThan(project, DISK_BYTES_PASSED),
    control: wouldHarm,
  },
  {
    name: 'fills the disk unseen',
    tries: 'It writes without end into a file that has no name any more.',
    argv: () => shell('exec 4>full; rm full; cat /dev/zero >&4'),
    ends: ['too-much-disk'],
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'uses up the inodes',
    tries: 'Several writers make empty files without end.',
    argv: () => [
      'node',
      '-e',
      `const { writeFileSync, mkdirSync } = require('fs');
       for (let n = 0; ; n += 1) { if (n % 1000 === 0) mkdirSync('d' + n / 1000); writeFileSync('d' + Math.floor(n / 1000) + '/' + n, ''); }`,
    ],
    ends: ['too-much-disk'],
    wallMs: 30_000,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'digs deeper than a path can be long',
    tries: 'It makes a thousand folders one in the other, which naive tools can neither walk nor remove.',
    argv: () => [
      'node',
      '-e',
      'for (let n = 0; n < 1000; n += 1) { require("fs").mkdirSync("deepdeep"); process.chdir("deepdeep"); }',
    ],
    ends: ['exited'],
    async escaped({ folder, project }) {
      const copied = await copyOut(project, join(folder, 'copied'), { filesMax: 5000, bytesMax: 1_000_000 });
      await removeTree(project);
      if (existsSync(project)) return 'the tree cannot be removed';
      return copied.kind === 'copied' && copied.files > 0 ? 'the copy-out brought files' : null;
    },
    control: none('there is nothing to escape from: it is the host’s own tools that must hold'),
  },
  {
    name: 'opens files without end',
    tries: 'It opens files and sockets until the system says no, and keeps them.',
    argv: ({ canary }) => [
      'node',
      '-e',
      `let open = 0; try { for (;; open += 1) require('fs').openSync('/dev/null'); } catch {} setInterval(() => {}, 1000, '${canary}')`,
    ],
    ends: ['timed-out'],
    wallMs: 1500,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'keeps every processor busy',
    tries: 'More spinning processes than the machine has processors.',
    argv: ({ canary }) => shell(`for n in 1 2 3 4 5 6 7 8; do sh -c 'while :; do :; done # ${canary}' & done; wait`),
    ends: ['timed-out'],
    wallMs: 1500,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'stops itself',
    tries: 'It asks the kernel to hold it, and everything it started.',
    argv: ({ canary }) => shell(`sh -c 'kill -STOP $$ # ${canary}' & kill -STOP $$; sleep 60`),
    ends: ['timed-out'],
    wallMs: 1000,
    escaped: leftBehind,
    control: wouldHarm,
  },
  {
    name: 'prints one line without end',
    tries: 'No line break, no valid text, and sequences that would drive a terminal.',
    argv: () => [
      'node',
      '-e',
      `const part = Buffer.alloc(65536, Buffer.from([0x1b, 0x5b, 0x32, 0x4a, 0xff, 0xc0]));
       (function more() { process.stdout.write(part, more); })();`,
    ],
    ends: ['too-much-output'],
    escaped: (_, { output }) => (output.length > 2_000_000 ? `${output.length} characters were kept` : null),
    control: wouldHarm,
  },
];

/** Processes with the attack's mark in their command line. */
async function leftBehind({ canary, victim }: Ground): Promise<string | null> {
  await wait(LISTEN_MS / 4);
  const left = readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && Number(name) !== victim.pid && commandOf(name).includes(canary),
  );
  return left.length === 0 ? null : `${left.length} processes still run`;
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch (thrown) {
    // It ended while it was looked at.
    if (thrown instanceof Error && 'code' in thrown) return '';
    throw thrown;
  }
}

function heartOf({ project }: Ground): number | null {
  return statSync(join(project, 'heart'), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

function moreThan(project: string, bytesMax: number): string | null {
  const { size } = statSync(join(project, 'full'));
  return size > bytesMax ? `it wrote ${size} bytes` : null;
}
