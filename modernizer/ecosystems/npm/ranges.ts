// What a declared range can become.
// Rule: the person's style stays: `^1.2` becomes `^3.0.1`, an exact version an exact one, `1.x` becomes `3.x`.
// What does not name versions of the registry (git, files, addresses, aliases, tags) cannot be raised.

import npa from 'npm-package-arg';
import semver from 'semver';

export type Raisable =
  | { readonly kind: 'range'; /** The lowest version it allows. */ readonly lowest: string }
  | { readonly kind: 'fixed'; readonly reason: string };

/** Words that only pnpm and Yarn know. */
const OWN_PROTOCOLS: Readonly<Record<string, string>> = {
  workspace: 'It is a workspace of this project.',
  catalog: 'Its version stands in a named catalog, or in one of Yarn: those are left as they are.',
  patch: 'It carries a patch of the project, made for the very version.',
};

/** Whether a declared range can be raised at all, and from where. */
export function raisable(name: string, range: string): Raisable {
  const own = /^(workspace|catalog|portal|link|patch):/.exec(range.trim())?.[1];
  if (own !== undefined) return { kind: 'fixed', reason: OWN_PROTOCOLS[own] ?? 'It comes from a place on disk.' };
  let spec: npa.Result;
  try {
    spec = npa.resolve(name, range.trim());
  } catch {
    return { kind: 'fixed', reason: `npm does not understand "${range}".` };
  }
  if (spec.type === 'tag') return { kind: 'fixed', reason: `It follows the tag "${range}", not a range.` };
  if (spec.type !== 'range' && spec.type !== 'version') {
    return { kind: 'fixed', reason: `It comes from ${originOf(spec.type)}, not from the registry's versions.` };
  }
  const trimmed = range.trim();
  if (trimmed === '' || trimmed === '*' || trimmed === 'x') {
    return { kind: 'fixed', reason: 'Its range allows every version already.' };
  }
  const lowest = semver.minVersion(trimmed, { loose: true });
  if (lowest === null) return { kind: 'fixed', reason: `No version satisfies "${range}".` };
  return { kind: 'range', lowest: lowest.version };
}

/** The same kind of range, raised so that it begins at the version. */
export function raisedRange(range: string, version: string): string {
  const trimmed = range.trim();
  if (/\s|\|\|/.test(trimmed)) return `^${version}`;
  const wild = /^([~^]?)v?(\d+)(\.(?:\d+|[xX*]))?(\.[xX*])?$/.exec(trimmed);
  if (wild !== null && isWild(trimmed)) return wildcardRange(trimmed, version);
  const operator = /^(\^|~|>=|=)?\s*v?\d/.exec(trimmed)?.[1];
  return operator === undefined ? version : `${operator}${version}`;
}

const isWild = (range: string): boolean => /[xX*]/.test(range) || /^[~^]?v?\d+(\.\d+)?$/.test(range);

function wildcardRange(range: string, version: string): string {
  const [major = '0', minor = '0'] = version.split('.');
  const parts = range.replace(/^[~^]?v?/, '').split('.');
  const operator = /^[~^]/.exec(range)?.[0] ?? '';
  const [, second, third] = parts;
  if (second === undefined) return `${operator}${major}`;
  if (/[xX*]/.test(second)) return `${operator}${[major, ...parts.slice(1)].join('.')}`;
  return third === undefined ? `${operator}${major}.${minor}` : `${operator}${major}.${minor}.${third}`;
}

function originOf(type: string): string {
  switch (type) {
    case 'git':
      return 'a git repository';
    case 'remote':
      return 'an address';
    case 'alias':
      return 'an alias';
    default:
      return 'a place on disk';
  }
}

/** How far a step goes. Below 1.0.0 the second number is the breaking one, as semver's caret has it. */
export function stepOf(from: string, to: string): 'major' | 'minor' | 'patch' {
  const [before, after] = [semver.coerce(from), semver.coerce(to)];
  if (before === null || after === null || before.major !== after.major) return 'major';
  if (before.minor !== after.minor) return before.major === 0 ? 'major' : 'minor';
  return 'patch';
}
