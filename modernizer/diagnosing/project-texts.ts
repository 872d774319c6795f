// Reads the sources of a project for the analyzer: its own files only, within bounds, no link followed.

import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { isSource } from './uses/project-uses.ts';

const FILES_MAX = 3_000;
const FILE_BYTES_MAX = 1024 * 1024;
const BYTES_MAX = 32 * 1024 * 1024;
const PASSED_OVER = new Set(['node_modules', '.git', 'bower_components', 'coverage', 'dist', 'build']);

/** Texts by path with `/`; what passes a bound is missing. */
export async function projectTexts(root: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  let bytes = 0;
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) folders.push(path);
      if (!entry.isFile() || (!isSource(path) && path !== 'package.json') || texts.size >= FILES_MAX) continue;
      const text = await readBounded(join(root, path));
      if (text === undefined || bytes + text.length > BYTES_MAX) continue;
      bytes += text.length;
      texts.set(path, text);
    }
  }
  return texts;
}

async function readBounded(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return (await handle.stat()).size <= FILE_BYTES_MAX ? await handle.readFile('utf8') : undefined;
  } finally {
    await handle.close();
  }
}
