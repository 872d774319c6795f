// What the run page says above its cards: which face it has, how far the run is, what can be done with it.

import type { RunStatus, RunSummary } from 'kernel/protocol';
import { isFinal } from 'kernel/protocol';
import type { ModernizationView } from 'modernizer/protocol';

import { elapsedText, remainingText } from '../components/words.ts';
import type { Face } from '../requests/face.ts';
import type { Feed } from './run-feed.ts';

export function runFaceOf(feed: Feed): Face<ModernizationView> {
  if (feed.fault !== null) {
    return feed.fault.about.kind === 'not-signed-in' ? { kind: 'signed-out' } : { kind: 'failed', fault: feed.fault };
  }
  return feed.heard ? { kind: 'ready', value: feed.view } : { kind: 'loading' };
}

/**
 * The view, or the view as interrupted. A process that is killed writes no last event; its lease runs out and the
 * server lists the run as interrupted. That holds only while the journal stands where we have read it.
 */
export function asListed(view: ModernizationView, listed: RunSummary | undefined): ModernizationView {
  const lost = listed?.status === 'interrupted' && listed.lastSeq === view.lastSeq && !isFinal(view.status);
  return lost && view.status !== 'interrupted' ? { ...view, status: 'interrupted', reason: listed.reason } : view;
}

export const runTitle = (view: ModernizationView): string => view.started?.name ?? 'Run';

export interface RunActions {
  readonly stop: boolean;
  readonly resume: boolean;
  readonly report: boolean;
}

export const actionsOf = (view: ModernizationView): RunActions => ({
  stop: !isFinal(view.status) && view.status !== 'interrupted',
  resume: view.status === 'interrupted',
  report: isFinal(view.status) && view.started !== null,
});

/** The clock stands while nobody works: a run that waits for a person or is interrupted takes no time of the machine. */
export const isTicking = (status: RunStatus): boolean => status === 'running';

export function elapsedOf(view: ModernizationView, nowMs: number): string | null {
  if (view.startedAt === null) return null;
  const until = view.finishedAt === null ? nowMs : Date.parse(view.finishedAt);
  return elapsedText(until - Date.parse(view.startedAt));
}

export interface ProgressFace {
  readonly phase: string;
  readonly done: number;
  readonly expected: number;
  readonly trials: string;
  readonly remaining: string;
}

export function progressOf(view: ModernizationView): ProgressFace | null {
  const { progress, status } = view;
  if (progress === null || isFinal(status)) return null;
  // An estimate made before somebody stopped working is none any more.
  const remaining = status === 'running' ? remainingText(progress.remainingMs) : 'waiting';
  const expected = Math.max(progress.trialsExpected, progress.trialsDone);
  return {
    phase: progress.phase,
    done: progress.trialsDone,
    expected,
    trials: `${progress.trialsDone} of about ${expected} ${expected === 1 ? 'trial' : 'trials'}`,
    remaining,
  };
}

export type Ending =
  | { readonly kind: 'none' }
  | { readonly kind: 'brought'; readonly deployment: NonNullable<ModernizationView['deployment']> }
  | { readonly kind: 'left-alone'; readonly reason: string; readonly why: string | null; readonly next: string | null }
  | { readonly kind: 'interrupted'; readonly reason: string };

/** How the run ended, for the card that says it: with a branch, without one and why, or in the middle. */
export function endingOf(view: ModernizationView): Ending {
  if (view.status === 'interrupted') {
    return { kind: 'interrupted', reason: view.reason ?? 'Whoever worked on it is gone.' };
  }
  if (!isFinal(view.status)) return { kind: 'none' };
  if (view.deployment !== null && view.deployment.commits.length > 0) {
    return { kind: 'brought', deployment: view.deployment };
  }
  const red = view.baseline?.kind === 'red' ? view.baseline.label : null;
  if (view.reason === null && view.next === null && red === null) {
    return { kind: 'left-alone', reason: 'Nothing was changed.', why: nothingToDo(view), next: null };
  }
  return { kind: 'left-alone', reason: view.reason ?? 'Nothing was changed.', why: red, next: view.next };
}

const nothingToDo = (view: ModernizationView): string =>
  view.upgrades.length === 0 ? 'No upgrade was found that could be tried.' : 'No upgrade stayed green.';
