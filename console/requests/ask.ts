// One request to the workbench: its answer parsed by the schema of the protocol, or a Fault with what, why, next.
// Rule: nothing unparsed gets past this file. Not here: when to ask again (queries.ts).

import { Fault } from 'kernel/basics';
import { Problem } from 'kernel/protocol';

import { answerUnreadable, refused, serverAway } from './faults.ts';

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { message: string } };
}

export interface Ask {
  readonly signal?: AbortSignal;
  /** Makes it a POST. */
  readonly body?: unknown;
  readonly method?: 'DELETE' | 'PUT' | 'PATCH';
  /** Sent with every POST: the same key is never carried out twice. */
  readonly key?: string;
}

export async function ask<T>(schema: Schema<T>, path: string, options: Ask = {}): Promise<T> {
  const response = await send(path, options);
  const value = await jsonOf(response);
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw answerUnreadable(path, parsed.error.message.slice(0, 300));
  return parsed.data;
}

/** For answers whose body does not matter. */
export async function order(path: string, options: Ask & { readonly key: string }): Promise<void> {
  await send(path, { body: {}, ...options });
}

export const isAway = (thrown: unknown): boolean => thrown instanceof Fault && thrown.code === 'SERVER_AWAY';
export const isSignedOut = (thrown: unknown): boolean =>
  thrown instanceof Fault && thrown.about.kind === 'not-signed-in';

async function send(path: string, { signal, body, key, method }: Ask): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (key !== undefined) headers['idempotency-key'] = key;
  const request: RequestInit = {
    headers,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    signal: signal ?? null,
  };
  if (body !== undefined) request.body = JSON.stringify(body);

  const response = await fetch(path, request).catch((cause: unknown) => {
    if (signal?.aborted === true) throw cause;
    throw serverAway(cause);
  });
  // A proxy in front of a server that is away says so with one of these.
  if (response.status === 502 || response.status === 504) throw serverAway(response.status);
  if (!response.ok) {
    const problem = Problem.safeParse(await jsonOf(response));
    throw refused(path, response.status, problem.success ? problem.data : undefined);
  }
  return response;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // Not JSON: the schema refuses it in its own words.
    return undefined;
  }
}
