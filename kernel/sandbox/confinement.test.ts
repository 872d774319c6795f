import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bubblewrapArguments } from './bubblewrap.ts';
import { findControlGroups, limitFiles, makeJobGroup } from './control-groups.ts';
import { decideOutcome, type Ending } from './decide-outcome.ts';
import { jobEnvironment } from './environment.ts';
import { insideOf, type HostPlaces } from './inside.ts';
import { enterGroups, limitProcesses } from './launch.ts';
import { isAtLeast, refusalOf, type Machine } from './machine.ts';
import { namespacesArguments } from './namespaces.ts';
import type { Job } from './sandbox.ts';
import { treeOf } from './watch-memory.ts';

const limits = { wallMs: 1000, outputBytesMax: 1000, processesMax: 32, memoryBytesMax: 1 << 28 };
const host: HostPlaces = {
  system: [
    { kind: 'read-only', from: '/usr', at: '/usr' },
    { kind: 'link', target: 'usr/bin', at: '/bin' },
  ],
  node: '/opt/node',
  npm: '/opt/npm',
  etc: '/scratch/etc',
  launchers: '/scratch/launchers',
  forwarder: '/tandem/forward.mjs',
  registrySocket: '/scratch/registry.sock',
  registry: new URL('https://registry.npmjs.org/'),
  npmSettings: { npm_config_omit_lockfile_registry_resolved: 'true' },
};
const job: Job = { phase: 'run', project: '/home/a project', argv: ['npm', 'test'], cache: '/cache', limits };

describe('what is inside', () => {
  test('a run sees the system, our tools and the project, and neither cache nor socket', () => {
    const { mounts, argv } = insideOf(job, host);
    expect(mounts.filter(({ kind }) => kind === 'writable')).toEqual([
      { kind: 'writable', from: '/home/a project', at: '/project' },
    ]);
    expect(mounts.map(({ at }) => at)).not.toContain('/tandem/registry.sock');
    expect(argv).toEqual(['npm', 'test']);
  });

  test('an install sees the cache and the socket, and runs behind the forwarder', () => {
    const { mounts, argv } = insideOf({ ...job, phase: 'install' }, host);
    expect(mounts).toContainEqual({ kind: 'writable', from: '/cache', at: '/tandem/cache' });
    expect(mounts).toContainEqual({ kind: 'read-only', from: '/scratch/registry.sock', at: '/tandem/registry.sock' });
    expect(argv.slice(1)).toEqual([
      '/tandem/forward-registry.mjs',
      '/tandem/registry.sock',
      '4873',
      '/',
      'npm',
      'test',
    ]);
  });

  test('a job cannot talk npm out of the registry, the scripts setting or the places', () => {
    const places = { path: ['/bin'], home: '/home', cache: '/cache', npm: '/npm' };
    const added = { npm_config_ignore_scripts: 'false', PATH: '/evil', HOME: '/evil', CI: '0', MORE: 'yes' };
    const environment = jobEnvironment('install', places, added);
    expect(environment).toMatchObject({
      npm_config_ignore_scripts: 'true',
      PATH: '/bin',
      HOME: '/home',
      CI: '0',
      MORE: 'yes',
    });
    expect(jobEnvironment('run', places)).not.toHaveProperty('npm_config_ignore_scripts');
  });

  test('an install follows the settings that shape the person’s lockfiles, a run does not need them', () => {
    const variable = 'npm_config_omit_lockfile_registry_resolved';
    expect(insideOf({ ...job, phase: 'install' }, host).environment).toHaveProperty(variable, 'true');
    expect(insideOf(job, host).environment).not.toHaveProperty(variable);
  });

  test('a program whose name would be read as a variable is refused', () => {
    expect(() => insideOf({ ...job, argv: ['A=B', 'x'] }, host)).toThrow('The job was not run.');
  });
});

