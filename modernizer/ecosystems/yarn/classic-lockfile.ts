// Reads the yarn.lock of Yarn 1, with Yarn's own parser.

import { createHash } from 'node:crypto';

import { parse } from '@yarnpkg/lockfile';
import * as z from 'zod';

import type { DeclaredRange, LockfileReading } from '../installer.ts';
import { nameAndVersion, packagesByName } from '../packages-by-name.ts';
import type { WorkspaceManifest } from '../workspaces.ts';
import { directLines } from './berry-lockfile.ts';

const Locked = z.object({
  version: z.string(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
});
const Reading = z.object({ type: z.string(), object: z.record(z.string(), Locked) });

export function readClassicLockfile(text: string, manifests: readonly WorkspaceManifest[]): LockfileReading {
  let parsed: unknown;
  try {
    parsed = parse(text);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  const shape = Reading.safeParse(parsed);
  if (!shape.success) return { kind: 'unreadable', reason: 'it does not have the shape of a lockfile of Yarn 1' };
  if (shape.data.type !== 'success')
    return { kind: 'unreadable', reason: 'it holds the two sides of a merge conflict' };
  const entries = new Map(Object.entries(shape.data.object));
  const installed = ({ name, range }: DeclaredRange): string | null => entries.get(`${name}@${range}`)?.version ?? null;
  const lines = [...entries].map(([pattern, { version, integrity, resolved, ...needs }]) => {
    const gets = Object.entries({ ...needs.dependencies, ...needs.optionalDependencies }).map(
      ([name, range]) => `${name}=${entries.get(`${name}@${range}`)?.version ?? ''}`,
    );
    const name = pattern.slice(0, pattern.lastIndexOf('@'));
    // The address says where it is fetched from, not what it is: only its hash counts.
    return `${name}\t${version}\t${integrity ?? resolved?.split('#')[1] ?? ''}\t${gets.join(' ')}`;
  });
  const all = [...new Set(lines), ...directLines(manifests, installed)];
  const hash = createHash('sha256').update(all.sort().join('\n')).digest('hex');
  const named = packagesByName(
    [...entries].map(([pattern, { version }]) => [nameAndVersion(pattern)[0], version] as const),
  );
  return { kind: 'tree', tree: { size: entries.size, hash, scripted: [], packages: named, installed } };
}
