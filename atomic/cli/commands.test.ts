// What commands promise: exit codes, documents, and that every one of them is described alike.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { COMMANDS } from './command-table.ts';
import { Story } from './transcripts.samples.ts';

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.quiet(['init']);
});
afterEach(() => story.end());

const exists = (value: unknown): boolean => value !== undefined && value !== null;

test('every command has a line about it, and two examples', async () => {
  const { stdout } = await story.quiet(['--help']);
  for (const { name, summary, load } of COMMANDS) {
    expect(stdout).toContain(`\n  ${name} `);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    await load();
    const help = (await story.quiet(['help', name])).stdout;
    expect(help, name).toContain(summary.slice(0, 20));
    // A command that only holds others has no --json; examples are with each of these.
    if (help.includes('--json')) expect(help.match(/^ {2}\$ /gm)?.length, name).toBe(2);
  }
});

test('a word that is no command, an option that is none, and a missing argument are wrong use', async () => {
  for (const args of [['statsu'], ['status', '--jsno'], ['mv', 'a'], ['tag', 'a', 'b'], ['record', '--limit']]) {
    expect((await story.quiet(args)).code, args.join(' ')).toBe(2);
  }
  expect((await story.quiet(['statsu'])).stderr).toContain('Did you mean status?');
  const { error, version } = await story.json(['status', '--jsno']);
  expect({ error, version }).toMatchObject({ version: 1, error: { code: 'ATOMIC_USED_WRONGLY' } });
});

test('a fault is a document where one was asked for', async () => {
  const ran = await story.quiet(['rollback', 'abcd', '--json']);
  expect(ran.code).toBe(2);
  expect(JSON.parse(ran.stdout)).toMatchObject({ version: 1, error: { code: 'ATOMIC_PATCH_UNKNOWN' } });
  expect((await story.quiet(['-C', '/', 'status'])).stderr).toContain('ATOMIC_REPOSITORY_MISSING');
});

test('a record without a terminal needs a message; with nothing to record it answers no', async () => {
  expect((await story.quiet(['record'])).stderr).toContain('ATOMIC_MESSAGE_MISSING');
  const ran = await story.quiet(['record', '-m', 'x', '--json']);
  expect(ran.code).toBe(1);
  expect(JSON.parse(ran.stdout)).toEqual({ version: 1, patch: null });
  expect((await story.quiet(['record', '-m', '  '])).code).toBe(1);
});

test('a bad statement about an AI is refused with its name, also when there is nothing to record', async () => {
  expect((await story.quiet(['record', '-m', 'x', '--ai-confidence', '3'])).stderr).toContain('--ai-confidence');
  const env = { ATOMIC_AI_ENABLED: 'perhaps' };
  const ran = await story.quiet(['record', '-m', 'x'], { env });
  expect(ran.stderr).toContain('ATOMIC_AI_ENABLED');
  expect(ran.code).toBe(2);
});

test('the log has the promised shape', async () => {
  story.write('a.txt', '1\n');
  const first = await story.record('Begin\n\nAt the beginning.');
  story.write('a.txt', '1\n2\n');
  const flags = ['--ai-provider', 'anthropic', '--ai-model', 'claude-sonnet-4-5', '--ai-confidence', '0.9'];
  const second = await story.record('Go on', ...flags, '--ai-suggestion-type', 'partial');
  expect(await story.json(['log'])).toMatchObject({
    version: 1,
    channel: 'main',
    patches: [
      {
        hash: second,
        message: 'Go on',
        author: 'Ada Lovelace <ada@example.org>',
        dependencies: [first],
        attribution: { actor: 'mixed', provider: 'anthropic', model: 'claude-sonnet-4-5', confidence: 0.9 },
      },
      { hash: first, message: 'Begin', description: 'At the beginning.', attribution: { actor: 'untracked' } },
    ],
  });
  const { patches } = await story.json(['log', '--ai-only', '--limit', '1']);
  expect(patches).toMatchObject([{ hash: second }]);
  expect((await story.quiet(['log', '--human-only'])).stderr).toContain('1 patch is untracked');
  expect((await story.quiet(['log', '--ai-only', '--human-only'])).code).toBe(2);
});

test('the same set has the same root, whatever the order in which it came', async () => {
  story.write('a.txt', '1\n2\n3\n4\n5\n');
  await story.record('Begin');
  await story.quiet(['channel', 'fork', 'other']);
  story.write('a.txt', 'one\n2\n3\n4\n5\n');
  const first = await story.record('First');
  story.write('a.txt', 'one\n2\n3\n4\nfive\n');
  const second = await story.record('Second');
  await story.quiet(['channel', 'switch', 'other']);
  await story.quiet(['apply', second]);
  expect(readFileSync(join(story.folder, 'a.txt'), 'utf8')).toBe('1\n2\n3\n4\nfive\n');
  await story.quiet(['apply', first]);
  const root = async (channel: string): Promise<unknown> => (await story.json(['state', '--channel', channel]))['root'];
  expect(await root('other')).toBe(await root('main'));
});

test('a patch that others build on leaves only with them', async () => {
  story.write('a.txt', '1\n');
  const first = await story.record('Begin');
  story.write('a.txt', '1\n2\n');
  const second = await story.record('Go on');
  const refused = await story.quiet(['unrecord', first, '--json']);
  expect(refused.code).toBe(1);
  expect(JSON.parse(refused.stdout)).toMatchObject({ unrecorded: [], dependents: [second] });
  const done = await story.json(['unrecord', first, '--with-dependents']);
  expect(done).toMatchObject({ unrecorded: [second, first] });
  // Applying the second brings the first, and says so before.
  const plan = await story.json(['apply', second, '--dry-run']);
  expect(plan).toMatchObject({ applied: [first, second], dependencies: [first], dryRun: true });
  expect((await story.json(['log']))['patches']).toEqual([]);
});

