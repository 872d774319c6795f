// Statistics as JSON, as CSV, and as tables for a terminal.
// Rule: the JSON has a version and only grows; the CSV is RFC 4180, and no name in it can become a formula where it is
// opened (a leading `=`, `+`, `-`, `@`, tab or line end gets an apostrophe before it).

import { bytesText, countText } from 'kernel/basics';

import { ACTOR_CLASSES, BASIS_POINTS_MAX, type ActorClass } from './attribution.ts';
import { classShares, GROUPINGS, type Group, type Grouping, type Statistics, type Tally } from './statistics.ts';

export const CLASS_TITLES: Readonly<Record<ActorClass, string>> = {
  ai: 'AI',
  human: 'Known human',
  untracked: 'Untracked',
};

export const GROUPING_TITLES: Readonly<Record<Grouping, string>> = {
  providers: 'Providers',
  models: 'Models',
  suggestionTypes: 'Suggestion types',
  actors: 'Actors',
  authors: 'Accountable authors',
};

/** One JSON document. Money in microdollars; shares from 0 to 1. */
export function statisticsJson(statistics: Statistics): Readonly<Record<string, unknown>> {
  const shares = classShares(statistics);
  const grouped = Object.fromEntries(
    GROUPINGS.map((grouping) => [
      grouping,
      statistics.groups[grouping].map(({ name, tally }) => ({ name, ...tallyJson(tally) })),
    ]),
  );
  return {
    version: statistics.version,
    total: tallyJson(statistics.total),
    ...Object.fromEntries(
      ACTOR_CLASSES.map((each) => [
        each,
        { ...tallyJson(statistics.classes[each]), shareOfBytes: shares[each] / BASIS_POINTS_MAX },
      ]),
    ),
    ...grouped,
  };
}

const tallyJson = ({
  patches,
  written,
  alive,
  kept,
  tokens,
  cost,
  reviews,
}: Tally): Readonly<Record<string, unknown>> => ({
  patches,
  bytes: alive.bytes,
  lines: alive.lines,
  bytesWritten: written.bytes,
  linesWritten: written.lines,
  acceptance: kept === null ? null : kept / BASIS_POINTS_MAX,
  tokens,
  costMicroUsd: cost,
  reviews: { accepted: reviews.accept, edited: reviews.edit, rejected: reviews.reject, unreviewed: reviews.unreviewed },
});

const CSV_COLUMNS = [
  'group',
  'name',
  'patches',
  'bytes',
  'lines',
  'bytes_written',
  'lines_written',
  'acceptance',
  'tokens',
  'cost_micro_usd',
  'accepted',
  'edited',
  'rejected',
  'unreviewed',
] as const;

/** One table with a line for the total, each class and each group. Lines end with CR LF. */
export function statisticsCsv(statistics: Statistics): string {
  const rows = [
    ['total', '', statistics.total] as const,
    ...ACTOR_CLASSES.map((each) => ['class', each, statistics.classes[each]] as const),
    ...GROUPINGS.flatMap((grouping) =>
      statistics.groups[grouping].map(({ name, tally }) => [CSV_GROUPS[grouping], name, tally] as const),
    ),
  ];
  const lines = rows.map(([group, name, tally]) => [group, csvField(name), ...csvNumbers(tally)].join(','));
  return [CSV_COLUMNS.join(','), ...lines].map((line) => `${line}\r\n`).join('');
}

const CSV_GROUPS: Readonly<Record<Grouping, string>> = {
  providers: 'provider',
  models: 'model',
  suggestionTypes: 'suggestion_type',
  actors: 'actor',
  authors: 'author',
};

const csvNumbers = ({ patches, written, alive, kept, tokens, cost, reviews }: Tally): readonly string[] =>
  [
    patches,
    alive.bytes,
    alive.lines,
    written.bytes,
    written.lines,
    kept === null ? '' : kept / BASIS_POINTS_MAX,
    tokens,
    cost,
    reviews.accept,
    reviews.edit,
    reviews.reject,
    reviews.unreviewed,
  ].map(String);

/** A text as one field: no formula, and in quotes where it needs them. */
export function csvField(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export interface TextTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly (readonly string[])[];
}

const COLUMNS: TextTable['columns'] = [
  { title: 'Name', align: 'left' },
  { title: 'Patches', align: 'right' },
  { title: 'Lines', align: 'right' },
  { title: 'Bytes', align: 'right' },
  { title: 'Share', align: 'right' },
  { title: 'Kept', align: 'right' },
  { title: 'Tokens', align: 'right' },
  { title: 'Cost', align: 'right' },
];

/** The classes first, then the groupings that are asked for, without the empty ones. */
export function statisticsTables(
  statistics: Statistics,
  groupings: readonly Grouping[] = GROUPINGS,
): readonly TextTable[] {
  const classes = ACTOR_CLASSES.map((each) => ({ name: CLASS_TITLES[each], tally: statistics.classes[each] }));
  const tables = groupings.map((grouping) => [GROUPING_TITLES[grouping], statistics.groups[grouping]] as const);
  return [['Who wrote it', classes] as const, ...tables]
    .filter(([, groups]) => groups.length > 0)
    .map(([title, groups]) => ({
      title,
      columns: COLUMNS,
      rows: groups.map((group) => rowOf(group, statistics.total)),
    }));
}

function rowOf({ name, tally }: Group, total: Tally): readonly string[] {
  return [
    name,
    String(tally.patches),
    String(tally.alive.lines),
    bytesText(tally.alive.bytes),
    total.alive.bytes === 0 ? '' : percentText(tally.alive.bytes / total.alive.bytes),
    tally.kept === null ? '' : percentText(tally.kept / BASIS_POINTS_MAX),
    tally.tokens === 0 ? '' : String(tally.tokens),
    tally.cost === 0 ? '' : dollarsText(tally.cost),
  ];
}

/** `37 %`; what is not nothing is never shown as nothing, nor what is not all as all. */
export function percentText(share: number): string {
  if (share > 0 && share < 0.01) return '< 1 %';
  if (share < 1 && share > 0.99) return '> 99 %';
  return `${Math.round(share * 100)} %`;
}

/** `$0.05`; fractions of a cent with four digits. */
export const dollarsText = (micro: number): string => `$${(micro / 1_000_000).toFixed(micro < 10_000 ? 4 : 2)}`;

/** One sentence: `AI 37 %, known human 50 %, untracked 13 % of 1,204 lines in 40 patches`. */
export function statisticsSentence(statistics: Statistics): string {
  const shares = classShares(statistics);
  const { patches, alive } = statistics.total;
  const parts = ACTOR_CLASSES.map((each) => `${CLASS_TITLES[each]} ${percentText(shares[each] / BASIS_POINTS_MAX)}`);
  return `${parts.join(', ')} of ${bytesText(alive.bytes)} in ${countText(alive.lines, 'line')} of ${countText(patches, 'patch', 'patches')}`;
}
