// Home answers one question: what needs me. This file decides which face it has.

import type { RunSummary } from 'kernel/protocol';
import { isFinal } from 'kernel/protocol';
import type { Home, Need } from 'tandem/protocol';

import type { Face } from '../requests/face.ts';

export type HomeView =
  /** Nothing has run here yet. */
  | { readonly kind: 'newcomer'; readonly needs: readonly Need[] }
  | {
      readonly kind: 'at-work';
      readonly needs: readonly Need[];
      readonly running: readonly RunSummary[];
      readonly ended: readonly RunSummary[];
    };

export interface Told {
  /** Whether the page says already that this machine has no sandbox. */
  readonly sandbox: boolean;
}

/** Ended runs shown at Home; the rest is one click away. */
const ENDED_SHOWN = 5;

export function homeViewOf(home: Home, runs: readonly RunSummary[], told: Told = { sandbox: false }): HomeView {
  // The sandbox has a card of its own with the line that mends it: once is enough.
  const needs = home.needs.filter((need) => !(told.sandbox && need.kind === 'machine'));
  if (home.running + home.finished === 0 && runs.length === 0) return { kind: 'newcomer', needs };
  return {
    kind: 'at-work',
    needs,
    running: runs.filter((run) => run.status === 'running' || run.status === 'queued'),
    ended: runs.filter((run) => isFinal(run.status)).slice(0, ENDED_SHOWN),
  };
}

/** Home needs both answers; whichever is missing says why. */
export function bothFaces<A, B>(a: Face<A>, b: Face<B>): Face<readonly [A, B]> {
  if (a.kind !== 'ready') return a;
  if (b.kind !== 'ready') return b;
  return { kind: 'ready', value: [a.value, b.value] };
}

export const needsText = (count: number): string =>
  count === 0 ? 'Nothing needs you right now.' : count === 1 ? 'One thing needs you.' : `${count} things need you.`;
