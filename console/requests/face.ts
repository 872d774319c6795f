// Which face a screen has while its question is open, refused or answered.
// Rule: what was once read stays on the screen while the server is away; only being signed out takes it away.

import { toFault, type Fault } from 'kernel/basics';

import { isSignedOut } from './ask.ts';

export type Face<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'failed'; readonly fault: Fault; readonly again?: () => void }
  | { readonly kind: 'ready'; readonly value: T };

export interface Answering<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch?: () => unknown;
}

export function faceOf<T>({ data, error, refetch }: Answering<T>): Face<T> {
  if (isSignedOut(error)) return { kind: 'signed-out' };
  if (data !== undefined) return { kind: 'ready', value: data };
  if (error === null || error === undefined) return { kind: 'loading' };
  const fault = toFault(error, 'Loading this page');
  return refetch === undefined ? { kind: 'failed', fault } : { kind: 'failed', fault, again: () => void refetch() };
}

/** A face with its value turned into another; the other faces stay as they are. */
export const mapFace = <T, U>(face: Face<T>, change: (value: T) => U): Face<U> =>
  face.kind === 'ready' ? { kind: 'ready', value: change(face.value) } : face;
