import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAtomic, type RanCommand } from '../run-atomic.ts';

let top = '';
const MAIN = join(import.meta.dirname, '..', 'main.ts');
beforeEach(async () => {
  top = mkdtempSync(join(tmpdir(), 'atomic-exchange-'));
  mkdirSync(join(top, 'ada'));
  await atomic('ada', 'init');
  writeFileSync(join(top, 'ada/a.txt'), 'one\n');
  await atomic('ada', 'record', '--all', '-m', 'Begin');
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

let environment: Readonly<Record<string, string>> = {};
afterEach(() => (environment = {}));

function atomic(folder: string, ...args: readonly string[]): Promise<RanCommand> {
  return runAtomic(args, { cwd: join(top, folder), env: { HOME: top, ...environment } });
}

async function done(folder: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const ran = await atomic(folder, ...args, '--json');
  expect(ran).toMatchObject({ code: 0 });
  return JSON.parse(ran.stdout) as Record<string, unknown>;
}

async function changed(folder: string, path: string, text: string): Promise<void> {
  writeFileSync(join(top, folder, path), text);
  await done(folder, 'record', '--all', '-m', `Change ${path}`);
}

async function story(url: string): Promise<void> {
  expect(await done('', 'clone', url, 'bob')).toMatchObject({ patches: 1, files: 1, channel: 'main' });
  expect(await done('bob', 'remote', 'list')).toMatchObject({ remotes: [{ name: 'origin' }] });
  await changed('bob', 'b.txt', 'b\n');
  expect(await done('bob', 'push')).toMatchObject({ remote: 'origin', sent: [expect.any(String)] });
  expect(readFileSync(join(top, 'ada/b.txt'), 'utf8')).toBe('b\n');
  await changed('ada', 'a.txt', 'one\ntwo\n');
  expect(await done('bob', 'pull')).toMatchObject({ added: [expect.any(String)], conflicts: 0 });
  expect(readFileSync(join(top, 'bob/a.txt'), 'utf8')).toBe('one\ntwo\n');
  expect((await atomic('bob', 'pull')).stdout).toContain('Nothing to pull');
  expect((await atomic('bob', 'push')).stdout).toContain('Nothing to push');
  expect(await done('bob', 'state')).toEqual(await done('ada', 'state'));
}

test('a path is cloned, pushed to and pulled from, and remembered from wherever one stands', async () => {
  await story('ada');
});

test('ssh is the program that ATOMIC_SSH names, and gets the path as one word', async () => {
  mkdirSync(join(top, 'bin'));
  const program = (name: string, text: string): string => {
    writeFileSync(join(top, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(top, 'bin', name), 0o755);
    return join(top, 'bin', name);
  };
  program('atomic', `exec "${process.execPath}" "${MAIN}" "$@"`);
  const ssh = program(
    'fake-ssh',
    `echo "$1 $2 $3 $4" >> "${join(top, 'called')}"; PATH="${join(top, 'bin')}:$PATH"; shift 4; exec sh -c "$1"`,
  );
  environment = { ATOMIC_SSH: ssh, PATH: process.env['PATH'] ?? '' };
  mkdirSync(join(top, "a folder's"));
  await story(`ssh://ada@example.org:2222${top}/ada`);
  expect(readFileSync(join(top, 'called'), 'utf8').split('\n')[0]).toBe('-p 2222 -- ada@example.org');
});

interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

async function serving(...args: readonly string[]): Promise<Server> {
  const env = { HOME: top, PATH: process.env['PATH'] ?? '' };
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--json', ...args], { cwd: top, env });
  let text = '';
  for await (const chunk of child.stdout) {
    text += String(chunk);
    if (text.trimEnd().endsWith('}')) break;
  }
  const { url } = JSON.parse(text) as { url: string };
  const ended = new Promise((resolve) => child.once('close', resolve));
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    },
  };
}

test('repositories below a folder are served over HTTP, to whoever has a token', async () => {
  const [reads, writes] = ['r'.repeat(32), 'w'.repeat(32)];
  writeFileSync(join(top, 'tokens'), `read ${reads}\nwrite ${writes} # Bob\n`);
  const server = await serving('--root', '.', '--tokens', 'tokens');
  try {
    const url = `${server.url}ada`;
    expect(await atomic('', 'clone', url, 'bob')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('ATOMIC_REMOTE_DENIED'),
    });
    environment = { ATOMIC_REMOTE_TOKEN: reads };
    await done('', 'clone', url, 'eve');
    await changed('eve', 'e.txt', 'e\n');
    const refused = await atomic('eve', 'push');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('ATOMIC_REMOTE_READ_ONLY') });
    environment = {};
    await runAtomic(['remote', 'token', 'origin'], { cwd: join(top, 'eve'), env: { HOME: top }, stdin: `${writes}\n` });
    expect(statSync(join(top, '.config/atomic/remote-tokens')).mode & 0o777).toBe(0o600);
    await story(url);
    const said = JSON.stringify([
      await atomic('bob', 'audit', '--json'),
      await atomic('ada', 'audit', '--json'),
      refused,
    ]);
    expect(said).not.toContain(writes);
    expect(said).not.toContain(reads);
  } finally {
    await server.stop();
  }
});

test('an address with a secret in it is refused without repeating the secret', async () => {
  for (const url of [
    'http://ada:hunter22@example.org/atomic/v1/x',
    'https://ghp_token@example.org/x',
    'ssh://a:hunter22@example.org/x',
  ]) {
    const ran = await atomic('ada', 'remote', 'add', 'origin', url);
    expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining('ATOMIC_REMOTE_URL_SECRET') });
    expect(ran.stdout + ran.stderr).not.toMatch(/hunter22|ghp_token/);
  }
});

test('what a repository takes is said by its settings, and a refusal names the patch and the reason', async () => {
  await done('', 'clone', 'ada', 'bob');
  await done('ada', 'config', 'set', 'receive.signatures', 'signed');
  await changed('bob', 'b.txt', 'b\n');
  const refused = await atomic('bob', 'push');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/Patch [a-z2-7]{52} \(Change b\.txt\) was refused.*It is not signed/s);
  await done('ada', 'config', 'set', 'receive.read_only', 'true');
  expect((await atomic('bob', 'push')).stderr).toContain('ATOMIC_REMOTE_READ_ONLY');
});

test('a remote that is not there is named, with those that are', async () => {
  expect((await atomic('ada', 'push')).stderr).toContain('ATOMIC_REMOTE_UNKNOWN');
  await done('ada', 'remote', 'add', 'up', '../elsewhere');
  expect(await atomic('ada', 'pull', 'upp')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('The remotes are up.'),
  });
  await done('ada', 'remote', 'rename', 'up', 'origin');
  await done('ada', 'remote', 'remove', 'origin');
  expect(await done('ada', 'remote', 'list')).toMatchObject({ remotes: [] });
});
