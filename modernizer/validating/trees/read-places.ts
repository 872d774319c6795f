// What a lockfile puts where, and whether the tree it describes may be shared with others. Pure.
// Rule: a tree is shared only where its packages are all there is to it: each from the registry, named by the hash of its
// archive, at a place of its own. Anything else (links, bundles, git) is installed for its trial alone. A lockfile comes from the project, so no place of it is believed before it was read here.

import { createHash } from 'node:crypto';

import * as z from 'zod';

export interface PlacedPackage {
  /** Such as `node_modules/a/node_modules/@scope/b`. */
  readonly place: string;
  /** The hash of its archive: equal for equal contents. */
  readonly integrity: string;
  /** npm leaves it out where it does not fit the machine. */
  readonly optional: boolean;
  /** Commands by name, with the file of each in the package. */
  readonly bin: Readonly<Record<string, string>>;
}

export interface Places {
  readonly kind: 'places';
  /** Equal for trees that are equal file by file, on equal machines. */
  readonly key: string;
  readonly packages: readonly PlacedPackage[];
  /** The lockfile's own entries, for the one that npm keeps in a tree. */
  readonly entries: Readonly<Record<string, unknown>>;
}

export type PlacesReading = Places | { readonly kind: 'not-shared'; readonly reason: string };

const Entry = z.object({
  version: z.string(),
  resolved: z.string().optional(),
  integrity: z.string().regex(/^sha(?:1|256|384|512)-[A-Za-z0-9+/=]+$/),
  optional: z.boolean().optional(),
  bin: z.record(z.string(), z.string()).optional(),
  link: z.never().optional(),
  inBundle: z.never().optional(),
  hasShrinkwrap: z.never().optional(),
});

const Lockfile = z.object({
  lockfileVersion: z.number().min(2),
  packages: z.record(z.string(), z.unknown()),
});

const NAME = String.raw`(?:@[a-z0-9~-][a-z0-9._~-]*/)?[a-z0-9~_-][a-z0-9._~-]*`;
const PLACE = new RegExp(`^node_modules/${NAME}(?:/node_modules/${NAME})*$`, 'i');
const COMMAND = /^[a-z0-9~_-][a-z0-9._~-]*$/i;
const FILE = /^(?:\.\/)?(?!.*(?:^|\/)\.\.(?:\/|$))[^/\0][^\0]*$/;

/** @param machine What the same lockfile installs differently on: npm, Node, processor, registry. */
export function readPlaces(lockText: string, machine: string): PlacesReading {
  const lockfile = Lockfile.safeParse(jsonOf(lockText));
  if (!lockfile.success) return notShared('the lockfile is none of version 2 or 3');
  const packages: PlacedPackage[] = [];
  const entries = Object.entries(lockfile.data.packages).filter(([place]) => place !== '');
  for (const [place, value] of entries) {
    const entry = Entry.safeParse(value);
    if (!PLACE.test(place) || place.includes('node_modules/node_modules'))
      return notShared('a package has a place of its own');
    if (!entry.success || !fromRegistry(entry.data.resolved))
      return notShared(`${place} does not come from the registry`);
    const { integrity, optional = false, bin = {} } = entry.data;
    if (!Object.entries(bin).every(([name, file]) => COMMAND.test(name) && FILE.test(file))) {
      return notShared(`${place} has commands of another kind`);
    }
    packages.push({ place, integrity, optional, bin });
  }
  const key = createHash('sha256')
    .update(JSON.stringify([machine, ...packages.map(lineOf).sort()]))
    .digest('hex');
  return { kind: 'places', key, packages, entries: Object.fromEntries(entries) };
}

const notShared = (reason: string): PlacesReading => ({ kind: 'not-shared', reason });

const fromRegistry = (resolved: string | undefined): boolean => resolved === undefined || /^https?:\/\//.test(resolved);

const lineOf = ({ place, integrity, optional, bin }: PlacedPackage): string =>
  JSON.stringify([place, integrity, optional, Object.entries(bin).sort()]);

/** The folder of packages that a package lies in. */
export const folderOf = (place: string): string => place.slice(0, place.lastIndexOf('node_modules/') + 12);

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not read as a lockfile: installed by npm, which says what is wrong with it.
    return undefined;
  }
}
