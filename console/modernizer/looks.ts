// The icon, the word and the tone of everything that has a state in the Modernizer.
// Rule: a switch over the union of the protocol, so that a new state breaks the build until it has a face.

import {
  Ban,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CirclePause,
  CircleStop,
  CircleX,
  Clock,
  GitMerge,
  Hourglass,
  LoaderCircle,
  MessageCircleQuestion,
  PackageX,
  ShieldAlert,
  SkipForward,
  TriangleAlert,
  Waves,
} from 'lucide-react';
import { unreachable } from 'kernel/basics';
import type { RunStatus } from 'kernel/protocol';
import type { AgentState, Baseline, Risk, TrialView, UpgradeView, Verdict } from 'modernizer/protocol';

import type { Look } from '../components/chip.tsx';

export function runLook(status: RunStatus): Look {
  switch (status) {
    case 'queued':
      return { tone: 'idle', icon: Hourglass, word: 'Queued' };
    case 'running':
      return { tone: 'info', icon: LoaderCircle, word: 'Running', moving: true };
    case 'interrupted':
      return { tone: 'warn', icon: CirclePause, word: 'Interrupted' };
    case 'needs-person':
      return { tone: 'accent', icon: MessageCircleQuestion, word: 'Needs you' };
    case 'done':
      return { tone: 'good', icon: CircleCheck, word: 'Done' };
    case 'stopped':
      return { tone: 'idle', icon: CircleStop, word: 'Stopped' };
    case 'failed':
      return { tone: 'bad', icon: CircleX, word: 'Failed' };
    default:
      return unreachable(status);
  }
}

const runs = ({ passed, of }: Verdict): string => (of > 0 ? ` ${passed}/${of}` : '');

export function verdictLook(verdict: Verdict): Look {
  switch (verdict.kind) {
    case 'green':
      return { tone: 'good', icon: CircleCheck, word: `green${runs(verdict)}` };
    case 'flaky':
      return { tone: 'warn', icon: Waves, word: `flaky${runs(verdict)}` };
    case 'broken':
      return { tone: 'bad', icon: CircleX, word: `broken${runs(verdict)}` };
    case 'resolver-conflict':
      return { tone: 'bad', icon: GitMerge, word: 'conflict' };
    case 'resolver-stuck':
      return { tone: 'warn', icon: Hourglass, word: 'resolver stuck' };
    case 'registry-incomplete':
      return { tone: 'warn', icon: PackageX, word: 'not to be had' };
    case 'engines':
      return { tone: 'bad', icon: Ban, word: 'engines' };
    case 'timed-out':
      return { tone: 'warn', icon: Clock, word: 'timed out' };
    default:
      return unreachable(verdict.kind);
  }
}

export function upgradeLook(upgrade: Pick<UpgradeView, 'state' | 'verdict'>): Look {
  if (upgrade.state === 'trying') return { tone: 'info', icon: LoaderCircle, word: 'trying', moving: true };
  if (upgrade.verdict !== null) return verdictLook(upgrade.verdict);
  return { tone: 'idle', icon: CircleDashed, word: 'planned' };
}

export function trialLook(trial: Pick<TrialView, 'state' | 'verdict' | 'step'>): Look {
  if (trial.verdict !== null) return verdictLook(trial.verdict);
  return { tone: 'info', icon: LoaderCircle, word: trial.step ?? 'starting', moving: true };
}

export function baselineLook(baseline: Pick<Baseline, 'kind'>): Look {
  switch (baseline.kind) {
    case 'green':
      return { tone: 'good', icon: CircleCheck, word: 'green' };
    case 'flaky':
      return { tone: 'warn', icon: Waves, word: 'flaky' };
    case 'red':
      return { tone: 'bad', icon: CircleX, word: 'red' };
    case 'none':
      return { tone: 'idle', icon: CircleDashed, word: 'no tests' };
    default:
      return unreachable(baseline.kind);
  }
}

export function riskLook(risk: Risk): Look {
  switch (risk) {
    case 'low':
      return { tone: 'idle', icon: CircleCheck, word: 'low' };
    case 'medium':
      return { tone: 'warn', icon: TriangleAlert, word: 'medium' };
    case 'high':
      return { tone: 'bad', icon: ShieldAlert, word: 'high' };
    default:
      return unreachable(risk);
  }
}

/** A gate that waits for an answer is not working: the person is. */
export function agentLook(state: AgentState, asks: boolean): Look {
  if (asks) return { tone: 'accent', icon: MessageCircleQuestion, word: 'asks you' };
  switch (state) {
    case 'waiting':
      return { tone: 'idle', icon: CircleDashed, word: 'waiting' };
    case 'working':
      return { tone: 'info', icon: LoaderCircle, word: 'working', moving: true };
    case 'finished':
      return { tone: 'good', icon: CircleCheck, word: 'finished' };
    case 'skipped':
      return { tone: 'idle', icon: SkipForward, word: 'not needed' };
    default:
      return unreachable(state);
  }
}

export const STOPPED_LOOK: Look = { tone: 'warn', icon: CircleAlert, word: 'stopped' };
