// A page of a channel's history, newest first, or of what the repository has beside the channel.
// Rule: a page ends at its limit or when it has looked at enough patches, whichever comes first, so that a filter that
// finds nothing never holds anybody up; whoever asks goes on from `next`.

import { unreachable } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import { classOf, type HistoryQuery, type PatchPage } from '../protocol/index.ts';
import type { Repository } from '../repository/repository.ts';
import { PatchSet, type ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { whoOf } from './credits.ts';
import { patchLine } from './patch-line.ts';
import { chosenPatches, pathsIn, stateOf, type State } from './state.ts';

/** Looked at for one page: about a tenth of a second. */
const LOOKED_AT_MAX = 5000;

export function pageOfHistory(repository: Repository, query: HistoryQuery): PatchPage {
  const { store } = repository;
  const state = stateOf(repository, query);
  const paths = pathsIn(repository, state.view);
  const among = patchesOf(repository, state, query);
  const isWanted = filterOf(repository, state, { query, among: among.set });
  const found: PatchNumber[] = [];
  let last: PatchNumber | null = null;
  let lookedAt = 0;
  for (const patch of after(store, among.inOrder, query.before)) {
    if (found.length === query.limit || lookedAt === LOOKED_AT_MAX) {
      return {
        channel: state.channel.name,
        root: state.root,
        patches: found.map((each) => patchLine(store, paths, each)),
        next: last === null ? null : store.patches.hashOf(last),
      };
    }
    lookedAt += 1;
    last = patch;
    if (isWanted(patch)) found.push(patch);
  }
  const patches = found.map((each) => patchLine(store, paths, each));
  return { channel: state.channel.name, root: state.root, patches, next: null };
}

interface Among {
  readonly set: ReadonlyPatchSet;
  readonly inOrder: Iterable<PatchNumber>;
}

function patchesOf({ store }: Repository, { channel, view }: State, { of }: Pick<HistoryQuery, 'of'>): Among {
  switch (of) {
    case 'channel':
      return { set: view.set, inOrder: store.channels.log(channel.name) };
    case 'outside': {
      const all = PatchSet.of(Array.from({ length: store.patches.count }, (_, index) => index + 1));
      const set = all.difference(channel.set);
      return { set, inOrder: [...set].reverse() };
    }
    default:
      return unreachable(of);
  }
}

/** What comes after the patch that was last looked at. One that is not there any more: all of it, from the first. */
function* after(store: PatchStore, inOrder: Iterable<PatchNumber>, before: string | undefined): Generator<PatchNumber> {
  const match = before === undefined ? null : store.patches.findByPrefix(before);
  const last = match?.kind === 'one' ? match.number : null;
  let isAfter = last === null;
  for (const patch of inOrder) {
    if (isAfter) yield patch;
    else isAfter = patch === last;
  }
}

type Filter = (patch: PatchNumber) => boolean;

function filterOf(
  repository: Repository,
  { channel, view }: State,
  { query, among }: { readonly query: HistoryQuery; readonly among: ReadonlyPatchSet },
): Filter {
  const { store } = repository;
  const { actor, model, author, text, path, expr } = query;
  const filters: Filter[] = [(patch) => among.has(patch)];
  if (actor !== undefined) filters.push((patch) => classOf(whoOf(store, patch).actor) === actor);
  if (model !== undefined) filters.push(modelFilter(store, model));
  if (author !== undefined) filters.push(authorFilter(store, author));
  if (text !== undefined) filters.push(textFilter(store, text));
  if (path !== undefined) {
    const paths = pathsIn(repository, view);
    const isUnder = (each: string): boolean => each === path || each.startsWith(`${path}/`);
    filters.push((patch) => paths.touchedBy(patch).some(isUnder));
  }
  if (expr !== undefined) {
    const chosen = new Set(chosenPatches(repository, among, { expression: expr, channel: channel.name }));
    filters.push((patch) => chosen.has(patch));
  }
  return (patch) => filters.every((filter) => filter(patch));
}

function modelFilter(store: PatchStore, wanted: string): Filter {
  const lower = wanted.toLowerCase();
  return (patch) => {
    const name = whoOf(store, patch).model?.toLowerCase();
    return name === lower || name?.endsWith(`/${lower}`) === true;
  };
}

function authorFilter(store: PatchStore, wanted: string): Filter {
  const lower = wanted.toLowerCase();
  return (patch) =>
    store.patches.rowOf(patch).authors.some(({ name, email }) => `${name} <${email}>`.toLowerCase().includes(lower));
}

function textFilter(store: PatchStore, wanted: string): Filter {
  const lower = wanted.toLowerCase();
  return (patch) => {
    const { hash, message } = store.patches.rowOf(patch);
    return message.toLowerCase().includes(lower) || hash.startsWith(lower);
  };
}
