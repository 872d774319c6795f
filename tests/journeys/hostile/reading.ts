// Attacks that want to read what is not theirs.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOut, type Outcome } from 'kernel/sandbox';
import { detects, none, shell, type Attack } from './attack.ts';
import type { Ground } from './ground.ts';

export const READING: readonly Attack[] = [
  {
    name: 'reads files of the host',
    tries: 'It reads a file outside of the project by its path, and keeps a copy in the project.',
    argv: ({ canaryFile }) => shell(`cat ${canaryFile} | tee stolen; cat /proc/1/cwd${canaryFile} 2>/dev/null`),
    ends: ['exited'],
    escaped: showsCanary,
    control: detects,
  },
  {
    name: 'links out of the project',
    tries: 'It makes links to files and folders of the host and reads through them; the copy-out meets them too.',
    argv: ({ canaryFile, folder }) =>
      shell(`ln -s ${canaryFile} file; ln -s ${folder} folder; ln -s /etc etc; cat file folder/canary; ls -la`),
    ends: ['exited'],
    async escaped(ground, outcome) {
      const copy = join(ground.folder, 'copied');
      const copied = await copyOut(ground.project, copy, { filesMax: 1000, bytesMax: 10_000_000 });
      if (copied.kind === 'copied' && copied.files > 0) return `the copy-out brought ${readdirSync(copy).join(', ')}`;
      return showsCanary(ground, outcome);
    },
    control: detects,
  },
  {
    name: 'steals tokens from the environment',
    tries: 'It looks for a token in its own environment and in that of every process it can see.',
    argv: () => shell('env | grep HOST_TOKEN; grep -aoh "HOST_TOKEN=[a-z0-9]*" /proc/[0-9]*/environ 2>/dev/null'),
    ends: ['exited'],
    escaped: showsCanary,
    control: detects,
  },
  {
    name: 'climbs out through /proc',
    tries: 'It goes through the root and working folders of other processes.',
    argv: ({ canaryFile }) =>
      shell(
        `for root in /proc/[0-9]*/root /proc/self/root /proc/1/root; do cat $root${canaryFile} 2>/dev/null; done; true`,
      ),
    ends: ['exited'],
    escaped: showsCanary,
    control: detects,
  },
  {
    name: 'reads what the registry proxy keeps for itself',
    tries: 'It asks the proxy for the account and the tokens of the host, under every spelling of the path.',
    phase: 'install',
    argv: () => [
      'node',
      '-e',
      `(async () => {
        const { port } = new URL(process.env.npm_config_registry);
        for (const path of ['/-/whoami', '/-%2fwhoami', '/%2d/whoami', '/a/../-/whoami', '//-/whoami', '/.%2f-/npm/v1/tokens'])
          await new Promise((done) => require('http').get({ port, path }, (answer) => answer.resume().on('end', done)).on('error', done));
      })()`,
    ],
    ends: ['exited'],
    escaped: ({ registry }) => {
      const asked = registry.requests().map(({ path }) => path);
      return asked.length === 0 ? null : `the registry was asked for ${asked.join(', ')}`;
    },
    control: none('the proxy stands between in every back end'),
  },
  {
    name: 'opens the settings of the kernel',
    tries: 'It opens core_pattern and others for writing; a job that could write there would run code on the host.',
    argv: () =>
      shell(
        'for file in /proc/sys/kernel/core_pattern /proc/sys/vm/swappiness /proc/sysrq-trigger; do ( : >>$file ) 2>/dev/null && echo "opened $file"; done; true',
      ),
    ends: ['exited'],
    escaped: (_, { stdout }) => (stdout.includes('opened') ? stdout : null),
    control: process.getuid?.() === 0 ? detects : none('only root may open them on the host'),
  },
  {
    name: 'reads its neighbours',
    tries: 'It climbs from the project to the folders beside and above it.',
    argv: () => shell('cat ../canary ../../*/canary ../*/canary 2>/dev/null; ls -R .. 2>/dev/null | head -100; true'),
    ends: ['exited'],
    escaped: showsCanary,
    control: detects,
  },
  {
    name: 'reads the keys people keep',
    tries: 'It looks where keys, tokens and passwords lie in every home.',
    argv: () =>
      shell(
        'for home in ~ /root /home/*; do cat $home/.npmrc $home/.netrc $home/.ssh/* $home/.aws/* $home/.config/*/* $home/.tandem/* 2>/dev/null; done; cat /etc/shadow /etc/gshadow 2>/dev/null; true',
      ),
    ends: ['exited'],
    escaped: (_, { stdout }) => (stdout === '' ? null : `it read ${stdout.length} characters`),
    control: none('it would print the keys of whoever runs this'),
  },
  {
    name: 'reads a program of the host',
    tries: 'It asks for environment, memory map and open files of a process of the host by its number.',
    argv: ({ victim }) =>
      shell(`cd /proc/${victim.pid} && tr '\\0' '\\n' <environ; cat maps | head -1; ls -l fd exe cwd; true`),
    ends: ['exited'],
    escaped: showsCanary,
    control: detects,
  },
  {
    name: 'opens the machine’s disks and memory',
    tries:
      'It reads the first byte of every block device, of memory and of the kernel’s log, and makes devices of its own.',
    argv: () =>
      shell(
        'for one in /dev/[svx]d* /dev/nvme* /dev/dm-* /dev/loop* /dev/mem /dev/kmem /dev/port /dev/kmsg /proc/kcore; do head -c 1 $one >/dev/null 2>&1 && [ -e $one ] && echo "opened $one"; done; mknod disk b 8 0 2>/dev/null && echo "made a disk"; true',
      ),
    ends: ['exited'],
    escaped: (_, { stdout }) => (stdout === '' ? null : stdout),
    control: none('which devices a host has and who may read them differs'),
  },
];

function showsCanary({ canary, project }: Ground, { output }: Outcome): string | null {
  if (output.includes(canary)) return 'the canary is in the output';
  const stolen = join(project, 'stolen');
  return existsSync(stolen) && readFileSync(stolen, 'utf8').includes(canary) ? 'the canary is in the project' : null;
}