describe('argument lists', () => {
  test('bubblewrap gets every namespace, no capability, a cleared environment and a read-only root and /proc', () => {
    const argv = bubblewrapArguments('/usr/bin/bwrap', insideOf(job, host), true);
    const line = argv.join(' ');
    for (const flag of ['user', 'pid', 'net', 'ipc', 'uts', 'cgroup']) expect(argv).toContain(`--unshare-${flag}`);
    expect(line).toContain('--cap-drop ALL');
    expect(line).toContain('--disable-userns');
    expect(line).toContain('--new-session --die-with-parent --clearenv');
    expect(line).toContain('--proc /proc --remount-ro /proc');
    expect(line).toContain('--bind /home/a project /project');
    expect(line).toMatch(/--remount-ro \/ --chdir \/project -- .* npm test$/);
    expect(argv).not.toContain('--share-net');
  });

  test('namespaces get the same mounts as triples, each word for itself', () => {
    const argv = namespacesArguments('/scratch/root', insideOf(job, host));
    expect(argv.slice(0, 4)).toEqual(['setpriv', '--pdeathsig', 'KILL', '--']);
    const at = argv.indexOf('/home/a project');
    expect(argv.slice(at - 1, at + 2)).toEqual(['writable', '/home/a project', '/project']);
    expect(argv.slice(-2)).toEqual(['npm', 'test']);
  });

  test('groups are entered before the job, and processes are limited by rlimit only where asked', () => {
    expect(enterGroups([], ['a'])).toEqual(['a']);
    expect(enterGroups(['/g/cgroup.procs'], ['a']).slice(-3)).toEqual(['/g/cgroup.procs', '--', 'a']);
    expect(limitProcesses(null, ['a'])).toEqual(['a']);
    expect(limitProcesses(9, ['a'])).toEqual(['prlimit', '--nproc=9:9', '--', 'a']);
  });
});

describe('control groups', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'tandem-groups-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  test('the limits of version 2 are memory, swap, killing as one, processes and half a share of the processor', () => {
    expect(limitFiles(2, { memory: '/g', pids: '/g', cpu: '/g' }, limits)).toEqual([
      ['/g', 'memory.max', '268435456'],
      ['/g', 'memory.swap.max', '0'],
      ['/g', 'memory.oom.group', '1'],
      ['/g', 'pids.max', '32'],
      ['/g', 'cpu.weight', '50'],
    ]);
  });

  test('the limits of version 1 are in three folders', () => {
    expect(limitFiles(1, { memory: '/m', pids: '/p', cpu: '/c' }, limits)).toEqual([
      ['/m', 'memory.limit_in_bytes', '268435456'],
      ['/m', 'memory.memsw.limit_in_bytes', '268435456'],
      ['/p', 'pids.max', '32'],
      ['/c', 'cpu.shares', '512'],
    ]);
    expect(limitFiles(1, { memory: null, pids: '/p', cpu: null }, limits)).toEqual([['/p', 'pids.max', '32']]);
  });

  test('a tree without usable groups is none', () => {
    expect(findControlGroups(root, '0::/user.slice\n')).toBe(null);
    writeFileSync(join(root, 'cgroup.controllers'), 'memory pids');
    mkdirSync(join(root, 'user.slice'));
    expect(findControlGroups(root, '0::/user.slice\n')).toBe(null);
    expect(findControlGroups(join(root, 'nowhere'), '')).toBe(null);
  });

  test('a group of version 2 is written, read and told of', () => {
    const groups = { version: 2, parents: { memory: root, pids: root } } as const;
    const group = makeJobGroup(groups, limits, 1);
    const folder = join(group.procsFiles[0] ?? '', '..');
    expect(group.procsFiles).toHaveLength(1);
    expect(readFileSync(join(folder, 'memory.max'), 'utf8')).toBe('268435456');
    expect(readFileSync(join(folder, 'pids.max'), 'utf8')).toBe('32');
    expect([group.outOfMemoryKills(), group.memoryBytesPeak()]).toEqual([0, null]);
    writeFileSync(join(folder, 'memory.events'), 'low 0\noom 3\noom_kill 2\n');
    writeFileSync(join(folder, 'memory.peak'), '4096\n');
    writeFileSync(join(folder, 'cgroup.kill'), '');
    expect([group.outOfMemoryKills(), group.memoryBytesPeak()]).toEqual([2, 4096]);
    group.kill();
    expect(readFileSync(join(folder, 'cgroup.kill'), 'utf8')).toBe('1');
  });
});

