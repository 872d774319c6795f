// Who wrote it: what agents, keys, reviews and prompts come to on the command line.

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { noteEdit, type Worklog, type Writer } from '../hooks/worklog.ts';
import { openRepository } from '../repository/repository.ts';
import { writeWorklog } from '../working-copy/worklog-notes.ts';
import { Story } from './transcripts.samples.ts';

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.quiet(['init']);
});
afterEach(() => story.end());

const AGENT = { tool: 'claude-code', toolVersion: null, mode: null, sessionId: 's1', turn: null, subagent: null };
const ROBOT: Writer = {
  actor: 'ai',
  evidence: 'hook',
  agent: { ...AGENT, toolUseId: null },
  model: {
    kind: 'known',
    provider: 'anthropic',
    model: 'claude-sonnet-4-5',
    version: null,
    temperatureMilli: null,
    maxTokens: null,
  },
  prompt: null,
};
const PERSON: Writer = { actor: 'human' };

/** Edits that hooks and editors saw, one after the other; the file is left as the last one made it. */
function saw(path: string, before: string, ...edits: readonly (readonly [after: string, by: Writer])[]): void {
  let log: Worklog = new Map();
  let text = before;
  for (const [after, by] of edits) {
    log = noteEdit(log, { path, before: Buffer.from(text), after: Buffer.from(after), by });
    text = after;
  }
  story.write(path, text);
  const repository = openRepository(story.folder);
  repository.store.write(null, (transaction) => writeWorklog(transaction, new Map(), log));
  repository.close();
}

const actorsOf = (credit: Record<string, unknown>): readonly unknown[] =>
  (credit['lines'] as readonly { credits: readonly { actor: string }[] }[]).map(({ credits }) => credits[0]?.actor);

test('a record of several hands credits each line to its own', async () => {
  story.write('a.txt', '1\n2\n3\n4\n5\n');
  await story.record('Begin');
  const robots = '1\nrobot\n3\n4\n5\n';
  saw('a.txt', '1\n2\n3\n4\n5\n', [robots, ROBOT], ['1\nrobot\n3\n4\nperson\n', PERSON]);
  await story.record('Both');
  const { patches } = await story.json(['log', '--limit', '1']);
  expect(patches).toMatchObject([{ attribution: { actor: 'mixed', evidence: 'hook' } }]);
  expect(actorsOf(await story.json(['credit', 'a.txt']))).toEqual([
    'untracked',
    'ai',
    'untracked',
    'untracked',
    'human',
  ]);
});

test('one patch for each hand, together what lies on the disk', async () => {
  story.write('a.txt', '1\n2\n3\n4\n5\n');
  await story.record('Begin');
  saw('a.txt', '1\n2\n3\n4\n5\n', ['1\nrobot\n3\n4\n5\n', ROBOT], ['1\nrobot\n3\n4\nperson\n', PERSON]);
  story.write('new.txt', 'nobody saw this\n');
  const split = await story.json(['record', '--all', '--split-by-actor', '-m', 'Split']);
  expect(split['patches']).toMatchObject([
    { actor: 'untracked', files: ['new.txt'] },
    { actor: 'human', files: ['a.txt'] },
    { actor: 'ai', model: 'claude-sonnet-4-5', files: ['a.txt'] },
  ]);
  expect(await story.json(['status'])).toMatchObject({ changed: [], untracked: [], conflicts: [] });
  await story.quiet(['unrecord', '--where', 'actor=ai']);
  expect(readFileSync(join(story.folder, 'a.txt'), 'utf8')).toBe('1\n2\n3\n4\nperson\n');
});

test('some hunks of a file are credited to whoever wrote these', async () => {
  story.write('a.txt', '1\n2\n3\n4\n5\n');
  await story.record('Begin');
  saw('a.txt', '1\n2\n3\n4\n5\n', ['1\nrobot\n3\n4\n5\n', ROBOT], ['1\nrobot\n3\n4\nperson\n', PERSON]);
  await story.quiet(['record', '-i', '-m', 'Second hunk'], { stdin: 'n\ny\n', isTerminal: true });
  const { patches } = await story.json(['log', '--limit', '1']);
  expect(patches).toMatchObject([{ attribution: { actor: 'human' } }]);
  await story.record('First hunk');
  expect((await story.json(['log', '--limit', '1']))['patches']).toMatchObject([{ attribution: { actor: 'ai' } }]);
});

test('statistics count bytes and lines by class, and never mix them', async () => {
  story.write('a.txt', 'one\ntwo\n');
  await story.record('By a person', '--no-ai-assisted');
  story.write('b.txt', 'three\n');
  await story.record('By a model', '--ai-provider', 'openai', '--ai-model', 'gpt-4o');
  expect(await story.json(['attribution'])).toMatchObject({
    version: 1,
    total: { patches: 2, bytes: 14, lines: 3 },
    ai: { patches: 1, bytes: 6, lines: 1 },
    human: { patches: 1, bytes: 8, lines: 2 },
    untracked: { patches: 0, bytes: 0 },
    models: [{ name: 'openai/gpt-4o' }],
  });
  const csv = (await story.quiet(['attribution', '--csv'])).stdout;
  expect(csv.split('\r\n')[1]).toBe('total,,2,14,3,14,3,1,0,0,0,0,0,2');
  await story.quiet(['attribution', '--report', 'report.html']);
  expect(readFileSync(join(story.folder, 'report.html'), 'utf8')).toContain('<!doctype html>');
  expect((await story.quiet(['attribution', '--csv', '--json'])).code).toBe(2);
});

