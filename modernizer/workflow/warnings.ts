// What the registry says against versions of a project's own dependencies: deprecations and security advisories.
// Rule: what it does not tell is an unavailable signal with its reason, never an empty list that looks like good news.
// A registry that fails here fails no plan.

import semver from 'semver';

import { fetchAdvisories, type AdvisoriesReading } from '../diagnosing/packages/advisories.ts';
import { deprecationsIn } from '../diagnosing/packages/deprecations.ts';
import type { PackumentReading } from '../ecosystems/npm/registry.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import type { Signal, Warning } from '../protocol/index.ts';
import type { Execution } from './execution.ts';

export interface Warned extends Plan {
  readonly warnings: readonly Warning[];
}

interface Known {
  readonly packuments: ReadonlyMap<string, PackumentReading>;
  /** The installed version by name. */
  readonly installed: ReadonlyMap<string, string>;
}

export async function withWarnings(
  { registry, ports, signals }: Pick<Execution, 'registry' | 'ports' | 'signals'>,
  plan: Plan,
  { packuments, installed }: Known,
): Promise<Warned> {
  const versions = versionsAsked(plan, installed);
  const access = { url: registry.url, authorization: ports.registryAuthorization };
  const advisories = await fetchAdvisories(access, versions, signals.any);
  const found = [...packuments.values()].flatMap((each) => (each.kind === 'found' ? [each.packument] : []));
  const deprecations = deprecationsIn(found, versions);
  return {
    ...plan,
    signals: [...plan.signals, signalOf('deprecations', deprecations), signalOf('advisories', advisories)],
    warnings: [
      ...(deprecations.kind === 'available' ? deprecations.deprecations : []).map(
        ({ name, version, words }): Warning => ({
          kind: 'deprecated',
          name,
          version,
          text: words,
          severity: null,
          url: null,
        }),
      ),
      ...advisoryWarnings(advisories, versions),
    ],
  };
}

/** The installed and the proposed version of each dependency of the project itself. */
function versionsAsked(plan: Plan, installed: ReadonlyMap<string, string>): Record<string, string[]> {
  const versions = new Map<string, Set<string>>();
  const add = (name: string, version: string | null): void => {
    if (version !== null) versions.set(name, (versions.get(name) ?? new Set()).add(version));
  };
  for (const [name, version] of installed) add(name, version);
  for (const { name, to } of [...plan.upgrades, ...plan.forbidden.map(({ upgrade }) => upgrade)]) add(name, to);
  return Object.fromEntries([...versions].map(([name, each]) => [name, [...each]]));
}

function advisoryWarnings(
  reading: AdvisoriesReading,
  versions: Readonly<Record<string, readonly string[]>>,
): readonly Warning[] {
  if (reading.kind === 'unavailable') return [];
  return reading.advisories.flatMap(({ name, title, severity, vulnerable, url }) =>
    (versions[name] ?? [])
      .filter((version) => semver.satisfies(version, vulnerable, { includePrerelease: true }))
      .map((version): Warning => ({ kind: 'advisory', name, version, text: title, severity, url })),
  );
}

const signalOf = (
  name: Signal['name'],
  reading: { readonly kind: 'available' } | { readonly kind: 'unavailable'; readonly reason: string },
): Signal => ({
  name,
  state: reading.kind,
  reason: reading.kind === 'unavailable' ? sentence(reading.reason) : null,
});

const sentence = (reason: string): string => `Unknown: ${reason}.`;
