import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAtomic } from '../cli/run-atomic.ts';

let root = '';
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'atomic-hooks-'));
  await run('init');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runAtomic([...args, ...(args[0] === 'init' ? [] : ['--json'])], { cwd: root });
  if (code > 1) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout.startsWith('{') ? (JSON.parse(stdout) as Record<string, unknown>) : {};
}

async function hook(event: string, payload: object, agent = 'claude-code'): Promise<void> {
  const said = await runAtomic(['hook', agent, event], {
    cwd: root,
    stdin: JSON.stringify({ session_id: 's1', cwd: root, ...payload }),
  });
  expect(said).toEqual({ code: 0, stdout: '', stderr: '' });
}

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What an agent does with one of its tools. */
async function tool(name: string, input: object, work: () => void, session = 's1'): Promise<void> {
  const payload = {
    session_id: session,
    tool_name: name,
    tool_input: input,
    tool_use_id: `${session} ${name} ${JSON.stringify(input).length}`,
  };
  await hook('PreToolUse', payload);
  work();
  await hook('PostToolUse', { ...payload, model: 'claude-sonnet-4-5' });
}

async function lastPatch(): Promise<Record<string, unknown>> {
  const { patches } = (await run('log', '--limit', '1')) as { patches: Record<string, unknown>[] };
  return patches[0]?.['attribution'] as Record<string, unknown>;
}

async function actors(path: string): Promise<readonly unknown[]> {
  const { lines } = (await run('credit', path)) as { lines: { credits: { actor: string }[] }[] };
  return lines.map(({ credits }) => credits[0]?.actor);
}

test('what an agent wrote with its edit tool is its own', async () => {
  await tool('Write', { file_path: join(root, 'a.txt') }, () => write('a.txt', 'one\ntwo\n'));
  await run('record', '--all', '-m', 'by the agent');
  expect(await lastPatch()).toMatchObject({
    ...{ actor: 'ai', evidence: 'hook', provider: 'anthropic', model: 'claude-sonnet-4-5', tool: 'claude-code' },
  });
});

test('a person who goes on without an editor that tells is untracked, and the agent keeps its lines', async () => {
  await tool('Write', { file_path: 'a.txt' }, () => write('a.txt', 'one\ntwo\n'));
  write('a.txt', 'one\ntwo\nthree, by hand\n');
  await run('record', '--all', '-m', 'both');
  expect(await lastPatch()).toMatchObject({ actor: 'mixed', evidence: 'hook' });
});

test('what a command of the agent changes is the agent’s, also in files that it never named', async () => {
  mkdirSync(join(root, 'src'));
  write('src/a.txt', 'old a\n');
  write('src/b.txt', 'old b\n');
  await run('record', '--all', '-m', 'by nobody');
  await tool('Bash', { command: 'sed -i s/old/new/ src/*' }, () => {
    write('src/a.txt', 'new a\n');
    write('src/c.txt', 'new c\n');
  });
  write('src/b.txt', 'by hand\n');
  await run('record', '--all', '-m', 'mixed');
  expect(await lastPatch()).toMatchObject({ actor: 'mixed', evidence: 'hook' });
  await run('unrecord', (await patchHash()) as string);
  await run('record', 'src/a.txt', 'src/c.txt', '-m', 'the agent’s alone');
});

const patchHash = async (): Promise<unknown> =>
  ((await run('log', '--limit', '1')) as { patches: { hash: string }[] }).patches[0]?.hash;

test('an agent that records inside of its own command is credited', async () => {
  write('a.txt', 'old\n');
  await run('record', '--all', '-m', 'by nobody');
  await tool('Bash', { command: 'edit && atomic record' }, () => write('a.txt', 'new\n'));
  await hook('PreToolUse', { tool_name: 'Bash', tool_use_id: 'u9', tool_input: { command: 'x' } });
  write('a.txt', 'new\nand more\n');
  await run('record', '-m', 'from inside');
  expect(await lastPatch()).toMatchObject({ actor: 'ai', evidence: 'hook', tool: 'claude-code' });
  expect(await actors('a.txt')).toEqual(['ai', 'ai']);
});

test('a person’s work between two tools of an agent stays nobody’s', async () => {
  write('a.txt', 'one\n');
  await run('record', '--all', '-m', 'by nobody');
  await tool('Edit', { file_path: 'a.txt' }, () => write('a.txt', 'one\nagent\n'));
  write('a.txt', 'by hand\none\nagent\n');
  await tool('Edit', { file_path: 'a.txt', n: 2 }, () => write('a.txt', `${read('a.txt')}agent again\n`));
  await run('record', '-m', 'three hands');
  expect(await lastPatch()).toMatchObject({ actor: 'mixed' });
});

test('tokens of a session count on the first patch with its work, and once', async () => {
  const transcript = join(root, '..', `${root.split('/').at(-1) ?? ''}.jsonl`);
  const usage = { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 2 };
  const line = (id: string): string => `${JSON.stringify({ message: { id, model: 'claude-opus-4-5', usage } })}\n`;
  writeFileSync(transcript, line('m1') + line('m1') + line('m2'));
  try {
    await hook('PreToolUse', { tool_name: 'Write', tool_input: { file_path: 'a.txt' }, transcript_path: transcript });
    write('a.txt', 'one\n');
    await hook('PostToolUse', { tool_name: 'Write', tool_input: { file_path: 'a.txt' }, transcript_path: transcript });
    await run('record', '--all', '-m', 'first');
    expect(await lastPatch()).toMatchObject({ model: 'claude-opus-4-5', tokensIn: 20, tokensOut: 10 });
    await tool('Write', { file_path: 'b.txt' }, () => write('b.txt', 'two\n'));
    await run('record', '--all', '-m', 'second');
    expect(await lastPatch()).toMatchObject({ actor: 'ai', tokensIn: null });
  } finally {
    rmSync(transcript);
  }
});
