// The sandbox, the cache and the folders that every part of this benchmark stands on.

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { openSandbox } from 'kernel/sandbox';

import { fetchPackage, inFolder, ROOT } from '../measuring/programs.ts';
import type { Bench } from './suite.ts';

export const registryUrl = (): string =>
  execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();

/** Works with an open sandbox; what was installed is kept in npm's cache below `.build/`. */
export const inBench = (work: (bench: Bench) => Promise<void>): Promise<void> =>
  inFolder(async (scratch) => {
    const opened = await openSandbox({ registry: registryUrl(), scratch: join(scratch, 'sandbox') });
    if (opened.kind === 'refused') throw new Error(`${opened.reason} ${opened.next}`);
    const cache = join(ROOT, '.build/breaking-updates/cache');
    mkdirSync(cache, { recursive: true });
    try {
      await work({ sandbox: opened.sandbox, cache, scratch });
    } finally {
      await opened.sandbox.close();
    }
  });

/** A package as it was published, in a folder of its own. */
export async function fetched({ scratch }: Bench, spec: string): Promise<string> {
  const place = join(scratch, spec.replaceAll(/[^\w.-]/g, '_'));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  return fetchPackage(spec, place);
}
