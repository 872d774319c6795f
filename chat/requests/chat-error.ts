// Why a request failed, as one of seven kinds or because it was cancelled, with a text for people.
// Rule: a failure of the network is one because fetch said so, never because an error has a certain class: a mistake in
// our own code is thrown on as it is.

import { Fault } from 'kernel/basics';
import { Problem } from 'kernel/protocol';

import { errorTextsFor, type ChatErrorKind, type ErrorTexts } from './error-texts.ts';

export interface ChatErrorParts {
  readonly kind: ChatErrorKind;
  readonly userMessage: string;
  /** Null where no answer came. */
  readonly status?: number | null;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number | null;
  /** The server's own name of the request, for whoever looks into its log. */
  readonly requestId?: string | null;
  readonly problem?: Problem | null;
  readonly cause?: unknown;
}

export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly kind: ChatErrorKind;
  readonly userMessage: string;
  readonly status: number | null;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly problem: Problem | null;
  /** The server's fault code, such as `CHAT_NOT_FOUND`. */
  readonly code: string | null;

  constructor(parts: ChatErrorParts) {
    super(parts.userMessage, { cause: parts.cause });
    this.kind = parts.kind;
    this.userMessage = parts.userMessage;
    this.status = parts.status ?? null;
    this.retryAfterMs = parts.retryAfterMs ?? null;
    this.requestId = parts.requestId ?? null;
    this.problem = parts.problem ?? null;
    this.code = parts.problem?.code ?? null;
  }

  /** The seed's word for `kind`. */
  get type(): ChatErrorKind {
    return this.kind;
  }
}

export function kindOfStatus(status: number): ChatErrorKind {
  if (status === 401) return 'auth';
  if (status === 403) return 'permission';
  if (status === 404) return 'not-found';
  if (status === 429) return 'rate-limit';
  return status >= 500 ? 'server' : 'other';
}

export const failedWith = (kind: ChatErrorKind, texts: ErrorTexts, cause?: unknown): ChatError =>
  new ChatError({ kind, userMessage: texts[kind], cause });

/** What an answer that is not ok says. Its body is read to the end. */
export async function errorOfResponse(response: Response, texts: ErrorTexts, nowMs: number): Promise<ChatError> {
  const kind = kindOfStatus(response.status);
  return new ChatError({
    kind,
    userMessage: texts[kind],
    status: response.status,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), nowMs),
    requestId: response.headers.get('x-request-id'),
    problem: await problemOf(response),
  });
}

async function problemOf(response: Response): Promise<Problem | null> {
  // A body that breaks off or is no JSON says less than the status, which is known.
  const body: unknown = await response.json().catch(() => null);
  const parsed = Problem.safeParse(body);
  return parsed.success ? parsed.data : null;
}

/** `Retry-After` as seconds or as a date. */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

const KIND_OF_FAULT: ReadonlyMap<string, ChatErrorKind> = new Map([
  ['not-signed-in', 'auth'],
  ['not-allowed', 'permission'],
  ['not-found', 'not-found'],
  ['limit', 'rate-limit'],
  ['unavailable', 'server'],
] as const);

/** Any failure as a ChatError that may be shown: the one place where something unforeseen becomes `other`. */
export function handleApiError(error: unknown, language = 'en'): ChatError {
  if (error instanceof ChatError) return error;
  const kind = error instanceof Fault ? (KIND_OF_FAULT.get(error.about.kind) ?? 'other') : 'other';
  return failedWith(kind, errorTextsFor(language), error);
}
