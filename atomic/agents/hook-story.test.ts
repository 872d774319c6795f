import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
    actor: 'ai',
    evidence: 'hook',
    modelId: 'anthropic/claude-sonnet-4-5',
    agent: { tool: 'claude-code', sessionId: 's1' },
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
  expect(await lastPatch()).toMatchObject({ actor: 'ai', evidence: 'hook', agent: { tool: 'claude-code' } });
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
    expect(await lastPatch()).toMatchObject({
      model: 'claude-opus-4-5',
      tokens: { input: 20, output: 10, cacheRead: 4 },
    });
    await tool('Write', { file_path: 'b.txt' }, () => write('b.txt', 'two\n'));
    await run('record', '--all', '-m', 'second');
    expect(await lastPatch()).toMatchObject({ actor: 'ai' });
    expect(await lastPatch()).not.toHaveProperty('tokens');
  } finally {
    rmSync(transcript);
  }
});

test('fifty hooks at once lose nothing, and each session keeps its own file', async () => {
  const sessions = Array.from({ length: 50 }, (_, at) => `s${at}`);
  await Promise.all(
    sessions.map(async (session) => {
      const path = `${session}.txt`;
      await tool('Write', { file_path: path }, () => write(path, `by ${session}\n`), session);
    }),
  );
  await run('record', '--all', '-m', 'fifty at once');
  expect(await lastPatch()).toMatchObject({ actor: 'ai', evidence: 'hook' });
  const credited = await Promise.all(sessions.slice(0, 5).map(async (session) => actors(`${session}.txt`)));
  expect(credited.every((found) => found.length === 1 && found[0] === 'ai')).toBe(true);
});

test('while a command of one agent runs, a file that another one names is the other’s', async () => {
  write('a.txt', 'a\n');
  write('b.txt', 'b\n');
  await run('record', '--all', '-m', 'by nobody');
  const bash = { session_id: 's1', tool_name: 'Bash', tool_use_id: 'u1', tool_input: { command: 'make' } };
  const edit = { session_id: 's2', tool_name: 'Edit', tool_use_id: 'u2', tool_input: { file_path: 'b.txt' } };
  await hook('PreToolUse', bash);
  await hook('PreToolUse', edit);
  write('a.txt', 'a by s1\n');
  write('b.txt', 'b by s2\n');
  await hook('PostToolUse', { ...bash, model: 'claude-opus-4-5' });
  await hook('PostToolUse', { ...edit, model: 'claude-haiku-4-5' });
  await run('record', 'a.txt', '-m', 'a');
  expect(await lastPatch()).toMatchObject({ model: 'claude-opus-4-5', agent: { sessionId: 's1' } });
  await run('record', 'b.txt', '-m', 'b');
  expect(await lastPatch()).toMatchObject({ model: 'claude-haiku-4-5', agent: { sessionId: 's2' } });
});

test('commands of two different agents at once: nobody says which of them wrote a file', async () => {
  write('a.txt', 'a\n');
  await run('record', '--all', '-m', 'by nobody');
  const bash = { tool_name: 'Bash', tool_use_id: 'u1', tool_input: { command: 'make' } };
  await hook('PreToolUse', { ...bash, session_id: 's1', model: 'claude-opus-4-5' });
  await hook('PreToolUse', { ...bash, session_id: 's2', model: 'gpt-5' }, 'codex');
  write('a.txt', 'by one of them\n');
  await hook('PostToolUse', { ...bash, session_id: 's1', model: 'claude-opus-4-5' });
  await hook('PostToolUse', { ...bash, session_id: 's2', model: 'gpt-5' }, 'codex');
  await run('record', '-m', 'by whom?');
  expect(await lastPatch()).toMatchObject({ actor: 'untracked' });
});

test('an agent that moves or deletes files is credited with that', async () => {
  write('a.txt', 'one\ntwo\n');
  write('gone.txt', 'gone\n');
  await run('record', '--all', '-m', 'by nobody');
  await tool('Bash', { command: 'mv a.txt b.txt; rm gone.txt' }, () => {
    write('b.txt', 'one\ntwo\n');
    rmSync(join(root, 'a.txt'));
    rmSync(join(root, 'gone.txt'));
  });
  await run('record', '--all', '-m', 'moved');
  expect(await lastPatch()).toMatchObject({ actor: 'ai', evidence: 'hook' });
});

test('what is recorded in part leaves the rest of an agent’s work to be credited later', async () => {
  write('a.txt', '1\n2\n3\n');
  await run('record', '--all', '-m', 'by nobody');
  await tool('Edit', { file_path: 'a.txt' }, () => write('a.txt', '1\n2\n3\nagent\n'));
  write('b.txt', 'by hand\n');
  await run('record', 'b.txt', '-m', 'by hand');
  expect(await lastPatch()).toMatchObject({ actor: 'untracked' });
  await run('record', '-m', 'the agent’s');
  expect(await lastPatch()).toMatchObject({ actor: 'ai' });
  write('a.txt', '1\n2\n3\nagent, and by hand\n');
  await run('record', '-m', 'by hand later');
  expect(await lastPatch()).toMatchObject({ actor: 'untracked' });
});

