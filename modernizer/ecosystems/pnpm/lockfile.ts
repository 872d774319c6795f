// Reads pnpm-lock.yaml in its versions 6 and 9 (pnpm 8 and newer).

import { createHash } from 'node:crypto';

import { parse } from 'yaml';
import * as z from 'zod';

import type { DeclaredRange, LockfileReading } from '../installer.ts';
import { nameAndVersion, packagesByName } from '../packages-by-name.ts';

const Locked = z.union([z.string().transform((version) => ({ version })), z.object({ version: z.string() })]);
const Declared = z.record(z.string(), Locked).optional();
const Importer = z.object({ dependencies: Declared, devDependencies: Declared, optionalDependencies: Declared });

const LockfileYaml = z.object({
  lockfileVersion: z.union([z.string(), z.number()]).transform(Number),
  importers: z.record(z.string(), Importer).optional(),
  ...Importer.shape,
  packages: z
    .record(z.string(), z.object({ resolution: z.record(z.string(), z.unknown()).optional() }).nullable())
    .optional(),
  snapshots: z.record(z.string(), z.unknown()).optional(),
});

/** Below it each place of the tree is named in another way; pnpm 9 and newer do not read it either. */
const OLDEST_VERSION = 6;

export function readPnpmLockfile(text: string): LockfileReading {
  const reading = parsed(text);
  if (reading.kind === 'unreadable') return reading;
  const { lock } = reading;
  if (lock.lockfileVersion < OLDEST_VERSION) {
    const reason = `it is of version ${lock.lockfileVersion}, which pnpm 7 and older wrote; pnpm 9 and newer do not read it`;
    return { kind: 'unreadable', reason };
  }
  const importers = lock.importers ?? { '.': lock };
  const direct = new Map<string, string>();
  for (const [place, { dependencies, devDependencies, optionalDependencies }] of Object.entries(importers)) {
    const all = { ...devDependencies, ...optionalDependencies, ...dependencies };
    for (const [name, { version }] of Object.entries(all)) direct.set(keyOf(place === '.' ? '' : place, name), version);
  }
  const packages = Object.entries(lock.packages ?? {});
  const lines = [
    ...packages.map(([name, entry]) => `${name}\t${JSON.stringify(entry?.resolution ?? {})}`),
    ...Object.entries(lock.snapshots ?? {}).map(([name, snapshot]) => `${name}\t${JSON.stringify(snapshot)}`),
    ...[...direct].map(([key, version]) => `${key}\t${version}`),
  ];
  const hash = createHash('sha256').update(lines.sort().join('\n')).digest('hex');
  const installed = ({ place, name }: DeclaredRange): string | null => plainVersion(direct.get(keyOf(place, name)));
  const named = packagesByName(packages.map(([key]) => nameAndVersion(plainKey(key))));
  return { kind: 'tree', tree: { size: packages.length, hash, scripted: [], packages: named, installed } };
}

type Parsed =
  | { readonly kind: 'lock'; readonly lock: z.infer<typeof LockfileYaml> }
  | { readonly kind: 'unreadable'; readonly reason: string };

function parsed(text: string): Parsed {
  let yaml: unknown;
  try {
    // Aliases are no part of a lockfile, and could make a small file a very large one.
    yaml = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { kind: 'unreadable', reason: said.replace(/[:.]$/, '') };
  }
  const shape = LockfileYaml.safeParse(yaml);
  if (shape.success) return { kind: 'lock', lock: shape.data };
  return { kind: 'unreadable', reason: 'it does not have the shape of a pnpm lockfile' };
}

/** Before version 9 a key begins with a slash, and names the peers that the package was built with. */
const plainKey = (key: string): string => key.replace(/^\//, '').replace(/\(.*$/s, '');

const keyOf = (place: string, name: string): string => `${place}\u0000${name}`;

/** `1.0.0(host@2.0.0)` names the peers it was built with; `link:../a` is a workspace; `/a@1.0.0` another name's. */
function plainVersion(version: string | undefined): string | null {
  const plain = /^\d+\.\d+\.\d+[^(\s]*/.exec(version ?? '')?.[0];
  return plain ?? null;
}
