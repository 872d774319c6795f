// Who wrote how much: patches, bytes and lines by class, provider, model, suggestion type, actor and author.
// Rule: three classes that never mix (AI, known human, untracked); what is counted is bytes, so that the parts of a patch
// of several hands count for each hand. Tokens and money of a patch count once, with its own model.
// Not here: where credit comes from, and how it looks (statistics-text.ts, statistics-report.ts).

import { microdollars, unreachable, type Microdollars } from 'kernel/basics';

import {
  ACTOR_CLASSES,
  ACTORS,
  BASIS_POINTS_MAX,
  classOfActor,
  isAiAssisted,
  SUGGESTION_TYPES,
  type Actor,
  type ActorClass,
  type Attribution,
  type BasisPoints,
  type Model,
  type TokenCount,
} from './attribution.ts';
import { canonicalName, providerId, type Registry } from './registry.ts';
import type { ReviewState } from './reviews.ts';

export interface Size {
  readonly bytes: number;
  readonly lines: number;
}

/** What one part of one patch wrote, and what is still there. A patch that only deletes has a row of size nothing. */
export interface CreditRow {
  readonly patch: string;
  /** Null: nobody knows. */
  readonly attribution: Attribution | null;
  readonly author: { readonly name: string; readonly email: string };
  /** The place of the part in `attribution.hunks`; null: what no part of it covers. */
  readonly hunk: number | null;
  readonly written: Size;
  readonly alive: Size;
  readonly review: ReviewState;
}

export interface Tally {
  readonly patches: number;
  readonly written: Size;
  readonly alive: Size;
  /** How much of what was written is still there; null when nothing was. */
  readonly kept: BasisPoints | null;
  readonly tokens: number;
  readonly cost: Microdollars;
  /** Patches by what their reviews come to. */
  readonly reviews: Readonly<Record<ReviewState, number>>;
}

export interface Group {
  readonly name: string;
  readonly tally: Tally;
}

export const GROUPINGS = ['providers', 'models', 'suggestionTypes', 'actors', 'authors'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export interface Statistics {
  readonly version: 1;
  readonly total: Tally;
  /** Patches by their own class; bytes, lines and the rest by that of their parts. */
  readonly classes: Readonly<Record<ActorClass, Tally>>;
  /** Each with the most alive bytes first. Providers, models and suggestion types are of AIs alone. */
  readonly groups: Readonly<Record<Grouping, readonly Group[]>>;
}

/** Rows in any order; those of one patch share its attribution. */
export function statisticsOf(rows: readonly CreditRow[], registry: Registry): Statistics {
  const classed = new Counters();
  const grouped: Record<Grouping, Counters> = {
    providers: new Counters(),
    models: new Counters(),
    suggestionTypes: new Counters(),
    actors: new Counters(),
    authors: new Counters(),
  };
  const total = new Counters();
  for (const row of rows) {
    const actor = actorOfRow(row);
    const isOwnClass = classOfActor(actor) === classOfActor(row.attribution?.actor ?? 'untracked');
    total.add('', row, { counts: true, pays: true });
    classed.add(classOfActor(actor), row, { counts: isOwnClass, pays: isOwnClass });
    for (const grouping of GROUPINGS) {
      for (const { name, isOwn } of namesOf(grouping, row, actor, registry)) {
        grouped[grouping].add(name, row, { counts: true, pays: isOwn });
      }
    }
    // A patch counts in its own class also where all of its parts are of another.
    if (!isOwnClass)
      classed.add(classOfActor(row.attribution?.actor ?? 'untracked'), without(row), { counts: true, pays: true });
  }
  const classes = { ai: classed.tally('ai'), human: classed.tally('human'), untracked: classed.tally('untracked') };
  const groups = {
    providers: grouped.providers.groups(),
    models: grouped.models.groups(),
    suggestionTypes: inOrder(grouped.suggestionTypes.groups(), [...SUGGESTION_TYPES, UNSPECIFIED]),
    actors: inOrder(grouped.actors.groups(), ACTORS),
    authors: grouped.authors.groups(),
  };
  return { version: 1, total: total.tally(''), classes, groups };
}

/** Each class's share of the bytes that are there, in basis points; their sum is 10,000, or 0 when there are none. */
export function classShares({ classes }: Statistics): Readonly<Record<ActorClass, number>> {
  const bytes = ACTOR_CLASSES.reduce((sum, each) => sum + classes[each].alive.bytes, 0);
  if (bytes === 0) return { ai: 0, human: 0, untracked: 0 };
  // The ends of the pieces are rounded, not the pieces: they never add up to more than everything.
  const endOf = (count: number): number => Math.round((count / bytes) * BASIS_POINTS_MAX);
  const ai = endOf(classes.ai.alive.bytes);
  const human = endOf(classes.ai.alive.bytes + classes.human.alive.bytes) - ai;
  return { ai, human, untracked: BASIS_POINTS_MAX - ai - human };
}

const UNSPECIFIED = 'unspecified';

const without = (row: CreditRow): CreditRow => ({
  ...row,
  written: { bytes: 0, lines: 0 },
  alive: { bytes: 0, lines: 0 },
});

function actorOfRow({ attribution, hunk }: CreditRow): Actor {
  if (attribution === null) return 'untracked';
  if (attribution.actor === 'human' || hunk === null) return attribution.actor;
  return attribution.hunks[hunk]?.actor ?? attribution.actor;
}

/** `isOwn`: the patch as a whole is of that name, so that its tokens and money count there. */
interface GroupName {
  readonly name: string;
  readonly isOwn: boolean;
}

function namesOf(grouping: Grouping, row: CreditRow, actor: Actor, registry: Registry): readonly GroupName[] {
  const { attribution, author } = row;
  if (grouping === 'authors') return [{ name: `${author.name} <${author.email}>`, isOwn: true }];
  if (grouping === 'actors') return [{ name: actor, isOwn: actor === (attribution?.actor ?? 'untracked') }];
  if (attribution === null || !isAiAssisted(attribution) || classOfActor(actor) !== 'ai') return [];
  const own = attribution.source.model;
  const part = row.hunk === null ? undefined : attribution.hunks[row.hunk];
  const model = part !== undefined && 'model' in part && part.model !== null ? part.model : own;
  switch (grouping) {
    case 'providers':
      return [
        { name: providerName(model, registry), isOwn: providerName(model, registry) === providerName(own, registry) },
      ];
    case 'models':
      return [
        { name: nameOfModel(model, registry), isOwn: nameOfModel(model, registry) === nameOfModel(own, registry) },
      ];
    case 'suggestionTypes':
      return [{ name: attribution.suggestion ?? UNSPECIFIED, isOwn: true }];
    default:
      return unreachable(grouping);
  }
}

const providerName = ({ provider }: Model, registry: Registry): string =>
  provider === null ? 'unknown' : (providerId(registry, provider) ?? provider);

const nameOfModel = (model: Model, registry: Registry): string =>
  model.kind === 'known' ? canonicalName(registry, model) : `${providerName(model, registry)}/unknown`;

const inOrder = (groups: readonly Group[], order: readonly string[]): readonly Group[] =>
  [...groups].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));

