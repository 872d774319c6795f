// What went wrong, in the shape that each wire's clients understand; our code and what to do stand in it as well.
// Rule: the status decides what a client does next: 429 and 5xx are tried again, everything else is not.

import { Fault, scrub } from 'kernel/basics';
import { problemOf } from 'kernel/http';

export interface WireError {
  readonly status: number;
  readonly body: object;
  readonly retryAfterSeconds: number | null;
}

/** A budget that is used up is no overload: trying again at once helps nobody. */
const SPENT_CODES: readonly string[] = ['MODELS_OVER_BUDGET', 'MODELS_UNPRICED'];

export function openAiError(thrown: unknown): WireError {
  const { status, code, message, retryAfterSeconds } = partsOf(thrown);
  const type =
    code === 'MODELS_OVER_BUDGET'
      ? 'insufficient_quota'
      : (OPENAI_TYPES[status] ?? (status >= 500 ? 'server_error' : 'invalid_request_error'));
  return { status, body: { error: { message, type, param: null, code } }, retryAfterSeconds };
}

export function anthropicError(thrown: unknown): WireError {
  const { status, code, message, retryAfterSeconds } = partsOf(thrown);
  const type = ANTHROPIC_TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { status, body: { type: 'error', error: { type, message, code } }, retryAfterSeconds };
}

const OPENAI_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
};

const ANTHROPIC_TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  529: 'overloaded_error',
};

function partsOf(thrown: unknown) {
  const problem = problemOf(thrown);
  const isSpent = SPENT_CODES.includes(problem.code);
  const retryAfterMs = thrown instanceof Fault && thrown.about.kind === 'limit' ? thrown.about.retryAfterMs : null;
  return {
    status: isSpent ? 402 : problem.code === 'BODY_TOO_LARGE' ? 413 : problem.status,
    code: problem.code,
    message: scrub([problem.title, problem.detail, problem.next].join(' ')),
    retryAfterSeconds: isSpent || retryAfterMs === null ? null : Math.ceil(retryAfterMs / 1000),
  };
}
