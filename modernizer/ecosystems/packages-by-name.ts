// The packages of a lockfile that names versions and no places, each name with all of its versions.

import type { LockedPackages } from './installer.ts';

export function packagesByName(all: Iterable<readonly [name: string, version: string]>): LockedPackages {
  const versions = new Map<string, Set<string>>();
  for (const [name, version] of all) {
    const known = versions.get(name);
    if (known === undefined) versions.set(name, new Set([version]));
    else known.add(version);
  }
  return { by: 'name', versions };
}

/** `@scope/name@1.0.0`, or a name with an address or a range behind it, in its two parts. */
export function nameAndVersion(key: string): readonly [name: string, version: string] {
  const at = key.indexOf('@', 1);
  return at === -1 ? [key, ''] : [key.slice(0, at), key.slice(at + 1)];
}
