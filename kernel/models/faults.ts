// The faults of models. None holds a key, a prompt or an answer; what a provider wrote is in it only after `scrub`.

import { Fault, type FaultKind, type Microdollars } from '../basics/index.ts';
import type { Budget } from '../spending/index.ts';

const dollars = (amount: number): string => `$${(amount / 1_000_000).toFixed(amount < 10_000 ? 6 : 2)}`;

export const optionsWrong = (route: string, provider: string, why: string): Fault =>
  new Fault('MODELS_OPTIONS_WRONG', {
    what: `The options of route ${route} for ${provider} were not taken.`,
    why,
    next: 'Correct the option that is named, or leave it out; docs of the provider say what it takes.',
    about: { kind: 'wrong-use' },
  });

export const routeWrong = (route: string, why: string): Fault =>
  new Fault('MODELS_ROUTE_WRONG', {
    what: `The route ${route} was not taken.`,
    why,
    next: 'Name each target as provider/model, such as anthropic/claude-sonnet-4-5, and each route once.',
    about: { kind: 'wrong-use' },
  });

export const overBudget = (budget: Budget, neededMicroUsd: Microdollars): Fault =>
  new Fault('MODELS_OVER_BUDGET', {
    what: `The question was not sent: it may cost up to ${dollars(neededMicroUsd)}.`,
    why: `The budget for ${budgetName(budget)} has ${dollars(
      Math.max(0, budget.limitMicroUsd - budget.spentMicroUsd - budget.heldMicroUsd),
    )} left of ${dollars(budget.limitMicroUsd)}.`,
    next: 'Raise the budget under Costs, ask for a shorter answer, or wait until its period begins anew.',
    about: { kind: 'limit', retryAfterMs: null },
  });

function budgetName(budget: Budget): string {
  const whose = budget.scope === 'all' ? 'everything' : `${budget.scope} ${budget.subject}`;
  return budget.period === 'total' ? whose : `${whose} (by ${budget.period})`;
}

export const unpriced = (provider: string, model: string, why: string): Fault =>
  new Fault('MODELS_UNPRICED', {
    what: `${model} of ${provider} was not asked.`,
    why: `Its price is not known: ${why.replace(/\.?$/, '.')}`,
    next: `Set a price for ${provider}/${model} under Costs, or choose a model that has one.`,
    about: { kind: 'wrong-use' },
  });

/** Why no leg gave an answer, most telling first. */
export interface Refusal {
  readonly provider: string;
  readonly model: string;
  readonly reason: 'timeout' | 'rate-limit' | 'refused' | 'unknown';
  readonly why: string;
}

const llm = ({ provider, model, reason }: Refusal): FaultKind => ({ kind: 'llm', provider, model, reason });

export const noModelAnswered = (name: string, attempts: number, last: Refusal): Fault =>
  new Fault('MODELS_NONE_ANSWERED', {
    what: `Nothing answered for ${name} after ${attempts === 1 ? 'one attempt' : `${attempts} attempts`}.`,
    why: `${last.model} of ${last.provider}: ${last.why}`,
    next: 'Try again in a moment, or add another provider or key under Sources.',
    about: llm(last),
  });

export const tooLate = (name: string, { why }: { readonly why: string }): Fault =>
  new Fault('MODELS_TOO_LATE', {
    what: `The answer of ${name} was not finished.`,
    why,
    next: 'Ask for less at once, or try again when the provider is quicker.',
    about: { kind: 'llm', provider: 'tandem', model: name, reason: 'timeout' },
  });

export const allCooling = (name: string, retryAfterMs: number): Fault =>
  new Fault('MODELS_ALL_COOLING', {
    what: `Nothing can answer for ${name} now.`,
    why: `Every source of it turned us away a moment ago; the first is asked again in ${Math.ceil(retryAfterMs / 1000)} s.`,
    next: 'Wait that long and try again, or add another provider or key under Sources.',
    about: { kind: 'limit', retryAfterMs },
  });

export const keyRefused = (refusal: Refusal): Fault =>
  new Fault('MODELS_KEY_REFUSED', {
    what: `${refusal.provider} did not accept the key for ${refusal.model}.`,
    why: refusal.why,
    next: 'Put a valid key in its place under Sources, or in the settings; nothing has to be restarted.',
    about: llm(refusal),
  });

export const requestRejected = (refusal: Refusal): Fault =>
  new Fault('MODELS_REJECTED', {
    what: `${refusal.model} of ${refusal.provider} did not accept the question.`,
    why: refusal.why,
    next: 'Change what is asked: it may be too long, or hold something this model does not take. It is not sent elsewhere.',
    about: llm(refusal),
  });

export const brokeAfterTool = (refusal: Refusal): Fault =>
  new Fault('MODELS_BROKE_AFTER_TOOL', {
    what: `The answer of ${refusal.model} broke off after it had called a tool.`,
    why: `${refusal.why} The tool changes something, so asking again could change it twice.`,
    next: 'See what the tool did, then ask for the rest.',
    about: llm(refusal),
  });

export const continuedBadly = (refusal: Refusal): Fault =>
  new Fault('MODELS_CONTINUED_BADLY', {
    what: 'The answer broke off, and what came after it does not fit.',
    why: 'It was to be JSON, and the two parts together are none.',
    next: 'Ask again; the part that came is not to be used.',
    about: llm(refusal),
  });

export const answerTooLong = (refusal: Refusal): Fault =>
  new Fault('MODELS_ANSWER_TOO_LONG', {
    what: `The answer of ${refusal.model} was ended by us.`,
    why: refusal.why,
    next: 'Ask for less at once.',
    about: llm(refusal),
  });

export const nothingConfigured = (name: string): Fault =>
  new Fault('MODELS_NOTHING_CONFIGURED', {
    what: `Nothing answers for ${name} any more.`,
    why: 'Its provider was taken out of the settings, or has no key.',
    next: 'Choose another under Sources, or add a key for it.',
    about: { kind: 'unavailable', service: name },
  });

export const closedAlready = (): Fault =>
  new Fault('MODELS_CLOSED', {
    what: 'The question was not sent.',
    why: 'The workbench is stopping.',
    next: 'Ask again once it has started.',
    about: { kind: 'unavailable', service: 'models' },
  });

export const recordingMissing = (key: string, nearest: string | null): Fault =>
  new Fault('MODELS_RECORDING_MISSING', {
    what: `There is no recording of request ${key}.`,
    why: nearest === null ? 'The folder of recordings has none at all.' : `The nearest one is ${nearest}.`,
    next: 'Record it with mode record and a real provider, or correct what the test asks.',
    about: { kind: 'not-found' },
  });

export const recordingUnreadable = (file: string, line: number): Fault =>
  new Fault('MODELS_RECORDING_UNREADABLE', {
    what: `The recording ${file} cannot be played.`,
    why: `Line ${line} of it is not what we write.`,
    next: 'Delete it and record it anew.',
  });
