// Crosses what changed in a package with where the project uses it: what changed for this project, and at which places.
// Pure. Rule: a change is crossed with a use only when that very use meets it; a changed signature that every call
// still fits is told as `signature` and blamed for nothing.

import type { Api } from './differences/api.ts';
import type { ApiChange, ChangeKind } from './differences/compare-apis.ts';
import type { Use } from './uses/project-uses.ts';

export interface CrossedChange {
  /** As a person would name it, such as `glob.sync`. */
  readonly symbol: string;
  readonly path: string;
  readonly change: ChangeKind;
  readonly before: string | null;
  readonly after: string | null;
  readonly renamedTo: string | null;
  /** `file:line:column`, at most PLACES_MAX. */
  readonly places: readonly string[];
}

/** A change is shown by some of its places; the first ones suffice to find the rest. */
const PLACES_MAX = 20;

export interface Crossing {
  readonly name: string;
  readonly before: Api;
  readonly changes: readonly ApiChange[];
  readonly uses: readonly Use[];
}

export function cross({ name, before, changes, uses }: Crossing): readonly CrossedChange[] {
  const placed = uses.map((use) => ({ use, path: offeredPath(use.path, before) }));
  return changes.flatMap((change): CrossedChange[] => {
    const met = placed.filter(({ use, path }) => isMet(change, use, path)).map(({ use }) => use.place);
    if (met.length === 0) return [];
    const { symbol: path, change: kind, before: was, after, renamedTo } = change;
    const places = [...new Set(met)].slice(0, PLACES_MAX);
    return [{ symbol: symbolText(name, path), path, change: kind, before: was, after, renamedTo, places }];
  });
}

/** Changes that make a use fail by themselves. */
export const isBreaking = ({ change }: Pick<CrossedChange, 'change'>): boolean => change !== 'signature';

/** `` is the package, `default` too; `#del` is a member of what it makes. */
export const symbolText = (name: string, path: string): string =>
  path === '' || path === 'default' ? name : path.startsWith('#') || path.startsWith('(') ? `${name}${path}` : path;

/** The path that the API knows a use by: a default import of a whole module is the module. */
export function offeredPath(path: string, { offers }: Pick<Api, 'offers'>): string {
  let known = path;
  if (!offers.has('default')) known = known.replace(/^default(?:\.|(?=[#(])|$)/, '');
  // What a class makes without `new` is what it makes with it.
  return known.includes('()') && [...offers.keys()].some((each) => each.startsWith(`${known.split('()')[0] ?? ''}#`))
    ? known.replace(/\(\)\.?/, '#')
    : known;
}

/** An import alone asks nothing of what it gives. */
const GIVES_NOTHING: ReadonlySet<Use['how']> = new Set(['import', 're-export', 'write', 'script']);

function isMet(change: ApiChange, use: Use, path: string): boolean {
  const calls = use.how === 'call';
  switch (change.change) {
    case 'module-form':
      return path === '' ? !GIVES_NOTHING.has(use.how) : /^[#(]/.test(path);
    case 'removed':
    case 'renamed':
      return isAtOrIn(path, change.symbol) && use.how !== 'write';
    case 'no-longer-callable':
    case 'needs-new':
      return calls && path === change.symbol;
    case 'became-async':
      return calls && path === change.symbol;
    case 'parameter-required':
      return calls && path === change.symbol && use.given !== null && use.given < (change.required ?? 0);
    case 'fewer-parameters':
      return calls && path === change.symbol && use.given !== null && use.given > (change.most ?? Infinity);
    default:
      return path === change.symbol && use.how !== 'import';
  }
}

export const isAtOrIn = (path: string, owner: string): boolean =>
  path === owner || (path.startsWith(owner) && /^[.#(]/.test(path.slice(owner.length)));
