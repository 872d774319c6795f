// Reads npm's lockfiles.
// Rule: a tree is the set of (place, version, integrity) it installs; two lockfiles with the same set install the same.

import { createHash } from 'node:crypto';

import * as z from 'zod';

import type { DeclaredRange, LockfileReading } from '../installer.ts';

const LockedPackage = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  hasInstallScript: z.boolean().optional(),
});

const LockfileJson = z.object({
  lockfileVersion: z.number().catch(1),
  packages: z.record(z.string(), LockedPackage).optional(),
  dependencies: z.record(z.string(), LockedPackage).optional(),
});

/** What a package-lock.json or npm-shrinkwrap.json installs. Version 1 tells only the top of the tree. */
export function readNpmLockfile(text: string): LockfileReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'unreadable', reason: error instanceof Error ? error.message : String(error) };
  }
  const parsed = LockfileJson.safeParse(json);
  if (!parsed.success) return { kind: 'unreadable', reason: 'it does not have the shape of an npm lockfile' };
  const packages = parsed.data.packages ?? atTop(parsed.data.dependencies ?? {});
  const versions = new Map<string, string>();
  const lines: string[] = [];
  const scripted = new Set<string>();
  for (const [place, entry] of Object.entries(packages)) {
    if (place === '' || entry.version === undefined) continue;
    versions.set(place, entry.version);
    if (entry.hasInstallScript === true) scripted.add(place.slice(place.lastIndexOf('node_modules/') + 13));
    lines.push(`${place}\t${entry.version}\t${entry.integrity ?? entry.resolved ?? ''}`);
  }
  const hash = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
  const at = (place: string, name: string): string | null =>
    versions.get(place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`) ?? null;
  const installed = ({ place, name }: DeclaredRange): string | null => at(place, name) ?? at('', name);
  return {
    kind: 'tree',
    tree: { size: versions.size, hash, scripted: [...scripted].sort(), packages: { by: 'place', versions }, installed },
  };
}

/** The lockfiles of npm itself, the one npm prefers first. */
export const NPM_LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json'] as const;

const atTop = (entries: Readonly<Record<string, z.infer<typeof LockedPackage>>>): typeof entries =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`node_modules/${name}`, entry]));