test('--keep leaves the file on the disk', async () => {
  story.write('secret.env', 'x=1\n');
  await story.record('By mistake');
  await story.quiet(['rm', '--keep', 'secret.env']);
  await story.quiet(['record', '-m', 'Not tracked']);
  const status = await story.json(['status']);
  expect(status).toMatchObject({ changed: [], untracked: ['secret.env'] });
  expect(readFileSync(join(story.folder, 'secret.env'), 'utf8')).toBe('x=1\n');
});

test('only what was named is recorded', async () => {
  for (const path of ['a.txt', 'docs/b.txt', 'docs/c.txt']) story.write(path, 'x\n');
  await story.quiet(['add', 'docs']);
  const { files } = await story.json(['record', 'docs', '-m', 'Docs']);
  expect(files).toEqual(['docs/b.txt', 'docs/c.txt']);
  const named = await story.json(['record', 'a.txt', '-m', 'A']);
  expect(named['files']).toEqual(['a.txt']);
  expect(exists(named['patch'])).toBe(true);
});

test('channels are made, forked without some patches, renamed, deleted, and brought back', async () => {
  story.write('a.txt', '1\n');
  await story.record('Begin');
  story.write('b.txt', 'x\n');
  await story.record('By a model', '--ai-provider', 'openai', '--ai-model', 'gpt-4o');
  const fork = await story.json(['channel', 'fork', 'pure', '--without', 'ai.model=gpt-4o', '--switch']);
  expect(fork).toMatchObject({ channel: 'pure', patches: 1 });
  expect((await story.json(['status']))['channel']).toBe('pure');
  await story.quiet(['channel', 'switch', 'main']);
  await story.quiet(['channel', 'rename', 'pure', 'human']);
  await story.quiet(['channel', 'delete', 'human']);
  await story.quiet(['undo']);
  const { channels } = await story.json(['channel', 'list']);
  expect(channels).toMatchObject([{ name: 'human', patches: 1 }, { name: 'main' }]);
  expect((await story.quiet(['channel', 'delete', 'main'])).code).toBe(1);
  expect((await story.quiet(['channel', 'switch', 'nowhere'])).code).toBe(2);
});

test('files of a channel are written elsewhere, and nowhere over others', async () => {
  story.write('a.txt', '1\n');
  await story.record('Begin');
  await story.quiet(['tag', 'v1']);
  story.write('a.txt', '2\n');
  await story.record('Go on');
  const out = join(story.folder, '..', 'out');
  expect((await story.quiet(['output', '--to', out, '--at', 'v1'])).code).toBe(0);
  expect(readFileSync(join(out, 'a.txt'), 'utf8')).toBe('1\n');
  expect((await story.quiet(['output', '--to', out])).stderr).toContain('ATOMIC_FOLDER_IN_USE');
  expect((await story.quiet(['tag', 'v1'])).code).toBe(1);
});

test('own changes stay where they do not stand in the way, and stop a command where they do', async () => {
  story.write('a.txt', '1\n2\n3\n4\n5\n');
  await story.record('Begin');
  story.write('a.txt', '1\n2\n3\n4\nfive\n');
  const patch = await story.record('Words');
  story.write('a.txt', 'one\n2\n3\n4\nfive\n');
  await story.quiet(['unrecord', patch]);
  expect(readFileSync(join(story.folder, 'a.txt'), 'utf8')).toBe('one\n2\n3\n4\n5\n');
  writeFileSync(join(story.folder, 'a.txt'), '1\n2\n3\n4\nV\n');
  const refused = await story.quiet(['apply', patch]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('ATOMIC_CHANGES_IN_THE_WAY');
  expect(readFileSync(join(story.folder, 'a.txt'), 'utf8')).toBe('1\n2\n3\n4\nV\n');
});

test('what a conflict put on the disk goes when it is settled', async () => {
  story.write('a.txt', '1\n');
  story.write('p.png', '\0one');
  await story.record('Begin');
  await story.quiet(['channel', 'fork', 'other']);
  await story.quiet(['mv', 'a.txt', 'b.txt']);
  story.write('p.png', '\0two');
  await story.record('One name');
  await story.quiet(['channel', 'switch', 'other']);
  await story.quiet(['mv', 'a.txt', 'c.txt']);
  story.write('p.png', '\0three');
  const patch = await story.record('Another');
  await story.quiet(['channel', 'switch', 'main']);
  const { conflicts } = await story.json(['apply', patch]);
  expect(conflicts).toBe(2);
  const names = (): readonly string[] =>
    readdirSync(story.folder)
      .filter((name) => !name.startsWith('.'))
      .sort();
  expect(names()).toEqual(['b.txt', 'c.txt', 'p.png', expect.stringMatching(/^p\.png\.~[a-z2-7]{8}$/)]);
  story.write('p.png', '\0both');
  await story.quiet(['mv', 'b.txt', 'd.txt']);
  expect(await story.json(['record', '-m', 'Settle'])).toMatchObject({ wholeFiles: [] });
  expect(names()).toEqual(['d.txt', 'p.png']);
  expect(await story.json(['status'])).toMatchObject({ changed: [], untracked: [], conflicts: [] });
});