describe('the outcome', () => {
  const finished = { stdout: '', stderr: '', output: '', wallMs: 1, memoryBytesPeak: null };
  const ending: Ending = { stop: null, code: 0, signal: null, outOfMemoryKills: 0 };
  test.each<[Partial<Ending>, object]>([
    [{}, { kind: 'exited', code: 0 }],
    [{ code: 1 }, { kind: 'exited', code: 1 }],
    [{ code: 139 }, { kind: 'killed', signal: 'SIGSEGV' }],
    [{ code: 255 }, { kind: 'exited', code: 255 }],
    [
      { code: null, signal: 'SIGTERM' },
      { kind: 'killed', signal: 'SIGTERM' },
    ],
    [
      { code: null, stop: 'timed-out' },
      { kind: 'timed-out', limitMs: 1000 },
    ],
    [{ code: 0, outOfMemoryKills: 1 }, { kind: 'out-of-memory' }],
    [{ code: null, stop: 'timed-out', outOfMemoryKills: 1 }, { kind: 'out-of-memory' }],
    [{ code: null, stop: 'stopped' }, { kind: 'stopped' }],
    [
      { code: null, stop: 'too-much-output' },
      { kind: 'too-much-output', limitBytes: 1000 },
    ],
  ])('of %o is %o', (change, expected) => {
    expect(decideOutcome({ ...ending, ...change }, limits, finished)).toMatchObject(expected);
  });
});

describe('a machine that cannot confine', () => {
  const machine: Machine = {
    platform: 'linux',
    isRoot: false,
    bubblewrap: null,
    missingPrograms: [],
    packageTool: 'apt-get',
    userNamespacesMax: 1000,
    unprivilegedUserNamespaces: true,
    isRestrictedByAppArmor: false,
    limitsProcessesByRlimit: true,
  };
  test.each<[Partial<Machine>, string]>([
    [{}, 'sudo apt-get install bubblewrap'],
    [{ isRoot: true }, 'apt-get install bubblewrap'],
    [{ packageTool: 'dnf', missingPrograms: ['setpriv'] }, 'sudo dnf install bubblewrap'],
    [{ packageTool: 'apk' }, 'sudo apk add bubblewrap'],
    [{ userNamespacesMax: 0 }, 'sudo sysctl -w user.max_user_namespaces=15000'],
    [{ unprivilegedUserNamespaces: false }, 'sudo sysctl -w kernel.unprivileged_userns_clone=1'],
    [
      { bubblewrap: '/usr/bin/bwrap', isRestrictedByAppArmor: true },
      'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    ],
    [{ platform: 'darwin' }, 'Run Tandem on Linux'],
    [{ bubblewrap: '/usr/bin/bwrap', isRoot: true }, 'Run Tandem outside'],
  ])('of %o is mended by %s', (change, next) => {
    expect(refusalOf({ ...machine, ...change }, 'it said no').next.startsWith(next)).toBe(true);
  });

  test('kernel versions are compared by number', () => {
    expect([isAtLeast('5.14.0-1', 5, 14), isAtLeast('5.9.0', 5, 14), isAtLeast('6.1', 5, 14)]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

test('the tree of a process is all that it and its children started', () => {
  const row = (pid: number, parent: number) => ({ pid, parent, residentBytes: 1 });
  const rows = [row(9, 4), row(2, 1), row(4, 2), row(5, 1), row(3, 2)];
  expect(treeOf(rows, 2).map(({ pid }) => pid)).toEqual([2, 4, 3, 9]);
});
