// Turns facts about a project into an ordered plan of upgrades. Pure: the same facts give the same plan.
// Rule: every declared dependency of a project that has hundreds and not thousands appears exactly once, as an upgrade, as refused by engines, or as left alone
// with a reason; the order is by risk, then partners of a peer together, then by name.

import semver from 'semver';

import { countText } from 'kernel/basics';

import type { Manifest } from '../ecosystems/npm/manifest.ts';
import { raisable, raisedRange, stepOf } from '../ecosystems/npm/ranges.ts';
import type { Packument, PackumentReading, VersionManifest } from '../ecosystems/npm/registry.ts';
import { CATALOG_FILE } from '../ecosystems/pnpm/catalogs.ts';
import { circleAmong, type WorkspaceManifest } from '../ecosystems/workspaces.ts';
import type { DependencyKind, LeftAlone, PlannedUpgrade, Risk, Signal } from '../protocol/index.ts';
import { chooseTarget } from './choose-target.ts';
import type { EngineRules } from './engines.ts';
import { olderVersions } from './older-versions.ts';
import { peerLinks } from './peer-links.ts';
import { riskOf } from './risk.ts';

export interface PlanFacts {
  readonly manifest: Manifest;
  /** The manifests of its workspaces, without the top's. */
  readonly workspaces?: readonly WorkspaceManifest[];
  /** Installed version by name, at the baseline, the oldest of several; names that are not installed are absent. */
  readonly installed: ReadonlyMap<string, string>;
  readonly packuments: ReadonlyMap<string, PackumentReading>;
  readonly rules: EngineRules;
}

/** An upgrade that the declared engines forbid: refused without a trial. */
interface ForbiddenUpgrade {
  readonly upgrade: PlannedUpgrade;
  readonly reason: string;
}

export interface Plan {
  readonly upgrades: readonly PlannedUpgrade[];
  readonly forbidden: readonly ForbiddenUpgrade[];
  readonly leftAlone: readonly LeftAlone[];
  readonly risk: Risk;
  readonly signals: readonly Signal[];
}

interface Declared {
  readonly name: string;
  readonly range: string;
  readonly kind: DependencyKind;
  /** Absent where a project has no workspaces. */
  readonly places?: readonly DeclaredAt[];
}

type DeclaredAt = NonNullable<PlannedUpgrade['places']>[number];

const UPGRADED_KINDS = ['dependencies', 'optionalDependencies', 'devDependencies'] as const;
/** The sandbox is one of Linux. */
const TRIALS_RUN_ON = 'linux';
const RISK_ORDER: readonly Risk[] = ['low', 'medium', 'high'];

export function planUpgrades(facts: PlanFacts): Plan {
  const upgrades: PlannedUpgrade[] = [];
  const forbidden: ForbiddenUpgrade[] = [];
  const manifests = manifestsOf(facts);
  const own = ownPackages(manifests);
  const leftAlone: LeftAlone[] = peersLeftAlone(manifests);
  for (const declared of declaredUpgradable(manifests)) {
    const workspace = own.get(declared.name);
    if (workspace !== undefined) {
      leftAlone.push({ name: declared.name, range: declared.range, reason: workspace });
      continue;
    }
    const outcome = considered(facts, declared);
    if (outcome.kind === 'left-alone') {
      leftAlone.push({ name: declared.name, range: declared.range, reason: outcome.reason });
    } else if (outcome.kind === 'forbidden') {
      forbidden.push({ upgrade: outcome.upgrade, reason: outcome.reason });
    } else {
      upgrades.push(outcome.upgrade);
    }
  }
  const all = inOrder(upgrades, facts);
  const taken = fitting(all, UPGRADES_LENGTH_MAX);
  const ordered = withPartners(taken, facts);
  const refused = fitting(forbidden, FORBIDDEN_LENGTH_MAX);
  const risk = RISK_ORDER.findLast((level) => ordered.some((upgrade) => upgrade.risk === level)) ?? 'low';
  const left = boundedList([
    ...forLater(all, taken.length),
    ...forLater(
      forbidden.map(({ upgrade }) => upgrade),
      refused.length,
    ),
    ...leftAlone,
  ]);
  return { upgrades: ordered, forbidden: refused, leftAlone: left, risk, signals: signalsOf(facts.packuments) };
}