test('nothing is written where there is no repository, and nonsense says nothing', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'atomic-none-'));
  try {
    const payload = { session_id: 's', cwd: elsewhere, tool_name: 'Write', tool_input: { file_path: 'a.txt' } };
    const cwd = elsewhere;
    for (const stdin of [JSON.stringify(payload), 'no JSON', '', '[]', '{"tool_name":{}}']) {
      expect(await runAtomic(['hook', 'claude-code', 'PostToolUse'], { cwd, stdin })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
      expect(await runAtomic(['hook', 'nobody', 'PostToolUse'], { cwd: root, stdin })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
      expect(await runAtomic(['hook', 'claude-code', 'Nothing'], { cwd: root, stdin })).toEqual({
        code: 0,
        stdout: '',
        stderr: '',
      });
    }
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(existsSync(join(root, '.atomic', 'spool'))).toBe(false);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('files that are ignored, outside, behind a link or secret by their name are never looked into', async () => {
  const secret = 'hunter2-hunter2-hunter2';
  const outside = mkdtempSync(join(tmpdir(), 'atomic-outside-'));
  writeFileSync(join(outside, 'x.txt'), secret);
  symlinkSync(outside, join(root, 'link'));
  write('.gitignore', 'ignored.txt\n');
  for (const path of ['ignored.txt', '.env', 'server.pem']) write(path, secret);
  const paths = [
    'ignored.txt',
    '.env',
    'server.pem',
    'link/x.txt',
    join(outside, 'x.txt'),
    '../x.txt',
    '.atomic/pristine.db',
  ];
  for (const path of paths) await tool('Edit', { file_path: path }, () => {});
  await tool('Bash', { command: 'true' }, () => {});
  expect(readFileSync(join(root, '.atomic/spool/00000001.jsonl'), 'utf8')).not.toContain(secret);
  rmSync(outside, { recursive: true });
});

const PLANTED = [`sk-ant-api03-${'AbCdEfGh12345678'.repeat(2)}`, `ghp_${'0123456789'.repeat(4)}`, 'correct-horse'];

test.each([
  ['', []],
  ['[ai]\ntrack_prompts = true\nprivacy = "redacted"\n', ['correct-horse']],
  ['[ai]\ntrack_prompts = true\nprivacy = "encrypted"\n', []],
] as const)('a prompt leaves nothing secret in the repository (%j)', async (config, allowed) => {
  writeFileSync(join(root, '.atomic', 'config.toml'), config);
  const prompt = `Use ${PLANTED[0]} and password: ${PLANTED[1]} with ${PLANTED[2]}`;
  await hook('UserPromptSubmit', { prompt });
  await tool('Write', { file_path: 'a.txt', content: 'x' }, () => write('a.txt', 'one\n'));
  await run('record', '--all', '-m', 'prompted');
  expect(await lastPatch()).toMatchObject({
    actor: 'ai',
    prompt: { level: config === '' ? 'hash' : expect.any(String) },
  });
  const kept = readdirSync(join(root, '.atomic'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
  const found = PLANTED.filter(
    (secret) => kept.includes(secret) || kept.includes(Buffer.from(secret).toString('base64').slice(0, -4)),
  );
  expect(found.filter((secret) => !(allowed as readonly string[]).includes(secret))).toEqual([]);
});

test('hooks are put into the settings of agents, listed, and taken out again', async () => {
  const said = (await run('hook', 'install', '--all')) as { hooks: { kind: string }[] };
  expect(said.hooks.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => 'written'));
  expect(read('.claude/settings.json')).toContain('atomic hook claude-code PreToolUse');
  const { hooks } = (await run('hook', 'list')) as { hooks: { isInstalled: boolean }[] };
  expect(hooks.every(({ isInstalled }) => isInstalled)).toBe(true);
  await run('hook', 'uninstall', 'claude-code');
  expect(existsSync(join(root, '.claude/settings.json'))).toBe(false);
  expect((await runAtomic(['hook', 'install', 'nobody'], { cwd: root })).code).toBe(2);
});

test('where AIs are switched off, hooks keep nothing', async () => {
  writeFileSync(join(root, '.atomic', 'config.toml'), '[ai]\nenabled = false\n');
  await tool('Write', { file_path: 'a.txt' }, () => write('a.txt', 'one\n'));
  expect(existsSync(join(root, '.atomic', 'spool'))).toBe(false);
});
