// What changed between two APIs of one package. Pure.
// Rule: what one side does not fully list is not called removed; a new name is called a rename only when the offer
// is the same but for its name, and only one such name exists.

import type { Api, ModuleForm, Offer } from './api.ts';

export type ChangeKind =
  | 'removed'
  | 'renamed'
  | 'module-form'
  | 'no-longer-callable'
  | 'needs-new'
  | 'became-async'
  | 'parameter-required'
  | 'fewer-parameters'
  | 'signature';

export interface ApiChange {
  /** The path of `Api.offers`; `` is the module itself. */
  readonly symbol: string;
  readonly change: ChangeKind;
  /** As it was and as it is; null where there is nothing. */
  readonly before: string | null;
  readonly after: string | null;
  /** The new name of what was renamed. */
  readonly renamedTo: string | null;
  /** How many parameters a call must and may give now; null where that is not known or has no end. */
  readonly required: number | null;
  readonly most: number | null;
}

/** Longer lists say no more to anybody; the first ones are those of the module itself. */
const CHANGES_MAX = 500;

/** The most telling changes first: those of the module itself, then what is gone. */
export function compareApis(before: Api, after: Api): readonly ApiChange[] {
  const changes = [...moduleChange(before, after), ...offerChanges(before, after)];
  return changes.toSorted((a, b) => WEIGHT[a.change] - WEIGHT[b.change]).slice(0, CHANGES_MAX);
}

/** What breaks its users most surely comes first. */
const WEIGHT: Readonly<Record<ChangeKind, number>> = {
  'module-form': 0,
  'no-longer-callable': 1,
  'needs-new': 2,
  removed: 3,
  renamed: 3,
  'became-async': 4,
  'parameter-required': 5,
  'fewer-parameters': 6,
  signature: 7,
};

const FORM_WORDS: Readonly<Record<ModuleForm, string>> = {
  whole: 'the module is one thing (module.exports = …)',
  default: 'the thing itself is the default export',
  names: 'the module is a set of named exports',
  namespace: 'an ES module: require() gives a namespace that cannot be called or added to',
};

function moduleChange(before: Api, after: Api): readonly ApiChange[] {
  if (before.form === after.form) return [];
  // Names were and are members: only the way in which they are given differs.
  if (before.form === 'names' && after.form === 'default') return [];
  const tell = ({ form, offers }: Api): string => offers.get('')?.told ?? FORM_WORDS[form];
  const change = { symbol: '', before: tell(before), after: FORM_WORDS[after.form], ...UNNAMED };
  return [{ ...change, change: 'module-form' }];
}

function offerChanges(before: Api, after: Api): readonly ApiChange[] {
  const changes: ApiChange[] = [];
  const added = [...after.offers].filter(([path]) => !before.offers.has(path));
  for (const [symbol, offer] of before.offers) {
    const now = after.offers.get(symbol);
    if (now !== undefined) changes.push(...changeOf(symbol, offer, now));
    else if (symbol !== '' && !after.partial && !isInsideOfGone(symbol, after))
      changes.push(gone(symbol, offer, added));
  }
  return changes;
}

const UNNAMED = { renamedTo: null, required: null, most: null } as const;

/** A member of something that is gone itself is told with it. */
function isInsideOfGone(symbol: string, after: Api): boolean {
  const end = Math.max(symbol.lastIndexOf('.'), symbol.lastIndexOf('#'));
  return end >= 0 && !after.offers.has(symbol.slice(0, end));
}

function gone(symbol: string, offer: Offer, added: readonly (readonly [string, Offer])[]): ApiChange {
  const same = added.filter(([path, { kind, told }]) => {
    if (ownerOf(path) !== ownerOf(symbol) || kind !== offer.kind) return false;
    if (lastOf(path).toLowerCase() === lastOf(symbol).toLowerCase()) return true;
    return offer.kind === 'function' && told === offer.told && told.length > TELLING_LENGTH && isAkin(path, symbol);
  });
  const [only] = same;
  if (same.length !== 1 || only === undefined) {
    return { symbol, change: 'removed', before: offer.told, after: null, ...UNNAMED };
  }
  const { told, required, most } = only[1];
  return { symbol, change: 'renamed', before: offer.told, after: told, renamedTo: only[0], required, most };
}

/** `() => void` is shared by chance; a signature of this length is not. */
const TELLING_LENGTH = 16;

/** One name holds the other, as `sync` and `globSync` do. */
function isAkin(one: string, other: string): boolean {
  const [a, b] = [lastOf(one).toLowerCase(), lastOf(other).toLowerCase()];
  return a.includes(b) || b.includes(a);
}

const ownerOf = (path: string): string => path.slice(0, path.length - lastOf(path).length);
const lastOf = (path: string): string => path.split(/[.#]/).at(-1) ?? path;

function changeOf(symbol: string, before: Offer, after: Offer): readonly ApiChange[] {
  const kind = changeKind(before, after);
  if (kind === undefined) return [];
  const { told, required, most } = after;
  return [{ symbol, change: kind, before: before.told, after: told, renamedTo: null, required, most }];
}

function changeKind(before: Offer, after: Offer): ChangeKind | undefined {
  if (before.required !== null && after.required === null) {
    return after.kind === 'class' ? 'needs-new' : 'no-longer-callable';
  }
  if (before.required === null || after.required === null) return before.told === after.told ? undefined : 'signature';
  if (!before.isAsync && after.isAsync) return 'became-async';
  if (after.required > before.required) return 'parameter-required';
  if (after.most !== null && (before.most === null || after.most < before.most)) return 'fewer-parameters';
  return before.told === after.told ? undefined : 'signature';
}
