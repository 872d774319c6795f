// A question of the Modernizer to a person, as the card asks it.

import type { DecisionView, ModernizationView } from 'modernizer/protocol';

export interface EvidenceLink {
  readonly trial: string;
  readonly text: string;
}

/** The trials a question rests on, by the numbers people see; one that is not known here is left out. */
export const evidenceOf = (decision: DecisionView, view: ModernizationView): readonly EvidenceLink[] =>
  decision.trials.flatMap((id) => {
    const trial = view.trials.find((known) => known.id === id);
    return trial === undefined ? [] : [{ trial: id, text: `Trial ${trial.number}` }];
  });

/** What is marked before the person has chosen: the default, if it is among the options at all. */
export const firstChoice = (decision: DecisionView): string =>
  decision.options.find((option) => option.id === decision.defaultOption)?.id ?? decision.options[0]?.id ?? '';

export const answerText = (decision: DecisionView): string | null => {
  if (decision.answer === null) return null;
  const { option, by } = decision.answer;
  const label = decision.options.find((each) => each.id === option)?.label ?? option;
  return `${label} (decided by ${by})`;
};
