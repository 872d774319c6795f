import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { Story } from './transcripts.samples.ts';

let story: Story;
const LINES = Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join('');
const CHANGED = LINES.replace('2\n', 'two\n').replace('12\n', 'twelve\n').replace('18\n', 'eighteen\n19a\n');

beforeEach(async () => {
  story = new Story();
  await story.quiet(['init']);
  story.write('a.txt', LINES);
  await story.record('Begin');
  story.write('a.txt', CHANGED);
});
afterEach(() => story.end());

/** Records what the answers choose, and gives what is left to record. */
async function leftAfter(...answers: readonly string[]): Promise<string> {
  const stdin = `${answers.join('\n')}\n`;
  await story.quiet(['record', '-i', '-m', 'Some'], { stdin, isTerminal: true });
  return (await story.quiet(['diff'])).stdout.match(/^[-+](?![-+]).*$/gm)?.join(' ') ?? '';
}

test('each hunk is taken or left', async () => {
  expect(await leftAfter('y', 'n', 'n')).toBe('-12 +twelve -18 +eighteen +19a');
});

test('what was left out stays on the disk, and can be recorded next', async () => {
  await leftAfter('n', 'y', 'n');
  expect(readFileSync(join(story.folder, 'a.txt'), 'utf8')).toBe(CHANGED);
  expect(await leftAfter('y', 'y')).toBe('');
});

test('a hunk is taken apart line by line', async () => {
  expect(await leftAfter('n', 'n', 's', 'n', 'y')).toBe('-2 +two -12 +twelve -18 +eighteen');
});

test('the rest of a file is taken, or left', async () => {
  expect(await leftAfter('n', 'a')).toBe('-2 +two');
});

test('whoever leaves, or whose input ends, takes nothing more', async () => {
  expect(await leftAfter('y', 'q')).toBe('-12 +twelve -18 +eighteen +19a');
  const ran = await story.quiet(['record', '-i', '-m', 'Some'], { stdin: '', isTerminal: true });
  expect(ran.code).toBe(1);
});

test('an answer that is none is explained', async () => {
  const ran = await story.quiet(['record', '-i', '-m', 'Some'], { stdin: 'what\nq\n', isTerminal: true });
  expect(ran.stderr).toContain('take it apart, line by line');
});

test('a file that goes back to what it was after a part of it was recorded is seen as changed', async () => {
  await leftAfter('y', 'n', 'n');
  story.write('a.txt', LINES);
  const { changed } = await story.json(['status']);
  expect(changed).toMatchObject([{ path: 'a.txt', kind: 'changed' }]);
});

test('nothing is asked where nobody sits, or where a message or --all was given', async () => {
  const ran = await story.quiet(['record', '-m', 'All'], { stdin: '', isTerminal: true });
  expect(ran.code).toBe(0);
  expect((await story.json(['status']))['changed']).toEqual([]);
});
