// Two runs beside each other: which are offered, which lines are shown, and what differs in words.

import { durationText } from 'kernel/basics';
import type { ComparedKind, ComparedLine, ComparedRun, Comparison, ProjectSummary } from 'modernizer/protocol';

import { moneyText } from '../components/money.ts';
import type { CompareSearch } from './run-search.ts';

/** The runs that the address names, else the two newest of the project that was upgraded last. */
export function comparedRuns(
  { a, b }: CompareSearch,
  projects: readonly ProjectSummary[],
): { readonly a: string; readonly b: string } | null {
  if (a !== undefined && b !== undefined) return { a, b };
  const named = a ?? b;
  const project =
    named === undefined
      ? projects.find(({ history }) => history.length > 1)
      : projects.find(({ history }) => history.some(({ run }) => run === named));
  const [newest, before] = project?.history ?? [];
  if (newest === undefined || before === undefined) return null;
  if (named === undefined) return { a: before.run, b: newest.run };
  return named === newest.run ? { a: before.run, b: named } : { a: named, b: newest.run };
}

/** The other runs of the project that a run is of; empty where it is not among those listed. */
export const siblingsOf = (run: string, projects: readonly ProjectSummary[]): ProjectSummary['history'] =>
  projects.find(({ history }) => history.some((each) => each.run === run))?.history ?? [];

export const KIND_WORDS: Readonly<Record<ComparedKind, string>> = {
  state: 'kept in one, refused in the other',
  'only-one': 'planned in one only',
  version: 'another version',
  verdict: 'another verdict',
  same: 'the same',
};

export const shownLines = (lines: readonly ComparedLine[], all: boolean): readonly ComparedLine[] =>
  all ? lines : lines.filter(({ kind }) => kind !== 'same');

export function comparisonText({ upgrades }: Pick<Comparison, 'upgrades'>): string {
  const different = upgrades.filter(({ kind }) => kind !== 'same').length;
  if (upgrades.length === 0) return 'Neither run settled any upgrade.';
  if (different === 0) return `All ${upgrades.length} upgrades came out the same.`;
  return `${different} of ${upgrades.length} upgrades came out differently.`;
}

export interface Figure {
  readonly title: string;
  readonly a: string;
  readonly b: string;
  /** What the second has more or less than the first; null where that is no number or none. */
  readonly change: string | null;
}

export function figuresOf({ a, b }: Pick<Comparison, 'a' | 'b'>): readonly Figure[] {
  const figure = (
    title: string,
    of: (run: ComparedRun) => number,
    text: (value: number) => string = String,
  ): Figure => ({
    title,
    a: text(of(a)),
    b: text(of(b)),
    change: changeText(of(b) - of(a), text),
  });
  return [
    ...versionFigures(a, b),
    { title: 'As it was before', a: a.baseline ?? 'not judged', b: b.baseline ?? 'not judged', change: null },
    figure('Kept', ({ kept }) => kept),
    figure('Refused', ({ refused }) => refused),
    figure('Trials run', ({ trials }) => trials),
    figure('Trials known already', ({ trialsCached }) => trialsCached),
    figure(
      'Time',
      ({ wallMs }) => wallMs,
      (value) => (value === 0 ? 'not ended' : durationText(value)),
    ),
    figure('Cost of models', ({ costMicroUsd }) => costMicroUsd, moneyText),
  ];
}

/** With what the two ran, where that is not the same: a verdict may differ for that alone. */
function versionFigures(a: ComparedRun, b: ComparedRun): readonly Figure[] {
  const names = { node: 'Node', npm: 'npm', tandem: 'Tandem' } as const;
  return (['node', 'npm', 'tandem'] as const).flatMap((name): readonly Figure[] => {
    const [one, other] = [a.versions?.[name] ?? 'not known', b.versions?.[name] ?? 'not known'];
    return one === other ? [] : [{ title: names[name], a: one, b: other, change: 'another version' }];
  });
}

const changeText = (by: number, text: (value: number) => string): string | null =>
  by === 0 ? null : `${by > 0 ? '+' : '−'}${text(Math.abs(by))}`;
