// What was found out about a refused upgrade in the shape that journals, screens and programs read: bounded, with the
// lines of the project. Not here: finding it out (look-into.ts), and the sentence of the cause (tell-cause.ts).

import { unreachable } from 'kernel/basics';

import type { ApiChange, CallSite, Diagnosis as ToldDiagnosis } from '../protocol/index.ts';
import { callSites } from './call-sites.ts';
import { isBreaking, type CrossedChange } from './crossing.ts';
import type { BoundedDiagnosis } from './in-worker.ts';
import type { Diagnosis } from './look-into.ts';
import type { ManifestChange } from './packages/manifest-changes.ts';

/** Enough to see what kind of change it is; the counts say how many there are. */
const CHANGES_MAX = 30;
const SITES_MAX = 8;

interface Finding {
  readonly found: BoundedDiagnosis;
  /** Places that the log points to. */
  readonly where: readonly string[];
  /** The project's folder, as it is before the upgrade. */
  readonly project: string;
}

export async function toldDiagnosis({ found, where, project }: Finding): Promise<ToldDiagnosis> {
  if (found.kind === 'not-known') {
    const sites = await callSites(project, where);
    return {
      ...NOTHING_KNOWN,
      logged: sitesAt(where, sites),
      unknown: [`Its cause was not looked into: ${found.reason}.`],
    };
  }
  const { diagnosis } = found;
  const { cause, difference, changelog, uses } = diagnosis;
  const used = mostTelling(difference?.used ?? []);
  const named = cause.kind === 'named' ? cause.places : [];
  const sites = await callSites(project, [...new Set([...named, ...used.flatMap(({ places }) => places), ...where])]);
  const lines = new Set(named.map(lineOf));
  return {
    cause:
      cause.kind === 'not-known'
        ? { kind: 'not-known' }
        : {
            ...changeOf(cause),
            kind: 'named',
            sites: sitesAt(named, sites),
            proof: cause.proof,
            printed: cause.printed,
          },
    difference:
      difference === null
        ? null
        : {
            source: difference.source,
            changed: difference.changed,
            used: used.map((change): ApiChange => ({
              ...changeOf(change),
              sites: sitesAt(change.places, sites),
              uses: change.places.length,
            })),
            usedInAll: difference.used.length,
          },
    package: diagnosis.manifest.map(manifestSentence),
    changelog: changelog.kind === 'told' ? { file: changelog.file, text: changelog.text } : null,
    uses,
    logged: sitesAt(
      where.filter((place) => !lines.has(lineOf(place))),
      sites,
    ),
    unknown: unknownOf(diagnosis),
  };
}

const NOTHING_KNOWN: ToldDiagnosis = {
  cause: { kind: 'not-known' },
  difference: null,
  package: [],
  changelog: null,
  uses: 0,
  logged: [],
  unknown: [],
};

const lineOf = (place: string): string => place.split(':').slice(0, 2).join(':');

const sitesAt = (places: readonly string[], sites: ReadonlyMap<string, CallSite>): CallSite[] =>
  places.slice(0, SITES_MAX).flatMap((place) => sites.get(place) ?? []);

const changeOf = ({ symbol, change, before, after, renamedTo }: Omit<ApiChange, 'sites' | 'uses'>) => ({
  symbol,
  change,
  before,
  after,
  renamedTo,
});

/** What makes a use fail by itself first. */
const mostTelling = (used: readonly CrossedChange[]): readonly CrossedChange[] =>
  [...used.filter(isBreaking), ...used.filter((change) => !isBreaking(change))].slice(0, CHANGES_MAX);

function unknownOf({ cause, difference, changelog, uses }: Diagnosis): string[] {
  const unknown = cause.kind === 'not-known' ? ['Which use of it breaks is not known.', ...cause.looked] : [];
  if (difference === null && cause.kind === 'named') unknown.push('Its two APIs could not be compared.');
  if (uses === 0) unknown.push('No place of the project was found that uses it.');
  if (changelog.kind === 'none') unknown.push(`What its makers say of it is not known: ${changelog.reason}.`);
  return unknown;
}

function manifestSentence(change: ManifestChange): string {
  switch (change.kind) {
    case 'es-module-only':
      return `It was ${change.before}, it is an ${change.after}: require() gives a namespace of its exports.`;
    case 'deep-import-blocked':
      return `\`${change.specifier}\` can no longer be imported.`;
    case 'node-raised':
      return `It asks for Node ${change.after}${change.before === null ? '' : `; before, for ${change.before}`}.`;
    case 'entry-moved':
      return `What is loaded by its name moved from \`${change.before}\` to \`${change.after}\`.`;
    case 'command-gone':
      return `Its command \`${change.command}\` is gone.`;
    default:
      return unreachable(change);
  }
}
