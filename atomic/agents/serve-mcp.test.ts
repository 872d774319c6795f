import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAtomic } from '../cli/run-atomic.ts';
import { main } from '../cli/main.ts';
import { serveMcp } from './serve-mcp.ts';

let root = '';
let client: Client;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'atomic-mcp-'));
  await runAtomic(['init'], { cwd: root });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await serveMcp(far, {
    version: '0.0.1',
    async run(line, writer) {
      let [stdout, stderr] = ['', ''];
      const env = { HOME: root, ATOMIC_AUTHOR: 'Ada Lovelace <ada@example.org>' };
      const out = { write: (text: string) => (stdout += text) };
      const code = await main(line, {
        cwd: root,
        env,
        client: writer,
        stdout: out,
        stderr: { write: (text) => (stderr += text) },
      });
      return { code, stdout, stderr };
    },
  });
  client = new Client({ name: 'sample-agent', version: '9.8' });
  await client.connect(near);
});
afterEach(async () => {
  await client.close();
  rmSync(root, { recursive: true, force: true });
});

interface Answer {
  readonly isError?: boolean;
  readonly structuredContent?: Record<string, unknown>;
  readonly content: readonly { readonly text: string }[];
}
const call = async (name: string, input: Record<string, unknown> = {}): Promise<Answer> =>
  (await client.callTool({ name, arguments: input })) as unknown as Answer;
const write = (path: string, text: string): void => writeFileSync(join(root, path), text);

test('an agent finds eight tools, each with a schema that says what it takes', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name.replace('atomic_', ''))).toEqual(
    'status diff record log credit apply unrecord attribution'.split(' '),
  );
  expect(tools.every(({ inputSchema }) => inputSchema.type === 'object')).toBe(true);
});

test('what an agent records is attributed to it, with its name from initialize', async () => {
  write('a.txt', 'one\n');
  expect((await call('atomic_status')).structuredContent).toMatchObject({ untracked: ['a.txt'] });
  const { structuredContent } = await call('atomic_record', {
    message: 'By the agent',
    all: true,
    model: 'claude-opus-4-5',
  });
  expect(structuredContent).toMatchObject({ patch: expect.stringMatching(/^[a-z2-7]{52}$/) });
  const { patches } = (await call('atomic_log')).structuredContent as { patches: { attribution: object }[] };
  expect(patches[0]?.attribution).toMatchObject({
    actor: 'ai',
    evidence: 'mcp',
    modelId: 'anthropic/claude-opus-4-5',
    agent: { tool: 'sample-agent', toolVersion: '9.8' },
  });
  expect((await call('atomic_credit', { path: 'a.txt' })).structuredContent).toMatchObject({
    lines: [{ credits: [{ actor: 'ai' }] }],
  });
  expect((await call('atomic_attribution')).isError).toBeUndefined();
});

test('what a person was seen to write stays that person’s when an agent records it', async () => {
  write('a.txt', 'one\n');
  await call('atomic_record', { message: 'Begin', all: true });
  const { keepEdit } = await import('./keep-edit.ts');
  write('a.txt', 'one\nby a person\n');
  const edit = { path: 'a.txt', lines: [], actor: 'human', editor: 'zed', model: null, at: null } as const;
  expect(keepEdit(root, edit, Date.UTC(2026, 0, 1))).toEqual({ kind: 'kept' });
  write('b.txt', 'by the agent\n');
  await call('atomic_record', { message: 'Both', all: true });
  const { patches } = (await call('atomic_log', { limit: 1 })).structuredContent as {
    patches: { attribution: object }[];
  };
  expect(patches[0]?.attribution).toMatchObject({ actor: 'mixed', evidence: 'mcp' });
  const { lines } = (await call('atomic_credit', { path: 'a.txt' })).structuredContent as { lines: object[] };
  expect(lines[1]).toMatchObject({ credits: [{ actor: expect.stringMatching(/human|mixed/) }] });
});

test('patches are taken out and put back', async () => {
  write('a.txt', 'one\n');
  const { structuredContent } = await call('atomic_record', { message: 'Begin', all: true });
  const patch = String(structuredContent?.['patch']);
  expect((await call('atomic_diff', { patch: patch.slice(0, 8) })).content[0]?.text).toContain('one');
  expect((await call('atomic_unrecord', { patches: [patch], dryRun: true })).isError).toBeUndefined();
  await call('atomic_unrecord', { patches: [patch] });
  expect((await call('atomic_log')).structuredContent).toMatchObject({ patches: [] });
  await call('atomic_apply', { patches: [patch] });
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one\n');
});

test.each([
  ['atomic_nothing', {}, 'There is no tool'],
  ['atomic_record', {}, 'message'],
  ['atomic_record', { message: 7 }, 'message'],
  ['atomic_record', { message: 'x', surprise: true }, 'surprise'],
  ['atomic_unrecord', { patches: ['--with-dependents'] }, 'patches'],
  ['atomic_apply', { patches: ['aaaaaaaa'] }, 'There is no patch'],
  ['atomic_apply', { where: 'ai.model=' }, 'ai.model='],
  ['atomic_credit', { path: '--deleted' }, '--deleted'],
  ['atomic_credit', { path: '../outside' }, 'outside'],
] as const)('%s with %j is answered with what, why and what next', async (name, input, said) => {
  const { isError, content } = await call(name, input);
  expect(isError).toBe(true);
  expect(content[0]?.text).toContain(said);
  expect(content[0]?.text.split(/[.!?](?:\s|$)/).length).toBeGreaterThan(2);
});

test('the command itself speaks the protocol over standard input and output, and ends with it', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../cli/main.ts'), 'mcp', '-C', root], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: root },
  });
  const info = { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const lines = [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params: info },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'atomic_status', arguments: {} } },
  ];
  child.stdin.write(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  let said = '';
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      if (said.includes('"id":2')) resolve();
    });
  });
  expect(said).toContain('"channel"');
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
});
