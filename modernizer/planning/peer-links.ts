// What the declared peer ranges say about two upgrades of one plan: that one needs the other, or that they exclude it.
// Rule: only what follows from ranges and versions is said; whether it is so a trial finds out.

import semver from 'semver';

import type { PlannedUpgrade } from '../protocol/index.ts';

type Peers = Readonly<Record<string, string>>;

/** The peer ranges of an upgrade's package, at the installed version and at the planned one. */
export interface PeersOf {
  readonly before: Peers;
  readonly after: Peers;
}

export type PeerLinks = Required<Pick<PlannedUpgrade, 'partners' | 'needs' | 'conflicts'>>;

export function peerLinks(
  upgrades: readonly PlannedUpgrade[],
  peersOf: (upgrade: PlannedUpgrade) => PeersOf,
): ReadonlyMap<string, PeerLinks> {
  const peers = new Map(upgrades.map((upgrade) => [upgrade.name, peersOf(upgrade)]));
  return new Map(
    upgrades.map((upgrade) => {
      const others = upgrades.filter(({ name }) => name !== upgrade.name);
      const links = others.map((other) => ({ name: other.name, link: linkOf(upgrade, other, peers) }));
      const named = (wanted: (link: Link) => boolean): string[] =>
        links.filter(({ link }) => wanted(link)).map(({ name }) => name);
      return [
        upgrade.name,
        {
          partners: named(({ isLinked }) => isLinked),
          needs: named(({ needs }) => needs),
          conflicts: named(({ conflicts }) => conflicts),
        },
      ];
    }),
  );
}

interface Link {
  readonly isLinked: boolean;
  readonly needs: boolean;
  readonly conflicts: boolean;
}

function linkOf(one: PlannedUpgrade, other: PlannedUpgrade, peers: ReadonlyMap<string, PeersOf>): Link {
  const asked = peers.get(one.name)?.after[other.name];
  const askedBefore = peers.get(one.name)?.before[other.name];
  const asking = peers.get(other.name)?.after[one.name];
  const askingBefore = peers.get(other.name)?.before[one.name];
  // It asks for the new other, or the old other asks for the old it.
  const needs = outside(asked, other.from) || outside(askingBefore, one.to);
  const conflicts = outside(asked, other.to) || outside(asking, one.to);
  const isLinked = [asked, askedBefore, asking, askingBefore].some((range) => range !== undefined);
  return { isLinked, needs: needs && !conflicts, conflicts };
}

const outside = (range: string | undefined, version: string | null): boolean =>
  range !== undefined &&
  version !== null &&
  semver.validRange(range) !== null &&
  !semver.satisfies(version, range, { includePrerelease: true });