/** A plan is told in one event, of 256 KiB at most, and shown on one page: some three hundred upgrades. */
const UPGRADES_LENGTH_MAX = 120_000;
const FORBIDDEN_LENGTH_MAX = 40_000;
const LEFT_ALONE_LENGTH_MAX = 60_000;
const NAMES_SHOWN = 5;

/** As many from the beginning as fit into so many characters of JSON. */
function fitting<Item>(items: readonly Item[], lengthMax: number): readonly Item[] {
  let length = 0;
  const end = items.findIndex((item) => (length += JSON.stringify(item).length) > lengthMax);
  return end === -1 ? items : items.slice(0, end);
}

/** The riskiest of very many upgrades are for the next run. */
function forLater(all: readonly { readonly name: string }[], taken: number): readonly LeftAlone[] {
  const later = all.slice(taken);
  if (later.length === 0) return [];
  const names = later.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const reason = `One run takes ${taken} upgrades, the least risky first; the others (${names.join(', ')}, …) are for the next one.`;
  return [{ name: countText(later.length, 'more upgrade'), range: '', reason }];
}

function boundedList(left: readonly LeftAlone[]): readonly LeftAlone[] {
  const shown = fitting(left, LEFT_ALONE_LENGTH_MAX);
  if (shown.length === left.length) return left;
  const name = countText(left.length - shown.length, 'more dependency', 'more dependencies');
  return [...shown, { name, range: '', reason: 'They are left alone for reasons like these.' }];
}

/** The names whose packuments a plan for these manifests needs. */
export const namesToAsk = (facts: Pick<PlanFacts, 'manifest' | 'workspaces'>): readonly string[] => {
  const manifests = manifestsOf(facts);
  const own = ownPackages(manifests);
  const raised = declaredUpgradable(manifests).filter(
    ({ name, range }) => !own.has(name) && raisable(name, range).kind === 'range',
  );
  return [...new Set(raised.map(({ name }) => name))];
};

const manifestsOf = ({ manifest, workspaces = [] }: Pick<PlanFacts, 'manifest' | 'workspaces'>): Manifests => [
  { place: '', manifest },
  ...workspaces,
];
type Manifests = readonly WorkspaceManifest[];

/** Why each workspace is left alone where another one declares it, by its name. */
function ownPackages(manifests: Manifests): ReadonlyMap<string, string> {
  if (manifests.length === 1) return new Map();
  const circle = circleAmong(manifests);
  return new Map(
    manifests.map(({ manifest: { name } }) => [
      name,
      circle?.includes(name) === true
        ? `It is a workspace of this project, and its workspaces need each other in a circle: ${circle.join(' → ')}.`
        : 'It is a workspace of this project.',
    ]),
  );
}

/** Each name once, as the workspace declares it whose range begins with the oldest version. */
function declaredUpgradable(manifests: Manifests): readonly Declared[] {
  const seen = new Map<string, DeclaredAt[]>();
  for (const { place, manifest } of manifests) {
    for (const [name, [kind, fromRange]] of declaredIn(manifest)) {
      seen.set(name, [...(seen.get(name) ?? []), { place, kind, fromRange }]);
    }
  }
  return [...seen].flatMap(([name, declared]) => {
    const raised = declared.filter(({ fromRange }) => raisable(name, fromRange).kind === 'range');
    const [oldest = declared[0]] = raised.toSorted((a, b) => semver.compare(lowestOf(name, a), lowestOf(name, b)));
    if (oldest === undefined) return [];
    const kind = UPGRADED_KINDS.find((each) => raised.some((at) => at.kind === each)) ?? oldest.kind;
    const places = manifests.length === 1 ? {} : { places: raised };
    return [{ name, range: oldest.fromRange, kind: manifests.length === 1 ? oldest.kind : kind, ...places }];
  });
}