test('patches, tags and reviews are signed, and each signature is proven', async () => {
  expect((await story.quiet(['review', 'abc', '--accept'])).code).toBe(2);
  const { file } = await story.json(['key', 'generate']);
  expect(statSync(String(file)).mode & 0o777).toBe(0o600);
  expect((await story.quiet(['key', 'generate'])).stderr).toContain('ATOMIC_KEY_EXISTS');
  story.write('a.txt', '1\n');
  const patch = await story.record('Signed', '--sign');
  await story.quiet(['tag', 'v1']);
  expect((await story.json(['tag', 'list']))['tags']).toMatchObject([{ name: 'v1', signature: 'valid' }]);
  const { state } = await story.json(['review', patch, '--accept', '--seconds', '90']);
  expect(state).toBe('accept');
  expect((await story.json(['review', patch]))['reviews']).toMatchObject([
    { verdict: 'accept', seconds: 90, valid: true },
  ]);
  const proof = await story.json(['audit', 'verify']);
  expect(proof).toMatchObject({ verified: true, signatures: { valid: 1, invalid: 0, unknown: 0 } });
  expect((await story.quiet(['review', patch, '--accept', '--reject'])).code).toBe(2);
});

test('settings sign every patch, and an unknown or wrong one is named', async () => {
  await story.quiet(['key', 'generate', '--name', 'work']);
  await story.quiet(['config', 'set', 'sign.key', 'work']);
  await story.quiet(['config', 'set', 'sign.patches', 'true']);
  story.write('a.txt', '1\n');
  await story.record('Signed');
  expect(await story.json(['audit', 'verify'])).toMatchObject({ signatures: { valid: 1 } });
  const wrong = await story.quiet(['config', 'set', 'merge.adjacnt', 'strict']);
  expect(wrong.stderr).toContain('The nearest is merge.adjacent');
  expect(wrong.code).toBe(2);
  writeFileSync(join(story.folder, '.atomic', 'config.toml'), '[merge]\nadjacent = "sometimes"\n');
  const status = await story.quiet(['status']);
  expect(status.stderr).toContain('merge.adjacent takes clean or strict, not "sometimes"');
  expect(status.code).toBe(2);
});

test('a prompt is named by its hash, and its text is forgotten on request', async () => {
  await story.quiet(['config', 'set', 'ai.privacy', 'full']);
  const file = join(story.folder, '..', 'prompt.txt');
  writeFileSync(file, 'Parse dates strictly.');
  story.write('a.txt', '1\n');
  const env = { ATOMIC_AI_ENABLED: 'true', ATOMIC_AI_PROVIDER: 'openai', ATOMIC_AI_MODEL: 'gpt-4o' };
  await story.quiet(['record', '--all', '-m', 'x'], { env: { ...env, ATOMIC_AI_PROMPT_FILE: file } });
  const { prompts } = await story.json(['prompts', 'list']);
  expect(prompts).toMatchObject([{ level: 'full', patches: 1 }]);
  const [{ prompt = '' } = {}] = prompts as readonly { prompt?: string }[];
  expect((await story.quiet(['prompts', 'show', prompt.slice(0, 5)])).stdout).toBe('Parse dates strictly.\n');
  await story.quiet(['prompts', 'forget', prompt.slice(0, 5)]);
  expect((await story.quiet(['prompts', 'show', prompt])).stdout).toBe('Only its hash is kept.\n');
  expect((await story.json(['audit', 'verify']))['verified']).toBe(true);
});

test('a mistake in an expression is shown where it is', async () => {
  const ran = await story.quiet(['log', '--where', 'ai.modle=x']);
  expect(ran.stderr).toContain('^ expected');
  expect(ran.code).toBe(2);
});

test('a patch whose attribution was left out joins with --with-attribution only when it has followed', async () => {
  story.write('a.txt', 'one\n');
  await story.quiet(['add', 'a.txt']);
  await story.quiet(['record', '-m', 'By a model', '--ai-assisted', '--ai-provider', 'anthropic']);
  await story.quiet(['clone', '.', '../there', '--skip-attribution']);
  const there = ['-C', '../there'];
  const { patches } = await story.json(['log', ...there]);
  const [{ hash = '' } = {}] = patches as readonly { readonly hash: string }[];
  await story.quiet(['channel', 'new', 'empty', ...there]);
  const apply = ['apply', hash, '--channel', 'empty', ...there];
  for (const flags of [['--with-attribution'], ['--with-attribution', '--dry-run']]) {
    const refused = await story.quiet([...apply, ...flags]);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('ATOMIC_ATTRIBUTION_NOT_HERE')]);
  }
  await story.quiet(['pull', '--with-attribution', ...there]);
  expect(await story.json([...apply, '--with-attribution', '--show-attribution'])).toMatchObject({
    applied: [hash],
    attributions: { [hash]: { actor: 'ai' } },
  });
});

test('applying leaves no attribution out, and says where that can be had', async () => {
  story.write('a.txt', 'one\n');
  await story.record('Begin');
  const refused = await story.quiet(['apply', 'ffff', '--skip-attribution']);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('atomic pull --skip-attribution')]);
  const both = await story.quiet(['apply', '--where', 'author=ada', '--with-attribution', '--skip-attribution']);
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('ATOMIC_OPTIONS_CONTRADICT')]);
});
