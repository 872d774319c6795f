import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { copyOut } from './copy-out.ts';

let folder: string;
const at = (path: string): string => join(folder, path);
const limits = { filesMax: 100, bytesMax: 1_000_000 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-copy-'));
  mkdirSync(at('from/deep/er'), { recursive: true });
  writeFileSync(at('canary'), 'the host’s own');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('files and folders are copied with their contents, and nothing more of their mode than whether they run', async () => {
  writeFileSync(at('from/deep/er/file'), 'text');
  writeFileSync(at('from/program'), '#!/bin/sh');
  chmodSync(at('from/program'), 0o4777);
  expect(await copyOut(at('from'), at('to'), limits)).toEqual({ kind: 'copied', files: 2, bytes: 13, leftOut: [] });
  expect(readFileSync(at('to/deep/er/file'), 'utf8')).toBe('text');
  expect(statSync(at('to/program')).mode & 0o7777).toBe(0o755 & ~process.umask());
});

test('links to files, to folders, to nothing and to themselves are left out and told', async () => {
  symlinkSync(at('canary'), at('from/file'));
  symlinkSync('/etc', at('from/deep/folder'));
  symlinkSync('nowhere', at('from/nothing'));
  symlinkSync('self', at('from/self'));
  const copy = await copyOut(at('from'), at('to'), limits);
  expect(copy.leftOut.map(({ path, why }) => `${path} ${why}`).sort()).toEqual([
    'deep/folder link',
    'file link',
    'nothing link',
    'self link',
  ]);
  expect(readdirSync(at('to'), { recursive: true }).sort()).toEqual(['deep', 'deep/er']);
});

test('a source or target that is itself a link is not followed', async () => {
  symlinkSync(at('from'), at('link'));
  await expect(copyOut(at('link'), at('to'), limits)).rejects.toThrow('ENOTDIR');
  mkdirSync(at('elsewhere'));
  symlinkSync(at('elsewhere'), at('target'));
  await expect(copyOut(at('from'), at('target'), limits)).rejects.toThrow('Nothing was copied');
});

test('pipes and names that are no text are left out, and do not hold the copy', async () => {
  spawnSync('mkfifo', [at('from/pipe')]);
  writeFileSync(at('from/line\nbreak'), '');
  writeFileSync(Buffer.concat([Buffer.from(at('from/')), Buffer.from([0xff])]), '');
  const copy = await copyOut(at('from'), at('to'), limits);
  expect(copy.leftOut.map(({ why }) => why).sort()).toEqual(['name', 'name', 'special-file']);
});

test('too many files, too many bytes and too deep folders end or leave out, and what is not wanted is not counted', async () => {
  for (let count = 0; count < 5; count += 1) writeFileSync(at(`from/${count}`), 'x'.repeat(100));
  expect(await copyOut(at('from'), at('a'), { ...limits, filesMax: 4 })).toMatchObject({
    kind: 'too-large',
    limit: 'files',
  });
  expect(await copyOut(at('from'), at('b'), { ...limits, bytesMax: 499 })).toMatchObject({
    kind: 'too-large',
    limit: 'bytes',
  });
  expect(await copyOut(at('from'), at('c'), { ...limits, filesMax: 4, without: ['3'] })).toMatchObject({
    kind: 'copied',
    files: 4,
  });
  mkdirSync(at(`from/${'d/'.repeat(80)}`), { recursive: true });
  expect((await copyOut(at('from'), at('e'), limits)).leftOut).toMatchObject([{ why: 'too-deep' }]);
});

test('nothing is overwritten', async () => {
  mkdirSync(at('to'));
  writeFileSync(at('to/mine'), '');
  await expect(copyOut(at('from'), at('to'), limits)).rejects.toThrow('overwrites nothing');
});