function declaredIn(manifest: Manifest): ReadonlyMap<string, readonly [DependencyKind, string]> {
  const declared = new Map<string, readonly [DependencyKind, string]>();
  for (const kind of UPGRADED_KINDS) {
    for (const [name, range] of Object.entries(manifest[kind])) {
      if (!declared.has(name)) declared.set(name, [kind, range]);
    }
  }
  return declared;
}

function lowestOf(name: string, { fromRange }: DeclaredAt): string {
  const base = raisable(name, fromRange);
  return base.kind === 'range' ? base.lowest : '0.0.0';
}

const peersLeftAlone = (manifests: Manifests): LeftAlone[] =>
  manifests.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies)
      .filter(([name]) => manifests.every((each) => !declaredIn(each.manifest).has(name)))
      .map(([name, range]) => ({
        name,
        range,
        reason: 'A peer range is a promise to users of this package: widening it is their maintainer’s choice.',
      })),
  );

type Considered =
  | { readonly kind: 'upgrade'; readonly upgrade: PlannedUpgrade }
  | { readonly kind: 'forbidden'; readonly upgrade: PlannedUpgrade; readonly reason: string }
  | { readonly kind: 'left-alone'; readonly reason: string };

function considered(facts: PlanFacts, declared: Declared): Considered {
  const base = raisable(declared.name, declared.range);
  if (base.kind === 'fixed') return { kind: 'left-alone', reason: base.reason };
  const reading = facts.packuments.get(declared.name);
  if (reading === undefined) return { kind: 'left-alone', reason: 'The registry was not asked about it.' };
  if (reading.kind === 'not-found') return { kind: 'left-alone', reason: 'The registry does not know it.' };
  if (reading.kind === 'unavailable') {
    return { kind: 'left-alone', reason: `The registry gave no answer about it: ${reading.reason}.` };
  }
  const target = chooseTarget(reading.packument, base.lowest, declared.kind, facts.rules);
  if (target.kind === 'newest-already') return { kind: 'left-alone', reason: 'It is at the newest release.' };
  if (target.kind === 'none') return { kind: 'left-alone', reason: target.reason };
  if (target.kind === 'engines') {
    const manifest = reading.packument.versions.get(target.newest);
    if (manifest === undefined) return { kind: 'left-alone', reason: target.reason };
    const upgrade = plannedUpgrade(facts, declared, { packument: reading.packument, manifest, lowest: base.lowest });
    return { kind: 'forbidden', upgrade, reason: target.reason };
  }
  const os = target.manifest.os ?? [];
  if (!runsOn(TRIALS_RUN_ON, os)) {
    return { kind: 'left-alone', reason: `It is only for ${os.join(', ')}: no trial here could judge it.` };
  }
  const upgrade = plannedUpgrade(facts, declared, {
    packument: reading.packument,
    manifest: target.manifest,
    lowest: base.lowest,
  });
  if (upgrade.toRange === upgrade.fromRange)
    return { kind: 'left-alone', reason: 'Its range allows the newest release already.' };
  const { raisesEngines, passedOver } = target;
  const reasons = [...upgrade.reasons];
  if (raisesEngines !== null) reasons.push(`It needs Node ${raisesEngines} or newer, above what the project declares.`);
  if (passedOver !== null) reasons.push(`Version ${passedOver.version} was passed over. ${passedOver.reason}`);
  const { from, to, step } = upgrade;
  const range = { packument: reading.packument, range: declared.range, kind: declared.kind };
  const older = olderVersions({ ...range, from: from ?? base.lowest, to, step }, facts.rules);
  return { kind: 'upgrade', upgrade: { ...upgrade, reasons, raisesEngines, older } };
}

/** As npm reads the `os` of a package: some are named, or some are excluded by `!`. */
function runsOn(platform: string, os: readonly string[]): boolean {
  if (os.includes(`!${platform}`)) return false;
  const named = os.filter((name) => !name.startsWith('!'));
  return named.length === 0 || named.includes(platform) || named.includes('any');
}