interface Counter {
  /** Those that count, with their reviews. */
  readonly patches: Map<string, ReviewState>;
  /** Those whose tokens and money are in. */
  readonly paid: Set<string>;
  written: Size;
  alive: Size;
  tokens: number;
  cost: number;
}

class Counters {
  readonly #counters = new Map<string, Counter>();

  add(name: string, row: CreditRow, { counts, pays }: { readonly counts: boolean; readonly pays: boolean }): void {
    const counter = this.#counters.get(name) ?? emptyCounter();
    this.#counters.set(name, counter);
    counter.written = sum(counter.written, row.written);
    counter.alive = sum(counter.alive, row.alive);
    if (counts) counter.patches.set(row.patch, row.review);
    if (!pays || counter.paid.has(row.patch) || row.attribution === null || !isAiAssisted(row.attribution)) return;
    counter.paid.add(row.patch);
    counter.tokens += tokensOf(row.attribution.tokens);
    counter.cost += row.attribution.cost ?? 0;
  }

  tally(name: string): Tally {
    const { patches, written, alive, tokens, cost } = this.#counters.get(name) ?? emptyCounter();
    const reviews = { unreviewed: 0, accept: 0, edit: 0, reject: 0 };
    for (const review of patches.values()) reviews[review] += 1;
    const kept =
      written.bytes === 0 ? null : (Math.round((alive.bytes / written.bytes) * BASIS_POINTS_MAX) as BasisPoints);
    return { patches: patches.size, written, alive, kept, tokens, cost: microdollars(cost), reviews };
  }

  groups(): readonly Group[] {
    return [...this.#counters.keys()]
      .map((name) => ({ name, tally: this.tally(name) }))
      .sort((a, b) => b.tally.alive.bytes - a.tally.alive.bytes || (a.name < b.name ? -1 : 1));
  }
}

const emptyCounter = (): Counter => ({
  patches: new Map(),
  paid: new Set(),
  written: { bytes: 0, lines: 0 },
  alive: { bytes: 0, lines: 0 },
  tokens: 0,
  cost: 0,
});

const sum = (a: Size, b: Size): Size => ({ bytes: a.bytes + b.bytes, lines: a.lines + b.lines });

function tokensOf(tokens: TokenCount | null): number {
  if (tokens === null) return 0;
  // Reasoning is a part of what was put out, and reading from a cache of what was put in, at every provider.
  return tokens.kind === 'total' ? tokens.total : tokens.input + tokens.output;
}
