import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock } from 'kernel/basics';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAtomic } from '../cli/run-atomic.ts';
import { SampleGit } from './sample-git.ts';

let place = '';
let sample: SampleGit;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'atomic-bring-'));
  sample = new SampleGit(join(place, 'git'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const clock = manualClock();
const at = (path: string): string => join(place, path);

async function atomic(folder: string, ...args: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  void clock.advance(1000);
  const { stdout, stderr } = await runAtomic([...args, '--json'], { cwd: at(folder), clock });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function hook(event: string, payload: object): Promise<void> {
  const stdin = JSON.stringify({ session_id: 's1', cwd: at('git'), model: 'claude-opus-4-5', ...payload });
  expect(await runAtomic(['hook', 'claude-code', event], { cwd: at('git'), stdin, clock })).toMatchObject({ code: 0 });
}

async function agentWrites(path: string, text: string): Promise<void> {
  const payload = { tool_name: 'Write', tool_input: { file_path: path }, tool_use_id: `${path} ${text.length}` };
  await hook('PreToolUse', payload);
  sample.write(path, text);
  await hook('PostToolUse', payload);
}

async function actors(path: string): Promise<readonly unknown[]> {
  const { lines } = (await atomic('git', 'credit', path)) as { lines: { credits: { actor: string }[] }[] };
  return lines.map(({ credits }) => credits[0]?.actor);
}

test('a folder of its own has the files of the branch that is checked out, and they are unchanged', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n', 'run.sh': '#!/bin/sh\n', 'empty/dir/b.txt': 'b\n' });
  sample.write('run.sh', '#!/bin/sh\n', 0o755);
  sample.link('link', 'a.txt');
  sample.commit('a link');
  sample.run('branch', 'other');
  expect(await atomic('.', 'git', 'import', 'git', '--into', 'work', '--verify')).toMatchObject({
    commits: 2,
    channel: 'main',
    channels: ['main', 'other'],
    verified: { commits: 2, different: [] },
  });
  expect(readFileSync(at('work/link'), 'utf8')).toBe('1\n');
  expect(await atomic('work', 'status')).toMatchObject({ channel: 'main', changed: [], untracked: [] });
});

test('a branch that is called otherwise leaves no empty channel behind', async () => {
  sample.run('checkout', '-q', '-b', 'trunk');
  sample.commitFiles('base', { 'a.txt': '1\n' });
  await atomic('.', 'git', 'import', 'git', '--into', 'work');
  expect(await atomic('work', 'channel', 'list')).toMatchObject({ channels: [{ name: 'trunk' }] });
});

test('beside git no file is touched, git does not see us, and each import brings what git has got since', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.write('a.txt', 'not committed\n');
  expect(await atomic('git', 'git', 'import')).toMatchObject({ commits: 1, repository: at('git') });
  expect(readFileSync(at('git/a.txt'), 'utf8')).toBe('not committed\n');
  expect(sample.run('status', '--porcelain').trim()).toBe('M a.txt');
  expect(await atomic('git', 'status')).toMatchObject({ changed: [{ path: 'a.txt' }] });
  sample.commit('second');
  expect(await atomic('git', 'git', 'import')).toMatchObject({ commits: 1, known: 1 });
  expect(await atomic('git', 'status')).toMatchObject({ changed: [], untracked: [] });
  sample.run('checkout', '-q', '-b', 'side');
  sample.commitFiles('on the side', { 'b.txt': 'b\n' });
  expect(await atomic('git', 'git', 'import')).toMatchObject({ commits: 1, channel: 'side' });
  expect(await atomic('git', 'status')).toMatchObject({ channel: 'side', changed: [], untracked: [] });
  expect(readFileSync(at('git/.git/info/exclude'), 'utf8').match(/\.atomic/g)).toHaveLength(1);
});

test('somebody who uses git alone gets credit from hooks', async () => {
  sample.commitFiles('base', { 'a.txt': 'one\n' });
  await atomic('git', 'git', 'import');
  await agentWrites('a.txt', 'one\nby the agent\n');
  sample.write('a.txt', 'one\nby the agent\nby hand\n');
  sample.commit('both of us');
  await agentWrites('b.txt', 'not committed yet\n');
  expect(await atomic('git', 'git', 'import')).toMatchObject({ commits: 1 });
  const { patches } = (await atomic('git', 'log', '--limit', '1')) as { patches: { attribution: object }[] };
  expect(patches[0]?.attribution).toMatchObject({
    actor: 'mixed',
    evidence: 'hook',
    model: 'claude-opus-4-5',
  });
  sample.commit('the agent’s alone');
  await atomic('git', 'git', 'import');
  expect(await actors('b.txt')).toEqual(['ai']);
});

test('what was committed is no longer claimed when somebody else changes it', async () => {
  sample.commitFiles('base', { 'a.txt': 'one\n' });
  await atomic('git', 'git', 'import');
  await agentWrites('a.txt', 'one\nthe words of the agent stand here\n');
  sample.commit('the agent’s');
  await atomic('git', 'git', 'import');
  sample.write('a.txt', 'one\nthe words of the agent stood here\n');
  sample.commit('a word, by hand');
  await atomic('git', 'git', 'import');
  const { patches } = (await atomic('git', 'log', '--limit', '1')) as { patches: { attribution: object }[] };
  expect(patches[0]?.attribution).toMatchObject({ actor: 'untracked' });
});

test('several commits of what an agent wrote are each credited with their part', async () => {
  sample.commitFiles('base', { 'a.txt': 'one\n' });
  await atomic('git', 'git', 'import');
  await agentWrites('a.txt', 'one\nagent\n');
  sample.commit('first');
  await agentWrites('c.txt', 'another\n');
  sample.write('a.txt', 'one\nagent\nhand\n');
  sample.commit('second');
  await atomic('git', 'git', 'import');
  const { patches } = (await atomic('git', 'log')) as {
    patches: { message: string; attribution: { actor: string } }[];
  };
  expect(Object.fromEntries(patches.map(({ message, attribution }) => [message, attribution.actor]))).toEqual({
    base: 'untracked',
    first: 'ai',
    second: 'mixed',
  });
});

test('importing again after work was recorded here keeps that work beside what is new, and the files follow', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n2\n3\n4\n5\n' });
  await atomic('.', 'git', 'import', 'git', '--into', 'work');
  writeFileSync(at('work/a.txt'), '1\n2\n3\n4\nour five\n');
  await atomic('work', 'record', '-m', 'ours');
  sample.commitFiles('theirs', { 'a.txt': 'their one\n2\n3\n4\n5\n', 'new.txt': 'new\n' });
  expect(await atomic('work', 'git', 'import', '../git')).toMatchObject({ commits: 1, known: 1 });
  expect(readFileSync(at('work/a.txt'), 'utf8')).toBe('their one\n2\n3\n4\nour five\n');
  expect(await atomic('work', 'status')).toMatchObject({ changed: [], conflicts: [], untracked: [] });
  // The commits became the same patches as without our work.
  await atomic('.', 'git', 'import', 'git', '--into', 'fresh');
  const hashes = async (folder: string): Promise<readonly string[]> =>
    ((await atomic(folder, 'log')) as { patches: { hash: string }[] }).patches.map(({ hash }) => hash);
  expect(await hashes('work')).toEqual(expect.arrayContaining([...(await hashes('fresh'))]));
});

