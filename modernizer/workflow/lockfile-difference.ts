// What two lockfiles install differently. Pure.
// Rule: where places are told, a place is what changes; where only versions are, the versions of a name that only one
// of the two has are laid against each other, oldest to oldest, and what is left over came in or went.

import { compare, valid } from 'semver';

import type { LockedPackages } from '../ecosystems/installer.ts';
import type { LockedChange, LockfileDifference, TrialView } from '../protocol/index.ts';

/** More is nobody's reading; the counts tell of the rest. */
const CHANGES_MAX = 400;

/** What the trial was about. */
type Asked = Pick<TrialView, 'upgrades' | 'versions'>;

/** What was asked for first, then by place and name. */
export function lockfileDifference(before: LockedPackages, after: LockedPackages, asked: Asked): LockfileDifference {
  const { changes, same } =
    before.by === 'place' && after.by === 'place'
      ? byPlace(before.versions, after.versions, asked)
      : byName(namesOf(before), namesOf(after), asked);
  const count = (is: (change: LockedChange) => boolean): number => changes.filter(is).length;
  return {
    changes: changes
      .toSorted((a, b) => Number(b.asked) - Number(a.asked) || compareText(keyOf(a), keyOf(b)))
      .slice(0, CHANGES_MAX),
    added: count(({ from }) => from === null),
    removed: count(({ to }) => to === null),
    changed: count(({ from, to }) => from !== null && to !== null),
    same,
  };
}

interface Found {
  readonly changes: readonly LockedChange[];
  readonly same: number;
}

function byPlace(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>, asked: Asked): Found {
  const changes: LockedChange[] = [];
  let same = 0;
  for (const place of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [before.get(place) ?? null, after.get(place) ?? null];
    const name = nameAt(place);
    const isAsked = asked.upgrades.includes(name) && place === `node_modules/${name}`;
    if (from === to) same += 1;
    else changes.push({ name, place, from, to, asked: isAsked });
  }
  return { changes, same };
}

type Names = ReadonlyMap<string, ReadonlySet<string>>;

function byName(before: Names, after: Names, { upgrades, versions }: Asked): Found {
  const changes: LockedChange[] = [];
  let same = 0;
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [had, has] = [before.get(name) ?? NONE, after.get(name) ?? NONE];
    const [gone, came] = [onlyIn(had, has), onlyIn(has, had)];
    same += had.size - gone.length;
    const wanted = upgrades.indexOf(name);
    for (let index = 0; index < Math.max(gone.length, came.length); index += 1) {
      const [from, to] = [gone[index] ?? null, came[index] ?? null];
      // Journals of before did not write versions down; then any change of the name is what was asked for.
      const isAsked = wanted !== -1 && to !== null && (versions[wanted] ?? to) === to;
      changes.push({ name, place: '', from, to, asked: isAsked });
    }
  }
  return { changes, same };
}

const NONE: ReadonlySet<string> = new Set();

/** Oldest first. */
const onlyIn = (one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] =>
  [...one]
    .filter((version) => !other.has(version))
    .sort((a, b) => (valid(a) !== null && valid(b) !== null ? compare(a, b) : compareText(a, b)));

/** A project may have come without a lockfile that tells places, and still be resolved to one. */
function namesOf(packages: LockedPackages): Names {
  if (packages.by === 'name') return packages.versions;
  const names = Map.groupBy(packages.versions, ([place]) => nameAt(place));
  return new Map([...names].map(([name, found]) => [name, new Set(found.map(([, version]) => version))]));
}

const nameAt = (place: string): string => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

const keyOf = ({ place, name, from, to }: LockedChange): string => `${place}\0${name}\0${from ?? to ?? ''}`;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
