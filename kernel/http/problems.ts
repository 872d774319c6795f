// A Fault as an HTTP answer: RFC 9457 problem+json with our code, and a status chosen by the fault's kind.
// Rule: what was not foreseen is said without its details; those go to the log. Every text is scrubbed.

import { STATUS_CODES } from 'node:http';

import type { Context, ErrorHandler, NotFoundHandler } from 'hono';

import { Fault, scrub, type FaultKind } from '../basics/index.ts';
import { PROBLEM_MEDIA_TYPE, type Problem } from '../protocol/index.ts';
import type { Log } from '../telemetry/index.ts';

export type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 421 | 422 | 429 | 500 | 502 | 503 | 504;

export function statusOf(about: FaultKind): ProblemStatus {
  switch (about.kind) {
    case 'wrong-use':
      return 400;
    case 'not-signed-in':
      return 401;
    case 'not-allowed':
      return 403;
    case 'not-found':
      return 404;
    case 'conflict':
      return 409;
    case 'limit':
      return 429;
    case 'mcp':
      return 502;
    case 'llm':
      return about.reason === 'timeout' ? 504 : about.reason === 'rate-limit' ? 503 : 502;
    case 'sandbox':
    case 'unavailable':
      return 503;
    default:
      return 500;
  }
}

interface ProblemParts {
  readonly status?: ProblemStatus;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

export function problemOf(thrown: unknown, parts: ProblemParts = {}): Problem {
  const fault = thrown instanceof Fault ? thrown : unforeseen();
  const status = parts.status ?? statusOf(fault.about);
  const problem: Problem = {
    type: `urn:tandem:fault:${fault.code}`,
    title: fault.what || (STATUS_CODES[status] ?? 'It failed.'),
    status,
    detail: fault.why,
    code: fault.code,
    next: fault.next,
    ...(parts.errors === undefined ? {} : { errors: [...parts.errors] }),
  };
  return JSON.parse(scrub(JSON.stringify(problem))) as Problem;
}

export function problemResponse(thrown: unknown, parts: ProblemParts = {}): Response {
  const problem = problemOf(thrown, parts);
  const headers = new Headers({ 'content-type': PROBLEM_MEDIA_TYPE, 'cache-control': 'no-store' });
  const retryAfterMs = thrown instanceof Fault && thrown.about.kind === 'limit' ? thrown.about.retryAfterMs : null;
  if (retryAfterMs !== null) headers.set('retry-after', String(Math.ceil(retryAfterMs / 1000)));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** What a Hono app does with everything thrown in it. `pathOf` leaves out of the log what must not be in it. */
export function faultHandler(log: Log, pathOf = (context: Context): string => context.req.path): ErrorHandler {
  return (thrown, context) => {
    const fault = asFault(thrown);
    const response = problemResponse(fault);
    const fields = { method: context.req.method, path: pathOf(context), status: response.status, error: thrown };
    if (response.status >= 500) log.error('request-failed', fields);
    else log.debug('request-refused', fields);
    return response;
  };
}

export const notFoundHandler: NotFoundHandler = (context: Context) => problemResponse(noSuchPlace(context.req.path));

/** Hono throws its own exceptions for bodies that are no JSON. */
function asFault(thrown: unknown): unknown {
  if (thrown instanceof SyntaxError || isHonoRefusal(thrown)) return notJson();
  return thrown;
}

const isHonoRefusal = (thrown: unknown): boolean =>
  thrown instanceof Error && 'status' in thrown && thrown.status === 400 && 'getResponse' in thrown;

const notJson = (): Fault =>
  new Fault('BODY_NOT_JSON', {
    what: 'The body of the request could not be read.',
    why: 'It is not well-formed JSON.',
    next: 'Send one JSON document with content-type: application/json.',
    about: { kind: 'wrong-use' },
  });

const noSuchPlace = (path: string): Fault =>
  new Fault('NO_SUCH_PLACE', {
    what: `There is nothing at ${path.slice(0, 200)}.`,
    why: 'No part of Tandem answers to this address and method.',
    next: 'See /api/openapi.json for what there is.',
    about: { kind: 'not-found' },
  });

const unforeseen = (): Fault =>
  new Fault('REQUEST_FAILED', {
    what: 'The request failed.',
    why: 'Something happened that nobody foresaw; the log of the server has it.',
    next: 'Try again; if it stays so, run tandem doctor and report what it prints.',
  });
