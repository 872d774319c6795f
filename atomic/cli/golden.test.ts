// What a person reads, word by word. `UPDATE_GOLDEN=1` writes the files anew; they are read in review.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Story } from './transcripts.samples.ts';

let story: Story;
beforeEach(() => (story = new Story()));
afterEach(() => story.end());

function golden(name: string, text: string): void {
  const path = join(import.meta.dirname, 'golden', `${name}.txt`);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

const LINES = Array.from({ length: 9 }, (_, index) => `${index + 1}\n`).join('');

test('the first minutes read well', async () => {
  await story.tell('init');
  story.write('a.txt', LINES);
  story.write('docs/b.txt', 'hello\n');
  await story.tell('status');
  await story.tell('add', '.');
  await story.tell('record', '-m', 'Begin');
  await story.tell('record', '-m', 'Nothing');
  story.write('a.txt', LINES.replace('5', 'five'));
  await story.tell('mv', 'docs/b.txt', 'c.txt');
  await story.tell('status');
  await story.tell('diff');
  await story.tell('record', '-m', 'Say it in words\n\nThe fifth line was a digit.');
  await story.tell('log');
  await story.tell('credit', 'a.txt', '--deleted');
  golden('first-minutes', story.transcript());
});

test('a conflict is shown with its place and its sides, and settled', async () => {
  await story.quiet(['init']);
  story.write('a.txt', LINES);
  await story.record('Begin');
  await story.tell('channel', 'fork', 'other');
  story.write('a.txt', LINES.replace('5', 'five'));
  await story.record('In words', '--no-ai-assisted');
  await story.quiet(['channel', 'switch', 'other']);
  story.write('a.txt', LINES.replace('5', 'V'));
  await story.record('In Roman', '--ai-provider', 'openai', '--ai-model', 'gpt-4o');
  await story.quiet(['channel', 'switch', 'main']);
  await story.tell('apply', '--where', 'ai.model=gpt-4o', '--dry-run', '--show-attribution');
  await story.tell('apply', '--where', 'ai.model=gpt-4o');
  await story.tell('status');
  story.write('a.txt', readFileSync(join(story.folder, 'a.txt'), 'utf8').replace('V\n', '5\n'));
  await story.tell('record', '-m', 'Half');
  await story.tell('reset', '--force');
  await story.tell('apply', '--resolve', 'prefer-human');
  await story.tell('status');
  await story.tell('log', '--attribution', '--short');
  await story.tell('log', '--human-only', '--short');
  await story.tell('log', '--without', 'ai.model=gpt-4o', '--short');
  // Which side stands first depends on hashes, and those of attributed patches on their salt.
  expect(story.transcript()).toContain('a.txt:5  changed by several');
  golden('conflict', sorted(story.transcript()));
});

/** Sides in the order of their names. */
const sorted = (text: string): string =>
  text.replaceAll(/(?:^ {6}P\d.*\n)+/gm, (sides) => `${sides.trimEnd().split('\n').sort().join('\n')}\n`);

test('whatever was done is taken back', async () => {
  await story.quiet(['init']);
  story.write('a.txt', LINES);
  await story.record('Begin');
  story.write('a.txt', LINES.replace('5', 'five'));
  await story.record('In words');
  await story.tell('rollback', 'nothing-like-it');
  await story.tell('undo');
  await story.tell('status');
  await story.tell('reset');
  await story.tell('reset', '--force');
  await story.tell('undo');
  await story.tell('rm', 'a.txt');
  await story.tell('rm', 'a.txt', '--force');
  await story.tell('undo');
  await story.tell('audit');
  await story.tell('audit', 'verify');
  await story.tell('doctor', '--oracle');
  golden('undo', story.transcript());
});

test('help says how each command is used', async () => {
  await story.quiet(['init']);
  await story.tell('record', '--help');
  await story.tell('help', 'channel');
  golden('help', story.transcript());
});
