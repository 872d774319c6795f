// What every confining back end must do, tried with real processes.
// Rule: a test that could harm the host when it fails only opens, it never writes.

import { spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoopbackRegistry, type LoopbackRegistry } from '../../tests/loopback-registry/index.ts';
import { mebibytes, Secret, seconds } from '../basics/index.ts';
import { CONTROL_GROUPS_ROOT, findControlGroups, ownControlGroups } from './control-groups.ts';
import { textOf } from './files.ts';
import { testLayers } from './layers.contract.ts';
import { openSandbox } from './open-sandbox.ts';
import type { BackEnd, Job, Limits, Sandbox } from './sandbox.ts';
import { allProcesses } from './watch-memory.ts';

const limits: Limits = {
  wallMs: seconds(20),
  outputBytesMax: 100_000,
  processesMax: 64,
  memoryBytesMax: mebibytes(256),
};

export function testSandbox(backEnd: BackEnd): void {
  describe(backEnd, () => {
    let folder: string;
    let project: string;
    let registry: LoopbackRegistry;
    let sandbox: Sandbox;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'tandem-contract-'));
      project = join(folder, 'project');
      mkdirSync(project);
      writeFileSync(join(folder, 'canary'), 'the host’s own');
      // Whatever npm is told on this machine, lockfiles are the same in these tests.
      process.env['npm_config_userconfig'] = join(folder, 'npmrc');
      process.env['npm_config_omit_lockfile_registry_resolved'] = 'false';
      registry = await startLoopbackRegistry({
        packages: [{ name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = 1;' } }],
      });
      const opened = await openSandbox({ registry: registry.url, scratch: join(folder, 'scratch'), backEnd });
      if (opened.kind === 'refused') throw new Error(`${opened.reason} ${opened.next}`);
      sandbox = opened.sandbox;
    });
    afterAll(async () => {
      await sandbox.close();
      await registry.close();
      rmSync(folder, { recursive: true });
    });

    type Change = Partial<Omit<Job, 'limits'>> & { readonly limits?: Partial<Limits> };
    const run = (script: string, change: Change = {}) =>
      sandbox.run({
        phase: 'run',
        project,
        argv: ['sh', '-c', script],
        ...change,
        limits: { ...limits, ...change.limits },
      });
    const node = (script: string, change: Change = {}) => run('', { argv: ['node', '-e', script], ...change });

    test.concurrent('the environment is the allow-list and what the job adds', async () => {
      process.env['TANDEM_CONTRACT_TOKEN'] = 'a token of the host';
      const outcome = await run('env; tr "\\0" "\\n" </proc/1/environ', { env: { WANTED: 'yes' } });
      expect(outcome.output).toContain('WANTED=yes');
      expect(outcome.output).not.toContain('TANDEM_CONTRACT_TOKEN');
      const names = outcome.stdout.split('\n').map((line) => line.split('=')[0] ?? '');
      const allowed = /^(PATH|HOME|LANG|CI|WANTED|PWD|OLDPWD|SHLVL|_|npm_config_.*|)$/;
      expect(names.filter((name) => !allowed.test(name))).toEqual([]);
    });

    test.concurrent('files of the host, other projects and sockets are not there', async () => {
      const places = [folder, join(folder, 'scratch'), '/root', '/etc/shadow', '/var', '/run', '/sys', '/mnt', '/work'];
      const outcome = await run(
        `for place in ${places.join(' ')}; do [ ! -e "$place" ] || echo "seen $place"; done; ls /`,
      );
      expect(outcome.stdout.trim().split('\n')).toEqual(expect.arrayContaining(['project', 'usr']));
      expect(outcome.stdout).not.toContain('seen');
      expect((await run('cat /proc/1/root/etc/shadow; cat /proc/1/cwd/../../../etc/shadow')).stdout).toBe('');
    });

    test.concurrent('the system, our tools and the kernel’s settings cannot be written', async () => {
      const places = [
        '/x',
        '/usr/x',
        '/etc/hosts',
        '/tandem/bin/node',
        '/tandem/npm/package.json',
        '/tandem/launchers/npm',
      ];
      const kernel = [
        '/proc/sys/kernel/core_pattern',
        '/proc/sys/vm/swappiness',
        '/proc/sysrq-trigger',
        '/proc/sys/kernel/hostname',
      ];
      const script = `for place in ${[...places, ...kernel].join(' ')}; do ( : >>$place ) 2>/dev/null && echo "open $place"; done; echo tried`;
      expect((await run(script)).stdout).toBe('tried\n');
    });

    test.concurrent('a job is not root, has no capability and can make no namespace and no mount', async () => {
      const outcome = await run(
        'id -u; grep -E "^(Cap|NoNew)" /proc/self/status; unshare -Ur true; mount -t tmpfs x /tmp; hostname',
      );
      expect(outcome.stdout.replaceAll(/\s+/g, ' ')).toBe(
        '1000 CapInh: 0000000000000000 CapPrm: 0000000000000000 CapEff: 0000000000000000 CapBnd: 0000000000000000 CapAmb: 0000000000000000 NoNewPrivs: 1 tandem ',
      );
      expect(outcome.stderr).toMatch(/unshare failed/);
      expect(outcome.stderr).toMatch(/mount: .*(?:permission denied|superuser)/i);
    });

    test.concurrent('the network is unreachable, loopback and localhost work', async () => {
      const port = await listeningPort();
      const outcome = await node(`
        const told = (name) => (error) => console.log(name, error ? error.code ?? error.cause?.code : 'reached');
        const connect = (port, host) => new Promise((done) => require('net').connect({ port, host, timeout: 1000 })
          .on('connect', () => done()).on('error', done));
        const server = require('http').createServer((_, answer) => answer.end('here')).listen(0, async () => {
          console.log(await (await fetch('http://localhost:' + server.address().port)).text());
          await connect(${port.port}, '127.0.0.1').then(told('host'));
          await connect(443, '1.1.1.1').then(told('internet'));
          await connect(80, '169.254.169.254').then(told('metadata'));
          require('dns').lookup('registry.npmjs.org', (error) => { told('dns')(error); process.exit(); });
        });`);
      port.server.close();
      expect(outcome.stdout).toMatch(
        /^here\nhost ECONNREFUSED\ninternet ENETUNREACH\nmetadata ENETUNREACH\ndns E\w+\n$/,
      );
    });

    test.concurrent(
      'an install reaches the registry and nothing else of it, and the lockfile names the registry',
      async () => {
        const own = join(folder, 'installing');
        mkdirSync(own);
        writeFileSync(join(own, 'package.json'), '{"name":"a","version":"1.0.0","dependencies":{"left":"^1.0.0"}}');
        writeFileSync(
          join(own, '.npmrc'),
          'registry=http://127.0.0.1:1/\nscript-shell=/project/evil\ngit=/project/evil\n',
        );
        const script = `npm install && node -e '
        (async () => {
          for (const [method, path] of [["PUT", "left"], ["GET", "-/whoami"], ["GET", "a%2f..%2fb"]])
            console.log(method, path, (await fetch(process.env.npm_config_registry + path, { method })).status);
        })()'`;
        const outcome = await run(script, { phase: 'install', project: own, cache: join(folder, 'cache') });
        expect(outcome).toMatchObject({ kind: 'exited', code: 0 });
        expect(outcome.stdout).toContain('PUT left 405\nGET -/whoami 403\nGET a%2f..%2fb 400');
        const lock = readFileSync(join(own, 'package-lock.json'), 'utf8');
        expect(lock).toContain(`"resolved": "${registry.url}left/-/left-1.0.0.tgz"`);
        expect(lock).toContain('sha512-');
        expect(registry.requests().every(({ method }) => method === 'GET')).toBe(true);
      },
    );

    test.concurrent('the run phase has neither registry nor cache', async () => {
      const outcome = await run('ls /tandem; echo $npm_config_registry; echo $npm_config_offline', {
        cache: join(folder, 'cache'),
      });
      expect(outcome.stdout.trim().split('\n')).toEqual(['bin', 'launchers', 'npm', '', 'true']);
    });

    test.concurrent('what a job makes can be read and removed by its owner', async () => {
      const own = join(folder, 'writing');
      mkdirSync(own);
      await run('mkdir -p a/b && echo made >a/b/c && chmod 600 a/b/c && ln -s /etc a/link', { project: own });
      expect(readFileSync(join(own, 'a/b/c'), 'utf8')).toBe('made\n');
      expect(lstatSync(join(own, 'a/b/c')).uid).toBe(process.getuid?.());
      rmSync(own, { recursive: true });
    });

    test.concurrent('exit codes and signals are told apart, and both streams are kept', async () => {
      expect(await run('echo out; echo err >&2; exit 3')).toMatchObject({
        kind: 'exited',
        code: 3,
        stdout: 'out\n',
        stderr: 'err\n',
      });
      expect(await run('kill -SEGV $$')).toMatchObject({ kind: 'killed', signal: 'SIGSEGV' });
      expect(await run('', { argv: ['no-such-program'] })).toMatchObject({ kind: 'exited', code: 127 });
    });

    test.concurrent('a secret that is printed is not kept', async () => {
      const secret = new Secret('a-very-secret-value');
      const heard: string[] = [];
      const outcome = await run('echo "it is a-very-secret-value"', { onOutput: (_, text) => heard.push(text) });
      expect(outcome.stdout).toBe(`it is ${secret.toString()}\n`);
      expect(heard.join('')).toBe(outcome.stdout);
    });

    test.concurrent('a job that takes too long is ended with everything it started', async () => {
      const mark = `${process.pid}.${backEnd === 'bubblewrap' ? 11 : 22}`;
      const outcome = await run(`(setsid sh -c 'sleep 9${mark}; echo no' &) ; sleep 8${mark}`, {
        limits: { wallMs: 1000 },
      });
      expect(outcome).toMatchObject({ kind: 'timed-out', limitMs: 1000 });
      expect(outcome.wallMs).toBeLessThan(4000);
      expect(await runningWith(`9${mark}`)).toEqual([]);
      expect(await runningWith(`8${mark}`)).toEqual([]);
    });

    test.concurrent('a daemon does not outlive a job that ends by itself', async () => {
      const mark = `7${process.pid}.${backEnd === 'bubblewrap' ? 11 : 22}`;
      const outcome = await run(`(setsid sh -c 'setsid sleep ${mark} >/dev/null 2>&1 &' &); echo left`);
      expect(outcome).toMatchObject({ kind: 'exited', code: 0, stdout: 'left\n' });
      expect(await runningWith(mark)).toEqual([]);
    });

    test.concurrent('endless output ends the job, and its head and tail are kept', async () => {
      const outcome = await run('echo first; exec yes', { limits: { outputBytesMax: 20_000 } });
      expect(outcome).toMatchObject({ kind: 'too-much-output', limitBytes: 20_000 });
      expect(outcome.output).toMatch(/^first\ny\n/);
      expect(outcome.output.length).toBeLessThan(20_200);
    });

    test.concurrent('a job that starts ever more processes gets no more than its limit', async () => {
      const outcome = await run('count=0; while [ $count -lt 200 ]; do sleep 30 & count=$((count + 1)); echo x; done');
      expect(outcome).toMatchObject({ kind: 'exited', code: 2 });
      expect(outcome.stderr).toContain('Cannot fork');
      expect(outcome.stdout.length / 2).toBeLessThan(limits.processesMax);
    });

    test.concurrent('a job that takes too much memory is ended as such', async () => {
      const outcome = await node('const all = []; for (;;) all.push(Buffer.alloc(8 << 20, 1));');
      expect(outcome).toMatchObject({ kind: 'out-of-memory', limitBytes: limits.memoryBytesMax });
      expect(outcome.wallMs).toBeLessThan(5000);
    });

    test.concurrent('a job that fills the disk is ended as such, also through a file it has deleted', async () => {
      const small = { limits: { diskBytesMax: mebibytes(8) } };
      const ended = { kind: 'too-much-disk', limitBytes: mebibytes(8) };
      const filling = (name: string, script: string) => {
        const own = join(folder, name);
        mkdirSync(own);
        return run(script, { project: own, ...small });
      };
      const open = filling('filling', 'head -c 24M /dev/zero >full; sleep 9');
      expect(await open).toMatchObject(ended);
      const deleted = filling('deleting', 'exec 4>full; rm full; head -c 24M /dev/zero >&4; sleep 9');
      expect(await deleted).toMatchObject(ended);
      const sparse = filling('sparse', 'truncate -s 1T full; head -c 1M /dev/zero >little; sleep 0.6');
      expect(await sparse).toMatchObject({ kind: 'exited', code: 0 });
    });

    test.concurrent('a job that makes files without end is ended as such', async () => {
      const own = join(folder, 'littering');
      mkdirSync(own);
      const script =
        'for (let n = 0; n < 1200; n += 1) require("fs").writeFileSync(String(n), ""); setInterval(() => {}, 9)';
      const outcome = await node(script, { project: own, limits: { diskFilesMax: 300 } });
      expect(outcome).toMatchObject({ kind: 'too-much-disk', limitFiles: 300 });
    });

    test.concurrent('a job gives way to others on a busy processor', async () => {
      const outcome = await run('sleep 0.1; nice; cat /proc/self/cgroup');
      const { processor } = sandbox.confinement;
      if (processor === 'nice') expect(outcome.stdout).toMatch(/^10\n/);
      else expect(processor).toMatch(/^cgroup-v[12]$/);
    });

    test.concurrent('a stopped job ends at once', async () => {
      const stop = new AbortController();
      const outcome = run('echo here; sleep 60', { signal: stop.signal, onOutput: () => stop.abort() });
      expect(await outcome).toMatchObject({ kind: 'stopped', stdout: 'here\n' });
      expect(await run('true', { signal: AbortSignal.abort() })).toMatchObject({ kind: 'stopped' });
    });

    test.concurrent('files of the host are mounted read-only where the job says, and nowhere else', async () => {
      const own = join(folder, 'mounting');
      mkdirSync(own);
      const readOnly = [{ from: join(folder, 'canary'), at: '/tandem/harness/canary' }];
      const outcome = await run('cat /tandem/harness/canary; echo x >>/tandem/harness/canary', {
        project: own,
        readOnly,
      });
      expect(outcome.stdout).toBe('the host’s own');
      expect(readFileSync(join(folder, 'canary'), 'utf8')).toBe('the host’s own');
      for (const at of ['relative', '/usr/x', '/project', '/a/../b', '/proc/1']) {
        await expect(run('true', { readOnly: [{ from: folder, at }] })).rejects.toThrow('Nothing may be mounted');
      }
      await run(`ln -s ${folder} link`, { project: own });
      const through = run('true', { project: own, readOnly: [{ from: folder, at: '/project/link/made' }] });
      await expect(through).rejects.toThrow('is a link');
      expect(existsSync(join(folder, 'made'))).toBe(false);
    });

    test.concurrent('a project that is no folder is refused with what to do', async () => {
      await expect(run('true', { project: join(folder, 'nowhere') })).rejects.toThrow(
        'cannot be mounted as the project',
      );
      await expect(run('true', { project: join(folder, 'canary') })).rejects.toThrow(
        'cannot be mounted as the project',
      );
      await expect(run('true', { env: { 'A=B': '' } })).rejects.toThrow('no environment variable');
    });

    testLayers(() => ({ folder, project, run, sandbox }));

    test('a kill -9 of Tandem leaves no process and no group behind', async () => {
      const mark = `6${process.pid}.${backEnd === 'bubblewrap' ? 11 : 22}`;
      const fixture = join(import.meta.dirname, 'fixtures/holding-child.ts');
      const argv = [fixture, backEnd, registry.url, join(folder, 'scratch'), project, mark];
      const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
      await new Promise((resolve) => child.stdout.once('data', resolve));
      expect(await runningWith(mark, 0)).not.toEqual([]);
      if (sandbox.confinement.memory.startsWith('cgroup')) expect(groupsMadeBy(child.pid ?? 0)).not.toEqual([]);
      child.kill('SIGKILL');
      expect(await runningWith(mark)).toEqual([]);
      const opened = await openSandbox({ registry: registry.url, scratch: join(folder, 'scratch'), backEnd });
      if (opened.kind === 'ready') await opened.sandbox.close();
      expect(groupsMadeBy(child.pid ?? 0)).toEqual([]);
    });
  });
}

/** Those whose command line holds the mark, after up to two seconds in which there were some. */
async function runningWith(mark: string, withinMs = 2000): Promise<readonly string[]> {
  for (let waitedMs = 0; ; waitedMs += 20) {
    const found = allProcesses()
      .map(({ pid }) => textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
      .filter((line) => line.startsWith('sleep ') && line.includes(mark));
    if (found.length === 0 || waitedMs >= withinMs) return found;
    await wait(20);
  }
}

/** Groups of the job that a process made; their names hold its number. */
function groupsMadeBy(pid: number): readonly string[] {
  const groups = findControlGroups(CONTROL_GROUPS_ROOT, ownControlGroups());
  const names = Object.values(groups?.parents ?? {}).flatMap((parent) => readdirSync(parent));
  return names.filter((name) => name.startsWith('tandem-') && name.split('-')[2] === String(pid));
}

const listeningPort = (): Promise<{ readonly server: Server; readonly port: number }> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0 });
    });
  });
