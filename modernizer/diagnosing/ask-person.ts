// From refusals to questions: which other ways are worth a trial, and which of those a person is asked about.

import { isKept, type Decision } from '../protocol/index.ts';
import type { TrialResult } from '../validating/trial.ts';
import type { Question, Settlement } from '../workflow/state.ts';
import { conflictsIn, decisionOn, insteadOf, type RefusedForOthers } from './alternatives.ts';

/** The other choices of kept upgrades that a trial should look at. */
export async function openQuestions(
  settlement: Settlement,
  resultOf: (trial: string) => Promise<TrialResult | undefined>,
): Promise<readonly Question[]> {
  const kept = settlement.kept.map(({ name }) => name);
  const sentences = new Map<string, string>();
  const refused = [];
  for (const { name, trial } of settlement.refused) {
    const result = trial === null ? undefined : await resultOf(trial);
    const resolver = result?.resolver;
    const chain = resolver?.kind === 'resolver-conflict' ? resolver.chain : [];
    if (resolver !== null && resolver !== undefined) sentences.set(name, resolver.sentence);
    refused.push({ name, chain, peers: [] });
  }
  return conflictsIn({ kept, refused }).map((conflict) => ({
    conflict,
    upgrades: insteadOf(kept, conflict),
    sentence: sentences.get(conflict.name) ?? '',
    answer: null,
  }));
}

/** The questions whose other way is green. */
export const alternativesAmong = (
  questions: readonly Question[],
  idOf: (conflict: RefusedForOthers) => string,
): readonly Decision[] =>
  questions
    .filter(({ answer }) => answer !== null && isKept(answer.verdict))
    .map((question) =>
      decisionOn(
        { conflict: question.conflict, trial: question.answer?.trial ?? '' },
        idOf(question.conflict),
        question.sentence,
      ),
    );
