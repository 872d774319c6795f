// Where a pinned package manager lies on this machine, as a program for the sandbox, and how it is called there.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Program } from 'kernel/sandbox';

/** Where the sandbox has its cache: a place of its own, another one without confinement. */
export const CACHE = '"$npm_config_cache"';

/** A line of shell as a command: the only way to name the cache. */
export const shell = (line: string): readonly [string, ...string[]] => ['sh', '-c', `exec ${line}`];

export interface PinnedProgram {
  readonly program: Program;
  readonly version: string;
}

/** The package `of` as the program `name`, of which Node runs `script`. */
export function pinnedProgram(name: string, of: string, script: string): PinnedProgram {
  // Not by resolving its manifest: what a package exports may leave that out.
  const places = createRequire(import.meta.url).resolve.paths(of) ?? [];
  const folder = places.map((place) => join(place, of)).find((place) => existsSync(join(place, 'package.json')));
  if (folder === undefined) throw new TypeError(`The pinned ${of} is not installed.`);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string };
  return { program: { name, folder, script }, version };
}
