// What is shown of a refused upgrade's API: the change that is its cause first, then what else changed.

import type { ApiChange, CallSite, Diagnosis, UpgradeView } from 'modernizer/protocol';

type Shown = Omit<ApiChange, 'uses'>;

export interface ApiFace {
  /** Null where no use of it could be named. */
  readonly cause: Extract<Diagnosis['cause'], { kind: 'named' }> | null;
  readonly others: readonly ApiChange[];
  /** Changed and used, but not listed: there are too many. */
  readonly unlisted: number;
  /** How the two versions were compared and how much changed, in a sentence; null where they were not. */
  readonly compared: string | null;
}

export function apiFaceOf({ cause, difference }: Diagnosis): ApiFace {
  const named = cause.kind === 'named' ? cause : null;
  const others = (difference?.used ?? []).filter((change) => !isSame(change, named));
  return {
    cause: named,
    others,
    unlisted: Math.max(0, (difference?.usedInAll ?? 0) - (difference?.used.length ?? 0)),
    compared: difference === null ? null : comparedText(difference),
  };
}

const isSame = (change: Shown, cause: Shown | null): boolean =>
  cause !== null && change.symbol === cause.symbol && change.change === cause.change;

function comparedText({ source, changed, usedInAll }: NonNullable<Diagnosis['difference']>): string {
  const how = source === 'types' ? 'By their declarations' : 'By what they give at run time';
  if (changed === 0) return `${how}, the two versions offer the same.`;
  const names = changed === 1 ? 'one name changed' : `${changed} names changed`;
  const used =
    usedInAll === 0
      ? 'none of them is used here'
      : usedInAll === changed
        ? 'all are used here'
        : `${usedInAll} of them used here`;
  return `${how}, ${names}; ${used}.`;
}

/** The change and the place in one line, for a row of the matrix; null where nothing was named. */
export function causeInShort({ diagnosis }: Pick<UpgradeView, 'diagnosis'>): Shown | null {
  return diagnosis?.cause.kind === 'named' ? diagnosis.cause : null;
}

export const siteText = ({ file, line }: CallSite): string => `${file}:${line}`;
