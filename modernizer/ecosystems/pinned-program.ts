// Where a pinned package manager lies on this machine, as a program for the sandbox.

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Program } from 'kernel/sandbox';

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
