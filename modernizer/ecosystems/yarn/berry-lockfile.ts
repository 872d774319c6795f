// Reads the yarn.lock of Yarn 2 and newer, which is YAML.

import { createHash } from 'node:crypto';

import { parse } from 'yaml';
import * as z from 'zod';

import type { DeclaredRange, LockfileReading } from '../installer.ts';
import { nameAndVersion, packagesByName } from '../packages-by-name.ts';
import type { WorkspaceManifest } from '../workspaces.ts';

const Locked = z.object({
  version: z.coerce.string().optional(),
  resolution: z.string().optional(),
  checksum: z.string().optional(),
  dependencies: z.record(z.string(), z.coerce.string()).optional(),
});
const LockfileYaml = z.record(z.string(), Locked);

export function readBerryLockfile(text: string, manifests: readonly WorkspaceManifest[]): LockfileReading {
  let yaml: unknown;
  try {
    yaml = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return { kind: 'unreadable', reason: said.replace(/[:.]$/, '') };
  }
  const shape = LockfileYaml.safeParse(yaml);
  if (!shape.success) return { kind: 'unreadable', reason: 'it does not have the shape of a lockfile of Yarn' };
  const byDescriptor = new Map<string, z.infer<typeof Locked>>();
  for (const [descriptors, entry] of Object.entries(shape.data)) {
    for (const descriptor of descriptors.split(', ')) byDescriptor.set(descriptor, entry);
  }
  const found = (name: string, range: string): z.infer<typeof Locked> | undefined =>
    byDescriptor.get(`${name}@${range}`) ?? byDescriptor.get(`${name}@npm:${range}`);
  const installed = ({ name, range }: DeclaredRange): string | null => {
    const entry = found(name, range);
    return entry?.resolution?.includes('@npm:') === true ? (entry.version ?? null) : null;
  };
  const packages = [...new Set(byDescriptor.values())].filter(
    ({ resolution }) => resolution?.includes('@npm:') === true,
  );
  const lines = packages.map(({ resolution = '', checksum = '', dependencies = {} }) => {
    const gets = Object.entries(dependencies).map(([name, range]) => `${name}=${found(name, range)?.resolution ?? ''}`);
    return `${resolution}\t${checksum}\t${gets.join(' ')}`;
  });
  const hash = createHash('sha256')
    .update([...lines, ...directLines(manifests, installed)].sort().join('\n'))
    .digest('hex');
  const named = packagesByName(
    packages.map(({ resolution = '', version = '' }) => [nameAndVersion(resolution)[0], version] as const),
  );
  return { kind: 'tree', tree: { size: packages.length, hash, scripted: [], packages: named, installed } };
}

/** What each workspace gets: a lockfile of Yarn does not say where a package lies, and the ranges decide that. */
export function directLines(
  manifests: readonly WorkspaceManifest[],
  installed: (asked: DeclaredRange) => string | null,
): readonly string[] {
  return manifests.flatMap(({ place, manifest }) => {
    const { dependencies, devDependencies, optionalDependencies } = manifest;
    const all = { ...devDependencies, ...optionalDependencies, ...dependencies };
    return Object.entries(all).map(([name, range]) => `${place}\t${name}\t${installed({ place, name, range }) ?? ''}`);
  });
}
