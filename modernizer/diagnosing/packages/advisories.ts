// What the registry knows of security advisories: asked once for all versions of a project.
// Rule: a registry that does not answer this question makes the signal unavailable with its reason; "unknown" is never
// told as "none". Not here: whether a version is deprecated (deprecations.ts), and showing either.

import * as z from 'zod';

import type { Secret } from 'kernel/basics';

export interface Advisory {
  readonly name: string;
  readonly title: string;
  readonly severity: string;
  /** The range of versions it is about. */
  readonly vulnerable: string;
  /** Where it is described, when it is an https address. */
  readonly url: string | null;
}

export type AdvisoriesReading =
  | { readonly kind: 'available'; readonly advisories: readonly Advisory[] }
  | { readonly kind: 'unavailable'; readonly reason: string };

const ANSWER_MS_MAX = 20_000;
/** A tree of two thousand packages has some hundreds. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
const ADVISORIES_MAX = 1_000;
const TEXT_LENGTH_MAX = 300;

const text = z.string().transform((value) => value.slice(0, TEXT_LENGTH_MAX));
const Answer = z.record(
  z.string(),
  z.array(
    z.object({
      title: text,
      severity: text,
      vulnerable_versions: text,
      url: text.optional().catch(undefined),
    }),
  ),
);

export interface AdvisoryAccess {
  /** Base address of the registry, with `/` at its end. */
  readonly url: string;
  /** The value of the Authorization header, where it wants one. */
  readonly authorization: Secret | null;
}

/** `versions`: the installed and the proposed versions by name. */
export async function fetchAdvisories(
  { url, authorization }: AdvisoryAccess,
  versions: Readonly<Record<string, readonly string[]>>,
  signal: AbortSignal,
): Promise<AdvisoriesReading> {
  try {
    const response = await fetch(new URL('-/npm/v1/security/advisories/bulk', url), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === null ? {} : { authorization: authorization.reveal() }),
      },
      body: JSON.stringify(versions),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
      // A question that carries a token is not carried on to others.
      redirect: 'error',
    });
    if (!response.ok) return unavailable(`the registry answers ${response.status} when it is asked for advisories`);
    return readAdvisories(await boundedText(response));
  } catch (error) {
    return unavailable(`the registry could not be asked for advisories: ${reasonOf(error)}`);
  }
}

/** What an answer says; whatever is no answer is unavailable. */
export function readAdvisories(answer: string): AdvisoriesReading {
  const parsed = Answer.safeParse(jsonOf(answer));
  if (!parsed.success) return unavailable('the registry’s answer about advisories is not what a registry says');
  const advisories = Object.entries(parsed.data).flatMap(([name, told]) =>
    told.map(({ title, severity, vulnerable_versions: vulnerable, url: place = '' }) => ({
      name,
      title,
      severity,
      vulnerable,
      url: place.startsWith('https://') ? place : null,
    })),
  );
  return { kind: 'available', advisories: advisories.slice(0, ADVISORIES_MAX) };
}

async function boundedText(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.byteLength;
    if (length > ANSWER_BYTES_MAX) throw new Error(`its answer is longer than ${ANSWER_BYTES_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function jsonOf(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    // What is no JSON is no answer; the caller says so.
    return undefined;
  }
}

const unavailable = (reason: string): AdvisoriesReading => ({ kind: 'unavailable', reason });

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.name === 'TimeoutError'
    ? `it gave no answer within ${ANSWER_MS_MAX / 1000} s`
    : error instanceof Error
      ? error.message
      : String(error);
