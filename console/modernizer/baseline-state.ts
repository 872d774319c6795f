// Which of the four levels the project was judged by, as far as its first trial says.
// Rule: a level that was not tried is said to be that; a higher one does not vouch for it.

import type { LevelResult, TrialView } from 'modernizer/protocol';

export interface LevelLine {
  readonly level: number;
  readonly text: string;
  readonly state: 'yes' | 'no' | 'not tried';
}

const LEVELS = ['installs', 'builds and loads', 'starts and answers', 'tests are green'] as const;

export function levelLines(trials: readonly TrialView[]): readonly LevelLine[] {
  const results = trials.filter((trial) => trial.purpose === 'baseline').flatMap((trial) => trial.levels);
  return LEVELS.map((text, index) => {
    const level = index + 1;
    return { level, text, state: stateOf(results.filter((result) => result.level === level)) };
  });
}

function stateOf(results: readonly LevelResult[]): LevelLine['state'] {
  if (results.length === 0) return 'not tried';
  return results.every((result) => result.ok) ? 'yes' : 'no';
}
