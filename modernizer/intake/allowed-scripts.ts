// Whose install scripts a person allowed for a project, remembered from run to run.
// Rule: allowed by name, by a person, for one project; what is not named never runs. Where they run: ../validating.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import type { ProjectChoice } from '../protocol/index.ts';

const Remembered = z.record(z.string(), z.array(z.string()));

const fileOf = (home: string): string => join(home, 'allowed-scripts.json');

/** What was allowed before and what is allowed now, without repeats; what is new is remembered. */
export async function allowScripts(
  home: string,
  choice: ProjectChoice,
  names: readonly string[],
): Promise<readonly string[]> {
  const project = projectOf(choice);
  if (project === undefined) return [...new Set(names)].sort();
  const remembered = await read(home);
  const before = remembered[project] ?? [];
  const all = [...new Set([...before, ...names])].sort();
  if (all.length > before.length) await write(home, { ...remembered, [project]: all });
  return all;
}

/** What stays the same from run to run; an archive that was sent has no name that does. */
function projectOf(choice: ProjectChoice): string | undefined {
  if (choice.kind === 'path' || choice.kind === 'zip') return choice.path;
  if (choice.kind === 'git') return choice.url;
  return choice.kind === 'sample' ? choice.spec : undefined;
}

async function read(home: string): Promise<z.infer<typeof Remembered>> {
  const text = await readFile(fileOf(home), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '{}';
    throw error;
  });
  return Remembered.parse(JSON.parse(text));
}

async function write(home: string, remembered: z.infer<typeof Remembered>): Promise<void> {
  const making = `${fileOf(home)}.making`;
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(making, `${JSON.stringify(remembered, null, 2)}\n`, { mode: 0o600 });
  await rename(making, fileOf(home));
}