test('changes that are not recorded and in the way leave the channel as it was', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  await atomic('.', 'git', 'import', 'git', '--into', 'work');
  writeFileSync(at('work/a.txt'), 'mine\n');
  sample.commitFiles('theirs', { 'a.txt': 'theirs\n' });
  const before = await atomic('work', 'state');
  expect(await atomic('work', 'git', 'import', '../git')).toMatchObject({
    error: { code: 'ATOMIC_CHANGES_IN_THE_WAY' },
  });
  expect(await atomic('work', 'state')).toEqual(before);
  expect(readFileSync(at('work/a.txt'), 'utf8')).toBe('mine\n');
  await atomic('work', 'reset', '--force', 'a.txt');
  expect(await atomic('work', 'git', 'import', '../git')).toMatchObject({ known: 2 });
  expect(readFileSync(at('work/a.txt'), 'utf8')).toBe('theirs\n');
});

test('a bare repository needs a folder to come to', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.run('clone', '-q', '--bare', at('git'), at('bare'));
  expect(await atomic('.', 'git', 'import', 'bare')).toMatchObject({ error: { code: 'ATOMIC_GIT_PLACE_MISSING' } });
  expect(await atomic('.', 'git', 'import', 'bare', '--into', 'work')).toMatchObject({ commits: 1 });
  expect(existsSync(at('work/a.txt'))).toBe(true);
});

test('a folder that has other files is left as it is', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n', 'b.txt': '2\n' });
  mkdirSync(at('work'));
  writeFileSync(at('work/a.txt'), 'mine\n');
  expect(await atomic('.', 'git', 'import', 'git', '--into', 'work')).toMatchObject({
    error: { code: 'ATOMIC_CHANGES_IN_THE_WAY' },
  });
  expect(readFileSync(at('work/a.txt'), 'utf8')).toBe('mine\n');
  expect(existsSync(at('work/b.txt'))).toBe(false);
  rmSync(at('work/a.txt'));
  expect(await atomic('.', 'git', 'import', 'git', '--into', 'work')).toMatchObject({ known: 1 });
  expect(readFileSync(at('work/b.txt'), 'utf8')).toBe('2\n');
});

test('a repository that begins with atomic init takes the branch of git', async () => {
  sample.run('checkout', '-q', '-b', 'trunk');
  sample.commitFiles('base', { 'a.txt': '1\n' });
  await runAtomic(['init', 'work'], { cwd: place });
  await atomic('work', 'git', 'import', '../git');
  expect(readFileSync(at('work/a.txt'), 'utf8')).toBe('1\n');
  expect(await atomic('work', 'status')).toMatchObject({ channel: 'trunk', changed: [] });
});

test('beside git, one branch that is asked for does not change which one is checked out', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  sample.run('checkout', '-q', '-b', 'side');
  sample.commitFiles('side', { 'a.txt': '2\n' });
  sample.run('checkout', '-q', 'main');
  await atomic('git', 'git', 'import');
  await atomic('git', 'git', 'import', '--branch', 'side');
  expect(await atomic('git', 'status')).toMatchObject({ channel: 'main', changed: [] });
});

test('what is recorded here leaves to git beside it, and git sees nothing to do', async () => {
  sample.commitFiles('base', { 'a.txt': '1\n' });
  await atomic('git', 'git', 'import');
  writeFileSync(at('git/a.txt'), '1\n2\n');
  await atomic('git', 'record', '-m', 'in Atomic');
  expect(await atomic('git', 'git', 'export', '.')).toMatchObject({ commits: 1, known: 1 });
  expect(sample.run('status', '--porcelain')).toBe('');
  expect(sample.run('log', '--format=%s').trim()).toBe('in Atomic\nbase');
  expect(await atomic('git', 'git', 'import')).toMatchObject({ commits: 0, recognised: 1 });
  expect(await atomic('git', 'log')).toMatchObject({ patches: [{ message: 'in Atomic' }, { message: 'base' }] });
});
