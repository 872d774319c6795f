// Reads npm's lockfiles and knows those of other tools.
// Rule: a tree is the set of (place, version, integrity) it installs; two lockfiles with the same set install the same.

import { createHash } from 'node:crypto';

import * as z from 'zod';

const LockedPackage = z.object({
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  dev: z.boolean().optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  engines: z.unknown().optional(),
});

const LockfileJson = z.object({
  lockfileVersion: z.number().catch(1),
  packages: z.record(z.string(), LockedPackage).optional(),
  dependencies: z.record(z.string(), LockedPackage).optional(),
});

export interface Tree {
  /** Version by place, such as `node_modules/a/node_modules/b`. */
  readonly versions: ReadonlyMap<string, string>;
  readonly peers: ReadonlyMap<string, Readonly<Record<string, string>>>;
  /** sha256 over what would be installed where. */
  readonly hash: string;
}

export type LockfileReading =
  { readonly kind: 'tree'; readonly tree: Tree } | { readonly kind: 'unreadable'; readonly reason: string };

/** What a package-lock.json or npm-shrinkwrap.json installs. Version 1 tells only the top of the tree. */
export function readLockfile(text: string): LockfileReading {
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
  const peers = new Map<string, Readonly<Record<string, string>>>();
  const lines: string[] = [];
  for (const [place, entry] of Object.entries(packages)) {
    if (place === '' || entry.version === undefined) continue;
    versions.set(place, entry.version);
    if (entry.peerDependencies !== undefined) peers.set(place, entry.peerDependencies);
    lines.push(`${place}\t${entry.version}\t${entry.integrity ?? entry.resolved ?? ''}`);
  }
  const hash = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
  return { kind: 'tree', tree: { versions, peers, hash } };
}

/** The version of a direct dependency, or null when the tree does not install it. */
export const installedVersion = (tree: Tree, name: string): string | null =>
  tree.versions.get(`node_modules/${name}`) ?? null;

/** The lockfiles of npm itself, the one npm prefers first. */
export const NPM_LOCKFILES = ['npm-shrinkwrap.json', 'package-lock.json'] as const;

/** The tool that wrote a lockfile, by the file's name, for those that are not npm's. */
export const FOREIGN_LOCKFILES: ReadonlyMap<string, string> = new Map([
  ['yarn.lock', 'Yarn'],
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'Bun'],
  ['bun.lockb', 'Bun'],
  ['deno.lock', 'Deno'],
]);

const atTop = (entries: Readonly<Record<string, z.infer<typeof LockedPackage>>>): typeof entries =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [`node_modules/${name}`, entry]));
