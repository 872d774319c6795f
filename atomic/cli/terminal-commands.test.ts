// What happens at a terminal: the editor, the pager, colours, and what the Tab key offers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { page, pagerFor } from './pager.ts';
import { Story } from './transcripts.samples.ts';

let story: Story;
beforeEach(async () => {
  story = new Story();
  await story.quiet(['init']);
  story.write('a.txt', '1\n');
});
afterEach(() => story.end());

const PATH = process.env['PATH'];

test('the editor is asked for the message, and lines with # are left out', async () => {
  const env = { PATH, ATOMIC_EDITOR: `printf 'Title\\n\\nMore of it\\n# not this\\n' > "$ATOMIC_MESSAGE_FILE"; true` };
  const ran = await story.quiet(['record', '--all'], { env, isTerminal: true });
  expect(ran.code).toBe(0);
  expect((await story.json(['log']))['patches']).toMatchObject([{ message: 'Title', description: 'More of it' }]);
});

test('an empty message, or an editor that fails, records nothing', async () => {
  const empty = await story.quiet(['record', '--all'], { env: { PATH, ATOMIC_EDITOR: 'true' }, isTerminal: true });
  expect(empty.code).toBe(1);
  const failed = await story.quiet(['record', '--all'], { env: { PATH, ATOMIC_EDITOR: 'false' }, isTerminal: true });
  expect(failed.stderr).toContain('ATOMIC_EDITOR_FAILED');
  expect((await story.json(['log']))['patches']).toEqual([]);
});

test('reset asks first', async () => {
  await story.record('Begin');
  story.write('a.txt', '2\n');
  const kept = await story.quiet(['reset'], { stdin: '\n', isTerminal: true });
  expect(kept.code).toBe(1);
  const done = await story.quiet(['reset'], { stdin: 'reset\n', isTerminal: true });
  expect(done.code).toBe(0);
  expect(readFileSync(join(story.folder, 'a.txt'), 'utf8')).toBe('1\n');
});

test('colours are for terminals, and text of others never moves the cursor', async () => {
  await story.record('\u001b[31mred\u001b[0m');
  const plain = await story.quiet(['log']);
  const shown = await story.quiet(['log'], { isTerminal: true });
  expect(plain.stdout).not.toContain('\u001b');
  expect(shown.stdout).toContain('\u001b[33mpatch');
  expect(shown.stdout).toContain('\\x1b[31mred');
});

test('long output goes through the pager, short output and pipes do not', async () => {
  expect(pagerFor({ write: () => true }, {})).toEqual({ kind: 'none' });
  expect(pagerFor({ write: () => true, isTTY: true }, { PAGER: 'more' })).toEqual({ kind: 'run', command: 'more' });
  expect(pagerFor({ write: () => true, isTTY: true }, { ATOMIC_PAGER: 'cat', PAGER: 'more' })).toEqual({
    kind: 'none',
  });
  const out = join(story.folder, 'paged');
  let written = '';
  const terminal = { write: (text: string) => (written += text), isTTY: true, rows: 10 };
  const env = { PATH, ATOMIC_PAGER: `cat > '${out}'` };
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  await page(lines, terminal, env);
  expect(written).toBe('');
  expect(readFileSync(out, 'utf8')).toBe(`${lines.join('\n')}\n`);
  await page(['short'], terminal, env);
  expect(written).toBe('short\n');
});

test('whoever leaves the pager early does not wait for the rest', async () => {
  let made = 0;
  function* endless(): Generator<string> {
    for (;;) yield `line ${(made += 1)} ${'x'.repeat(1000)}`;
  }
  const terminal = { write: () => true, isTTY: true, rows: 10 };
  await page(endless(), terminal, { PATH, ATOMIC_PAGER: 'head -n 1 > /dev/null' });
  expect(made).toBeGreaterThan(9);
});

test('Tab offers commands, options, channels and patches', async () => {
  const patch = await story.record('Begin');
  await story.quiet(['channel', 'fork', 'feature']);
  const words = async (...typed: readonly string[]): Promise<unknown> =>
    (await story.json(['completion', '--words'], {}, ['--', ...typed]))['words'];
  expect(await words('unr')).toEqual(['unrecord']);
  expect(await words('log', '--h')).toEqual(['--human-only']);
  expect(await words('channel', 'sw')).toEqual(['switch']);
  expect(await words('channel', 'switch', '')).toEqual(['feature', 'main']);
  expect(await words('log', '--channel', 'f')).toEqual(['feature']);
  expect(await words('apply', patch.slice(0, 3))).toEqual([patch.slice(0, 8)]);
  expect(await words('config', 'set', 'merge.a')).toEqual(['merge.adjacent']);
  for (const shell of ['bash', 'zsh', 'fish']) {
    expect((await story.quiet(['completion', shell])).stdout).toContain('atomic completion --words --');
  }
  expect((await story.quiet(['completion', 'tcsh'])).code).toBe(2);
});
