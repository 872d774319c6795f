// Reads the lines of the project that a cause points to, so that a person sees them without opening a file.
// Rule: only sources of the project itself are read. A place may come from a log, which the project's code wrote: a
// path that leads out of the project, also by a link, is shown without its line.

import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { scrub } from 'kernel/basics';

import type { CallSite } from '../protocol/index.ts';
import { isSource } from './uses/project-uses.ts';

const FILE_BYTES_MAX = 1024 * 1024;
/** A minified line says nothing beyond its beginning. */
const TEXT_LENGTH_MAX = 200;
/** More files than any cause points to. */
const FILES_MAX = 100;

/** A site for each of `places` (`file:line` or `file:line:column`); what is no place is left out. */
export async function callSites(root: string, places: readonly string[]): Promise<ReadonlyMap<string, CallSite>> {
  const known = places.flatMap((place) => {
    const site = siteOf(place);
    return site === undefined ? [] : [{ place, site }];
  });
  const files = [...new Set(known.map(({ site }) => site.file))].slice(0, FILES_MAX);
  const lines = new Map(await Promise.all(files.map(async (file) => [file, await linesOf(root, file)] as const)));
  return new Map(
    known.map(({ place, site }) => [place, { ...site, text: textOf(lines.get(site.file)?.[site.line - 1]) }]),
  );
}

function siteOf(place: string): CallSite | undefined {
  const [, file = '', line = '', column] = /^(.+?):(\d+)(?::(\d+))?$/.exec(place) ?? [];
  if (file === '') return undefined;
  return { file, line: Number(line), column: column === undefined ? null : Number(column), text: null };
}

const textOf = (line: string | undefined): string | null =>
  line === undefined ? null : scrub(line.trim()).slice(0, TEXT_LENGTH_MAX);

async function linesOf(root: string, file: string): Promise<readonly string[]> {
  if (!isSource(file) && file !== 'package.json') return [];
  try {
    const [own, path] = await Promise.all([realpath(root), realpath(join(root, file))]);
    if (!path.startsWith(`${own}${sep}`)) return [];
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return (await handle.stat()).size <= FILE_BYTES_MAX ? (await handle.readFile('utf8')).split('\n') : [];
    } finally {
      await handle.close();
    }
  } catch {
    // Not there (a file that the build made), not to be read: the place stands without its line.
    return [];
  }
}
