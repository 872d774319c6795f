import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { manualClock } from 'kernel/basics';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { runAtomic } from '../cli/run-atomic.ts';
import { readEditorLine } from './editor-protocol.ts';
import { serveEditors, type EditorServer } from './serve-editors.ts';

const clock = manualClock();
let root = '';
let server: EditorServer;
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'atomic-ed-'));
  await runAtomic(['init'], { cwd: root });
  server = await serveEditors({ root, clock });
});
afterEach(async () => {
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/** Sends lines and gives as many answers, or fewer where the server ends it. */
async function tell(...lines: readonly string[]): Promise<readonly { ok: boolean; why?: string }[]> {
  const socket = connect(server.path);
  let said = '';
  return new Promise((resolve) => {
    const answers = (): readonly { ok: boolean }[] =>
      said
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { ok: boolean });
    socket.on('data', (part: Buffer) => {
      said += part.toString();
      if (answers().length >= lines.length) socket.end();
    });
    socket.on('close', () => resolve(answers()));
    socket.write(lines.map((line) => `${line}\n`).join(''));
  });
}

const edit = (parts: object): string => JSON.stringify({ edit: { path: 'a.txt', actor: 'human', ...parts } });

async function record(): Promise<Record<string, unknown>> {
  const ran = await runAtomic(['record', '--all', '-m', 'x', '--json'], { cwd: root, clock });
  expect(ran.stderr).toBe('');
  const { stdout } = await runAtomic(['log', '--limit', '1', '--json'], { cwd: root, clock });
  return (JSON.parse(stdout) as { patches: { attribution: Record<string, unknown> }[] }).patches[0]?.attribution ?? {};
}

test('what a person types in an editor that tells is known to be a person’s', async () => {
  writeFileSync(join(root, 'a.txt'), 'one\n');
  expect(await tell(edit({ range: { first: 1, last: 1 }, at: '2026-01-01T12:00:00Z', editor: 'zed' }))).toEqual([
    { ok: true },
  ]);
  expect(await record()).toMatchObject({ actor: 'human', evidence: 'editor' });
});

test('lines that the editor did not see being typed are nobody’s', async () => {
  writeFileSync(join(root, 'a.txt'), '1\n2\n3\n');
  await record();
  writeFileSync(join(root, 'a.txt'), 'typed\n2\n3\npasted by a script\n');
  await tell(edit({ range: { first: 1, last: 1 } }));
  const attribution = await record();
  expect(attribution).toMatchObject({ actor: 'untracked' });
  expect(attribution['hunks']).toMatchObject([{ actor: 'human' }, { actor: 'untracked' }, { actor: 'human' }]);
});

test('what the editor’s own model put in is that model’s', async () => {
  writeFileSync(join(root, 'a.txt'), 'one\n');
  await tell(edit({ actor: 'ai', editor: 'cursor', model: 'gpt-5' }));
  expect(await record()).toMatchObject({ actor: 'ai', evidence: 'editor', model: 'gpt-5', agent: { tool: 'cursor' } });
});

test('the socket is this user’s alone, and one repository has one', async () => {
  expect(statSync(server.path).mode & 0o777).toBe(0o600);
  await expect(serveEditors({ root, clock })).rejects.toMatchObject({ code: 'ATOMIC_EDITOR_SOCKET_TAKEN' });
  await server.close();
  writeFileSync(server.path, 'left behind');
  server = await serveEditors({ root, clock });
  expect(await tell('{}')).toMatchObject([{ ok: false }]);
});

test.each([
  ['no JSON', 'no JSON object'],
  ['{"edit":{}}', '`path`'],
  [edit({ actor: 'robot' }), '`actor`'],
  [edit({ range: { first: 3, last: 1 } }), 'range'],
  [edit({ range: 'all' }), 'range'],
  [edit({ at: 'yesterday' }), '`at`'],
] as const)('%s is answered with why it is not taken', (line, why) => {
  expect(readEditorLine(line)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(why) });
});

test('paths that lead out, and lines that do not end, are refused', async () => {
  expect(
    await tell(edit({ path: '../a.txt' }), edit({ path: '/etc/passwd' }), edit({ path: '.git/config' })),
  ).toMatchObject([{ ok: false }, { ok: false }, { ok: false }]);
  expect(await tell('x'.repeat(70_000))).toMatchObject([{ ok: false, why: expect.stringContaining('no JSON') }]);
});
