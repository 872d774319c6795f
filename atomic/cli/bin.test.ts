// The command as people start it: a process, the launcher, the disk as it is.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

const BIN = join(import.meta.dirname, '..', 'bin', 'atomic');

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'atomic-bin-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const atomic = (...args: readonly string[]): Promise<Ended> => atomicTold('', {}, ...args);

async function atomicTold(stdin: string, more: Record<string, string>, ...args: readonly string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: folder, ATOMIC_AUTHOR: 'Ada <ada@example.org>', ...more };
  const child = spawn(BIN, args, { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(stdin);
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, out, err };
}

test('it starts, works, and ends with what happened', async () => {
  expect((await atomic('init')).code).toBe(0);
  writeFileSync(join(folder, 'a.txt'), '1\n');
  const recorded = await atomic('record', '--all', '-m', 'Begin', '--json');
  expect({ code: recorded.code, err: recorded.err }).toEqual({ code: 0, err: '' });
  expect((await atomic('record', '-m', 'Nothing')).code).toBe(1);
  expect((await atomic('recrod')).code).toBe(2);
});

test('of two processes that record at once, both do', async () => {
  await atomic('init');
  writeFileSync(join(folder, 'a.txt'), '1\n');
  writeFileSync(join(folder, 'b.txt'), '2\n');
  const [first, second] = await Promise.all([
    atomic('record', 'a.txt', '-m', 'First'),
    atomic('record', 'b.txt', '-m', 'Second'),
  ]);
  expect([first.code, second.code]).toEqual([0, 0]);
  const { out } = await atomic('log', '--short');
  expect(out.match(/First|Second/g)?.length).toBe(2);
});

test('a damaged repository is said to be one, and never taken for a mistake of ours', async () => {
  await atomic('init');
  writeFileSync(join(folder, 'a.txt'), 'x'.repeat(100_000));
  await atomic('record', '--all', '-m', 'Begin');
  const database = join(folder, '.atomic', 'pristine.db');
  const bytes = readFileSync(database);
  writeFileSync(database, bytes.fill(0x5a, 200, bytes.length));
  for (const command of ['status', 'log', 'doctor']) {
    const { code, err } = await atomic(command);
    expect(code, command).toBe(3);
    expect(err).toMatch(/ATOMIC_STORE_(?:DAMAGED|CANNOT_OPEN)/);
  }
});

test.each([{}, { ATOMIC_SOURCE: '1' }])('a hook of an agent is kept and says nothing, bundled or not', async (env) => {
  await atomic('init');
  writeFileSync(join(folder, 'a.txt'), '1\n');
  const payload = { session_id: 's', tool_name: 'Bash', tool_use_id: 't', tool_input: { command: 'make' } };
  const said = await atomicTold(JSON.stringify(payload), env, 'hook', 'claude-code', 'PostToolUse');
  expect(said).toEqual({ code: 0, out: '', err: '' });
  const spool = readFileSync(join(folder, '.atomic', 'spool', '00000001.jsonl'), 'utf8');
  expect(JSON.parse(spool)).toMatchObject({ kind: 'after', seen: [{ path: 'a.txt', text: '1\n' }] });
});

test('what is no event of an agent is a command like any other', async () => {
  await atomic('init');
  expect((await atomic('hook', 'list', '--json')).out).toContain('"hooks"');
});