interface Aim {
  readonly packument: Packument;
  readonly manifest: VersionManifest;
  readonly lowest: string;
}

function plannedUpgrade(facts: PlanFacts, declared: Declared, aim: Aim): PlannedUpgrade {
  const from = facts.installed.get(declared.name) ?? null;
  const step = stepOf(from ?? aim.lowest, aim.manifest.version);
  const before = aim.packument.versions.get(from ?? aim.lowest);
  const { risk, reasons } = riskOf({ kind: declared.kind, step, before, after: aim.manifest, from });
  return {
    name: declared.name,
    kind: declared.kind,
    fromRange: declared.range,
    toRange: raisedRange(declared.range, aim.manifest.version),
    from,
    to: aim.manifest.version,
    step,
    risk,
    reasons: [...reasons, ...placesReason(declared)],
    raisesEngines: null,
    ...(declared.places === undefined ? {} : { places: [...declared.places] }),
  };
}

function placesReason({ places = [] }: Declared): readonly string[] {
  if (places.length === 1 && places[0]?.place === CATALOG_FILE)
    return [`Its range stands in the catalog of ${CATALOG_FILE}.`];
  if (places.length < 2) return [];
  return [`It moves in ${places.length} places together: ${places.map(({ place }) => place || 'the top').join(', ')}.`];
}

/** Partners: upgrades of which one names the other as a peer. */
function withPartners(upgrades: readonly PlannedUpgrade[], facts: PlanFacts): readonly PlannedUpgrade[] {
  const links = peerLinks(upgrades, ({ name, from, to }) => ({
    before: from === null ? {} : peersAt(facts, name, from),
    after: peersAt(facts, name, to),
  }));
  return upgrades.map((upgrade) => {
    const named = peersOf(facts, upgrade).filter((peer) => peer !== upgrade.name && links.has(peer));
    const linked = { ...upgrade, ...links.get(upgrade.name) };
    if (named.length === 0) return linked;
    return { ...linked, reasons: [...upgrade.reasons, `It names ${named.join(', ')} as its peer.`] };
  });
}

const peersOf = (facts: PlanFacts, { name, to }: PlannedUpgrade): readonly string[] =>
  Object.keys(peersAt(facts, name, to));

function peersAt(facts: PlanFacts, name: string, version: string): Readonly<Record<string, string>> {
  const reading = facts.packuments.get(name);
  return (reading?.kind === 'found' ? reading.packument.versions.get(version)?.peerDependencies : undefined) ?? {};
}

function inOrder(upgrades: readonly PlannedUpgrade[], facts: PlanFacts): readonly PlannedUpgrade[] {
  const sorted = upgrades.toSorted(
    (a, b) => RISK_ORDER.indexOf(a.risk) - RISK_ORDER.indexOf(b.risk) || (a.name < b.name ? -1 : 1),
  );
  const placed = new Set<string>();
  const ordered: PlannedUpgrade[] = [];
  const place = (upgrade: PlannedUpgrade): void => {
    if (placed.has(upgrade.name)) return;
    placed.add(upgrade.name);
    // A peer goes first: what names it can then be tried on top of it.
    for (const peer of peersOf(facts, upgrade)) {
      const partner = sorted.find(({ name }) => name === peer);
      if (partner !== undefined) place(partner);
    }
    ordered.push(upgrade);
  };
  for (const upgrade of sorted) place(upgrade);
  return ordered;
}

/** Of the packuments alone; deprecations and advisories are asked for besides (workflow/warnings.ts). */
function signalsOf(packuments: ReadonlyMap<string, PackumentReading>): readonly Signal[] {
  const found = [...packuments.values()].filter((reading) => reading.kind === 'found');
  const missing = packuments.size - found.length;
  const some: Pick<Signal, 'state' | 'reason'> =
    missing === 0
      ? { state: 'available', reason: null }
      : { state: 'unavailable', reason: `${missing} of ${packuments.size} packages were not answered.` };
  return [
    { name: 'versions', ...some },
    { name: 'engines', ...some },
    { name: 'peers', ...some },
  ];
}
